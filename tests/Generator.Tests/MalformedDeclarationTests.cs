using CsCheck;
using Microsoft.CodeAnalysis;
using Whittle.Generator.Tests.Compilation;

namespace Whittle.Generator.Tests;

/// <summary>Whatever stands in the source, the generator neither throws nor stays silent nor emits what does not compile.</summary>
public sealed class MalformedDeclarationTests
{
    private static readonly Gen<string> Number = Gen.OneOf(
        "1", "2", "3", "4", "0", "-1", "999999999", "int.MaxValue", "2147483648", "\"4\"", "null", "4.0", "4.0f", "default", "nameof(N)", "Missing", "", "(int)'a'", "sizeof(int)", "new int[2]", "typeof(N)");

    private static readonly Gen<string> Slope = Gen.OneOf("0.5f", "0.1f", "2f", "0.5", "1", "float.NaN", "\"x\"", "");

    private static readonly Gen<string> Activation = Gen.OneOf(
        "Activation.Relu", "Activation.Tanh", "Activation.LeakyRelu", "Activation.Identity", "Activation.Missing", "(Activation)42", "(Activation)1", "3", "null", "\"Relu\"", "Loss.MeanSquaredError");

    private static readonly Gen<string> Network = Gen.OneOf(
        Number.Select(n => $"Network(Inputs = {n})"),
        Gen.Select(Number, Number, (n, b) => $"Network(Inputs = {n}, BatchSize = {b})"),
        Gen.Select(Number, Gen.OneOf("Loss.MeanSquaredError", "Loss.BinaryCrossEntropy", "(Loss)7", "null"), (n, loss) => $"Network(Inputs = {n}, Loss = {loss})"),
        Gen.OneOf("Network", "Network()", "Network(4)", "Network(Inputs: 4)", "Network(Inputs = 4, Inputs = 5)", "Network(Units = 4)", "Network(", "Whittle.NetworkAttribute(Inputs = 4)", "Network<int>(Inputs = 4)"));

    private static readonly Gen<string> Sampling = Gen.OneOf(
        "Selector = NodeSelector.Lsh", "Selector = (NodeSelector)9", "Estimator = InputEstimator.Crs", "Share = 0.1", "Share = float.NaN", "Bits = -1", "Bits = 0, Tables = 0",
        "Bits = int.MaxValue", "BucketSize = -5", "Rehash = RehashPolicy.Every", "Residual = 0.1", "Residual = \"x\"", "Products = 0", "Missing = 1", "");

    private static readonly Gen<string> Layer = Gen.OneOf(
        Number.Select(n => $"Dense({n})"),
        Gen.Select(Number, Activation, (n, a) => $"Dense({n}, {a})"),
        Gen.Select(Activation, Number, (a, n) => $"Dense(activation: {a}, units: {n})"),
        Gen.Select(Number, Activation, Slope, (n, a, s) => $"Dense({n}, {a}, Slope = {s})"),
        Gen.Select(Number, Number, (n, r) => $"Dense({n}, Repeat = {r})"),
        Gen.Select(Gen.OneOf("NodeSampled", "InputSampled"), Number, Sampling, Sampling, (kind, n, a, b) => $"{kind}({n}, {a}, {b})"),
        Gen.OneOf("Dense", "Dense()", "Dense(2, 3, 4)", "Dense(Units = 3)", "Dense(units: 3, units: 4)", "Dense(2, Repeat = )", "Dense(((", "Dens(3)", "System.Obsolete", "Dense<int>(3)"));

    private static readonly Gen<string> Class = Gen.Select(
        Gen.OneOf("", "public ", "sealed ", "private ", "static ", "abstract ", "file ", "partial "),
        Gen.OneOf("partial class", "partial class", "partial class", "partial class", "class", "partial struct", "partial record", "partial interface", "enum", "delegate void"),
        Gen.OneOf("N", "N", "N", "@N", "N<T>", "N()", "Kernels", "", "123"),
        Gen.OneOf(" : INetwork<N>", " : INetwork<N>", " : INetwork<N>", "", " : INetwork", " : INetwork<>", " : INetwork<Missing>", " : Missing, INetwork<N>", " : System.Exception, INetwork<N>", " : CompiledNetwork, INetwork<N>", " :"),
        Gen.OneOf(";", ";", ";", " { }", " { int Forward; }", " { N(ulong a) { } }", " {", " { public required int A; }", " { class N; }", ""),
        (modifier, kind, name, bases, body) => modifier + kind + " " + name + bases + body);

    private static readonly Gen<string> Source = Gen.Select(
        Gen.OneOf("using Whittle;\n", "using Whittle;\nnamespace A;\n", "using Whittle;\npartial class Outer {\n", "using Whittle;\nclass Outer<T> {\n", "using Whittle;\nnamespace Whittle;\n", ""),
        Network.List[0, 2],
        Layer.List[0, 4],
        Class,
        Gen.OneOf("", "", "\n[Dense(3)] partial class N;", "\n[Network(Inputs = 2)] partial class N;", "\n}"),
        (head, networks, layers, type, tail) => head + string.Concat(networks.Concat(layers).Select(attribute => $"[{attribute}]\n")) + type + tail);

    [Fact]
    public void The_generator_never_throws() => Source.Sample(Check, iter: 200, seed: "0000KDmLcZI2", threads: 1);

    [Fact]
    public void The_generator_never_throws_while_someone_types()
    {
        const string whole = """
            using Whittle;
            namespace A;
            partial class Outer
            {
                [Network(Inputs = 4, BatchSize = 3, Loss = Loss.MeanSquaredError)]
                [Dense(3, Activation.LeakyRelu, Slope = 0.2f, Repeat = 2), Dense(units: 2)]
                internal sealed partial class N : INetwork<N> { public int Steps { get; set; } }
            }
            """;
        for (var length = 1; length < whole.Length; length++)
        {
            if (char.IsLetterOrDigit(whole[length - 1]) && char.IsLetterOrDigit(whole[length]))
            {
                continue; // Inside a word.
            }

            var run = GeneratorRun.Of(whole[..length]);
            Assert.DoesNotContain(run.Result.Diagnostics, diagnostic => diagnostic.Id == "WHT0099");
            run.Analyze();
        }

        GeneratorRun.Of(whole).AssertCompiles();
    }

    private static void Check(string source)
    {
        var run = GeneratorRun.Of(source);
        Assert.DoesNotContain(run.Result.Diagnostics, diagnostic => diagnostic.Id == "WHT0099");
        var refused = run.Analyze().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        var errors = run.DeclarationErrors();
        var ownErrors = errors.Where(run.IsInput).ToList();
        if (ownErrors.Count == 0 && !refused)
        {
            // The compiler has nothing to say about what the user wrote, so it must have nothing to say at all.
            Assert.True(errors.Count == 0, $"{source}\n{string.Join('\n', errors.Take(5))}");
            Assert.True(run.Files.Count > 0 || !source.Contains("Network(", StringComparison.Ordinal), $"Silence about\n{source}");
        }
    }
}
