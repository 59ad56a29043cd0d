using System.Collections.Immutable;
using System.Reflection;

namespace Whittle.Kernels.Tests;

/// <summary>How a layer is sampled: the attribute that declares it in place of Dense, and its settings as written.</summary>
internal sealed record DeclaredSampling(string Attribute, ImmutableArray<(string Name, object Value)> Settings)
{
    public const string OfNodes = "NodeSampled";
    public const string OfInputs = "InputSampled";

    public IEnumerable<string> Arguments => Settings.Select(setting => $"{setting.Name} = {Text(setting.Value)}");

    public NodeSelector Selector => Value("Selector", default(NodeSelector));

    /// <summary>Which nodes a prediction computes, as the documentation resolves what is left out.</summary>
    public NodeInference Inference => Value("Inference", NodeInference.Automatic) is var inference && inference != NodeInference.Automatic ? inference
        : Selector is NodeSelector.Uniform or NodeSelector.Adaptive ? NodeInference.Exact
        : NodeInference.Sampled;

    public bool Scales => Value("Scaling", NodeScaling.None) == NodeScaling.InverseProbability;

    public T Value<T>(string name, T byDefault) => Settings.FirstOrDefault(setting => setting.Name == name).Value is T value ? value : byDefault;

    public DeclaredSampling With(string name, object value) => this with { Settings = Without(name).Settings.Add((name, value)) };

    public DeclaredSampling Without(params string[] names) => this with { Settings = Settings.RemoveAll(setting => names.Contains(setting.Name)) };

    /// <summary>The factor of exact inference, the probability with which a node of pre-activation z is active in training; null for none.</summary>
    public Bounded? ActiveShare(int units, Bounded z)
    {
        if (Attribute != OfNodes || Inference != NodeInference.Exact || Scales)
        {
            return null;
        }

        if (Selector == NodeSelector.Adaptive)
        {
            Bounded alpha = (float)Value("Alpha", 1.0), beta = (float)Value("Beta", 0.0);
            return Bounded.Dot(1, _ => alpha, _ => z, beta).Activate(Activation.Sigmoid, 0);
        }

        return Bounded.Rounded((double)Active(units) / units, 0);
    }

    /// <summary>k of a fixed number of nodes.</summary>
    public int Active(int units) => Math.Max(1, (int)Math.Round((float)Value("Share", 0.05) * (double)units, MidpointRounding.AwayFromZero));

    /// <summary>Fails a test in which a network does not have a setting as declared; automatic ones must have been resolved.</summary>
    public void AssertCompiled(LayerDescription layer, string where)
    {
        object? compiled = Attribute == OfNodes ? layer.NodeSampling : layer.InputSampling;
        Assert.True(compiled is not null, $"Not sampled: {where}");
        var decides = Attribute == OfNodes && (Selector == NodeSelector.Adaptive || Value("Query", default(BucketQuery)) == BucketQuery.All);
        foreach (var (name, value) in Settings.Where(setting => setting is { Name: not "CapturedRatio", Value: not 0 and not NodeInference.Automatic }))
        {
            if (name == "Share" && decides)
            {
                continue;
            }

            var actual = compiled.GetType().GetProperty(name, BindingFlags.Public | BindingFlags.Instance)!.GetValue(compiled);
            Assert.True(Equals(value is double number ? (float)number : value, actual), $"{name} was declared as {value} and is {actual} in {where}");
        }
    }

    private static string Text(object value) => value switch
    {
        bool isSet => isSet ? "true" : "false",
        double.NaN => "double.NaN",
        double.PositiveInfinity => "double.PositiveInfinity",
        Enum named when Enum.IsDefined(named.GetType(), named) => $"{named.GetType().Name}.{named}",
        Enum number => $"({number.GetType().Name})({number:D})",
        _ => Declaration.Invariant((IFormattable)value),
    };
}
