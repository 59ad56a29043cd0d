using System.Globalization;

namespace Whittle.Kernels.Tests;

/// <summary>A declared network as values, and as the source text that a user would write.</summary>
internal sealed record Declaration(int Inputs, int BatchSize, Loss Loss, IReadOnlyList<DeclaredLayer> Layers, DeclaredClass Class)
{
    public string Source
    {
        get
        {
            var lines = new List<string> { "using Whittle;" };
            if (Class.Namespace.Length > 0)
            {
                lines.Add($"namespace {Class.Namespace};");
            }

            lines.AddRange(Class.Around.Select((header, depth) => $"{header} Around{depth}Of{Class.Name} {{"));
            lines.Add($"[Network(Inputs = {Invariant(Inputs)}, BatchSize = {Invariant(BatchSize)}, Loss = {Name(Loss)})]");
            lines.AddRange(Layers.Select(layer => layer.Source));
            lines.Add($"{Class.Modifiers} {Class.Name}{Class.Bases};");
            lines.AddRange(Class.Around.Select(_ => "}"));
            return string.Join('\n', lines) + "\n";
        }
    }

    /// <summary>The layers that an instance of some depth has, each with its inputs.</summary>
    public IReadOnlyList<(int Inputs, DeclaredLayer Layer)> Expand(int depth)
    {
        var expanded = new List<(int, DeclaredLayer)>();
        var inputs = Inputs;
        foreach (var layer in Layers)
        {
            var count = layer.Repeat > 1 && depth > 0 ? depth : layer.Repeat;
            for (var i = 0; i < count; i++)
            {
                expanded.Add((inputs, layer));
                inputs = layer.Units;
            }
        }

        return expanded;
    }

    public static string Invariant(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    public static string Name<TEnum>(TEnum value)
        where TEnum : struct, Enum => Enum.IsDefined(value) ? $"{typeof(TEnum).Name}.{value}" : $"({typeof(TEnum).Name})({value:D})";
}

/// <summary>One layer attribute; a slope of null is left out, a residual of 0 and a sampling of null too.</summary>
internal sealed record DeclaredLayer(
    int Units, Activation Activation, float? Slope, Initialization Initialization, int Repeat, float Residual = 0, DeclaredSampling? Sampling = null)
{
    public string Source
    {
        get
        {
            var arguments = new List<string> { Declaration.Invariant(Units), Declaration.Name(Activation) };
            if (Slope is { } slope)
            {
                arguments.Add("Slope = " + (float.IsNaN(slope) ? "float.NaN" : Declaration.Invariant(slope) + "f"));
            }

            arguments.Add("Initialization = " + Declaration.Name(Initialization));
            if (Repeat != 1)
            {
                arguments.Add("Repeat = " + Declaration.Invariant(Repeat));
            }

            if (Residual != 0)
            {
                arguments.Add("Residual = " + Declaration.Invariant(Residual) + "f");
            }

            arguments.AddRange(Sampling?.Arguments ?? []);
            return $"[{Sampling?.Attribute ?? "Dense"}({string.Join(", ", arguments)})]";
        }
    }
}

/// <summary>Where the class stands and how it is written.</summary>
/// <param name="Namespace">Its namespace; empty for the global one.</param>
/// <param name="Around">Headers of the types around it, outermost first.</param>
/// <param name="Modifiers">Everything before its name.</param>
/// <param name="Name">Its name.</param>
/// <param name="Bases">Everything after its name.</param>
internal sealed record DeclaredClass(string Namespace, IReadOnlyList<string> Around, string Modifiers, string Name, string Bases)
{
    /// <summary>Its name as reflection writes it.</summary>
    public string FullName =>
        string.Concat(Namespace.Replace("@", "", StringComparison.Ordinal), Namespace.Length > 0 ? "." : "")
        + string.Concat(Around.Select((_, depth) => $"Around{depth}Of{Name}+"))
        + Name;

    /// <summary>The class under another name.</summary>
    public DeclaredClass Renamed(string name) => this with
    {
        Name = name,
        Bases = Bases.Replace($"INetwork<{Name}", $"INetwork<{name}", StringComparison.Ordinal),
    };
}
