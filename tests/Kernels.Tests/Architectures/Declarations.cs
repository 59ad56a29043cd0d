using CsCheck;

namespace Whittle.Kernels.Tests;

/// <summary>Random declarations, and the flaws that one can have.</summary>
internal static class Declarations
{
    private const int LargestUnits = 30;

    private static readonly Gen<float?> Slope = Gen.OneOf(
        Gen.OneOf<float?>((float?)null), Gen.OneOf<float?>(1e-6f, 0.125f, 0.9f), Gen.Float[0.001f, 0.999f].Select(slope => (float?)slope));

    private static readonly Gen<DeclaredLayer> Layer = Gen.Select(
        Gen.Int[1, LargestUnits],
        Gen.Enum<Activation>(),
        Slope,
        Gen.Enum<Initialization>(),
        (units, activation, slope, initialization) =>
            new DeclaredLayer(units, activation, activation == Activation.LeakyRelu ? slope : null, initialization, Repeat: 1));

    private static readonly Gen<DeclaredClass> Class = Gen.Select(
        Gen.OneOf("", "Models", "Models.Inner", "Models.@event", "Models.System", "Models.Whittle"),
        Gen.OneOf("public partial class", "partial class", "partial record", "readonly partial struct", "partial record struct", "partial interface").List[0, 2],
        Gen.OneOf("public", "internal", "", "private", "protected", "private protected", "protected internal"),
        Gen.Bool,
        (space, around, accessibility, isSealed) =>
        {
            // Only members can be private, and only a class has members for classes derived from it.
            var limit = around.Count == 0 ? 3 : around[^1].EndsWith(" class", StringComparison.Ordinal) || around[^1] == "partial record" ? 7 : 4;
            string[] allowed = ["public", "internal", "", "private", "protected", "private protected", "protected internal"];
            var chosen = Array.IndexOf(allowed, accessibility) < limit ? accessibility : "internal";
            var modifiers = $"{chosen}{(isSealed ? " sealed" : "")} partial class".TrimStart();
            return new DeclaredClass(space, around, modifiers, "Random", " : INetwork<Random>");
        });

    public static readonly Gen<Declaration> Valid = Gen.Select(
        Gen.Int[1, LargestUnits],
        Gen.Int[1, 24],
        Gen.Enum<Loss>(),
        Layer.Array[1, 4],
        Gen.Select(Gen.Int[0, 7], Gen.Int[2, 3]),
        Class,
        (inputs, batch, loss, layers, repeated, type) =>
        {
            if (repeated.Item1 < layers.Length)
            {
                layers[repeated.Item1] = layers[repeated.Item1] with { Repeat = repeated.Item2 };
            }

            if (loss != Loss.MeanSquaredError)
            {
                layers[^1] = layers[^1] with { Activation = Activation.Identity, Slope = null };
            }

            return new Declaration(inputs, batch, loss, layers, type);
        });

    private static readonly Gen<(string Diagnostic, Func<Declaration, Declaration> Apply)> Flaw = Gen.OneOf(
        Gen.OneOf(0, -1, int.MinValue, 16_385, int.MaxValue).Select(size => Of("WHT0011", d => WithLayer(d, layer => layer with { Units = size }))),
        Gen.OneOf(0, -3, 21, int.MaxValue).Select(size => Of("WHT0011", d => WithLayer(d, layer => layer with { Repeat = size }))),
        Gen.OneOf(0, -1, (1 << 20) + 1).Select(size => Of("WHT0011", d => d with { Inputs = size })),
        Gen.OneOf(0, -1, 16_385).Select(size => Of("WHT0011", d => d with { BatchSize = size })),
        Gen.OneOf(0f, 1f, -0.1f, 2f, float.NaN).Select(slope => Of("WHT0015", d => WithLayer(d, layer => layer with { Activation = Activation.LeakyRelu, Slope = slope }))),
        Gen.OneOf(Activation.Identity, Activation.Relu, Activation.Sigmoid, Activation.Tanh).Select(activation =>
            Of("WHT0016", d => WithLayer(d, layer => layer with { Activation = activation, Slope = 0.5f }))),
        Gen.Select(Gen.OneOf(Loss.SoftmaxCrossEntropy, Loss.BinaryCrossEntropy), Gen.OneOf(Activation.Relu, Activation.LeakyRelu, Activation.Sigmoid, Activation.Tanh), (loss, activation) =>
            Of("WHT0017", d => WithLayer(d with { Loss = loss }, layer => layer with { Activation = activation, Slope = null }, last: true))),
        Gen.OneOf(
            Of("WHT0014", d => WithLayer(d, layer => layer with { Activation = (Activation)5, Slope = null })),
            Of("WHT0014", d => WithLayer(d, layer => layer with { Initialization = (Initialization)(-1) })),
            Of("WHT0014", d => d with { Loss = (Loss)3 }),
            Of("WHT0013", d => d with { Layers = [.. d.Layers.Select(layer => layer with { Repeat = 2 }), d.Layers[^1] with { Repeat = 2 }] }),
            Of("WHT0012", d => d with { Layers = [.. d.Layers.Select(layer => layer with { Repeat = 1 }), d.Layers[^1] with { Repeat = 20 }] }),
            Of("WHT0008", d => d with { Layers = [] }),
            Of("WHT0001", d => d with { Class = d.Class with { Modifiers = "internal class" } }),
            Of("WHT0002", d => d with { Class = d.Class with { Around = ["class", .. d.Class.Around] } }),
            Of("WHT0003", d => d with { Class = d.Class with { Modifiers = "internal abstract partial class" } }),
            Of("WHT0003", d => d with { Class = d.Class with { Modifiers = "internal static partial class", Bases = "" } }),
            Of("WHT0003", d => d with { Class = d.Class with { Modifiers = "internal partial record" } }),
            Of("WHT0003", d => d with { Class = d.Class with { Bases = $"<T> : INetwork<{d.Class.Name}<T>>" } }),
            Of("WHT0004", d => d with { Class = d.Class with { Bases = "" } }),
            Of("WHT0005", d => d with { Class = d.Class with { Bases = $" : global::System.Random, INetwork<{d.Class.Name}>" } })));

    /// <summary>A declaration that is valid but for one flaw, and the diagnostic that must refuse it.</summary>
    public static readonly Gen<(string Diagnostic, Declaration Declaration)> Flawed =
        Gen.Select(Valid, Flaw, (declaration, flaw) => (flaw.Diagnostic, flaw.Apply(declaration)));

    private static (string Diagnostic, Func<Declaration, Declaration> Apply) Of(string diagnostic, Func<Declaration, Declaration> apply) => (diagnostic, apply);

    private static Declaration WithLayer(Declaration declaration, Func<DeclaredLayer, DeclaredLayer> change, bool last = false)
    {
        var index = last ? declaration.Layers.Count - 1 : declaration.BatchSize % declaration.Layers.Count;
        return declaration with { Layers = [.. declaration.Layers.Select((layer, i) => i == index ? change(layer) : layer)] };
    }
}
