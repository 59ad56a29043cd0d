using Microsoft.CodeAnalysis;

namespace Whittle.Generator.Diagnostics;

/// <summary>Everything that the build says about a declaration. An id never changes its meaning; each has a page in docs/diagnostics.</summary>
internal static class Descriptors
{
    public const string Category = "Whittle";

    // A path in the repository and in the package, since the project has no public address: put one here when it has.
    private const string Pages = "docs/diagnostics/";

    public static readonly DiagnosticDescriptor NotPartial = Error(
        "WHT0001",
        "Network class is not partial",
        "'{0}' is declared as a network but is not partial; add 'partial' so that its generated half can join it");

    public static readonly DiagnosticDescriptor ContainingTypeNotPartial = Error(
        "WHT0002",
        "Type around a network is not partial",
        "'{0}' contains the network '{1}' but is not partial; add 'partial' to it");

    public static readonly DiagnosticDescriptor UnsupportedType = Error(
        "WHT0003",
        "Type cannot be a network",
        "'{0}' cannot be a network because {1}; declare it as 'sealed partial class'");

    public static readonly DiagnosticDescriptor InterfaceMissing = Error(
        "WHT0004",
        "Network does not implement INetwork of itself",
        "'{0}' does not implement INetwork<{0}>; write 'partial class {0} : INetwork<{0}>'");

    public static readonly DiagnosticDescriptor BaseClass = Error(
        "WHT0005",
        "Network has another base class",
        "'{0}' derives from '{1}', but the base class of a network is CompiledNetwork; remove the base class");

    public static readonly DiagnosticDescriptor ConstructorCollision = Error(
        "WHT0006",
        "Constructor collides with the generated one",
        "'{0}' {1}; the generator declares '{0}({2})', so write a constructor with other parameters that calls it with 'this(...)'");

    public static readonly DiagnosticDescriptor MemberCollision = Error(
        "WHT0007",
        "Name collides with a generated member",
        "'{0}' has the name of a member that the generator declares in the network '{1}'; rename it");

    public static readonly DiagnosticDescriptor NoLayers = Error(
        "WHT0008",
        "Network has no layers",
        "'{0}' has no layers; add at least one layer attribute such as [Dense(10)]");

    public static readonly DiagnosticDescriptor NotANetwork = Error(
        "WHT0009",
        "Layers without a network",
        "'{0}' has layers but is not a network; add [Network(Inputs = ...)] above its layers");

    public static readonly DiagnosticDescriptor SplitLayers = Error(
        "WHT0010",
        "Layers are split over declarations",
        "This layer of '{0}' is not on the declaration that has [Network], so the order of the layers is unclear; move all layers there");

    public static readonly DiagnosticDescriptor SizeOutOfRange = Error(
        "WHT0011",
        "Size is out of range",
        "{0} is {1}, but must be from 1 to {2}");

    public static readonly DiagnosticDescriptor TooManyLayers = Error(
        "WHT0012",
        "Network has too many layers",
        "'{0}' has {1} layers with every repetition counted, but at most {2} are supported; remove layers or lower Repeat");

    public static readonly DiagnosticDescriptor SecondRepeat = Error(
        "WHT0013",
        "More than one layer repeats",
        "Only one layer of '{0}' may have Repeat above 1, because 'depth' chooses the number of one kind of layer; write this layer out");

    public static readonly DiagnosticDescriptor UndefinedValue = Error(
        "WHT0014",
        "Value is not defined",
        "{0} is not a value of {1}; use one of {2}");

    public static readonly DiagnosticDescriptor SlopeOutOfRange = Error(
        "WHT0015",
        "Slope is out of range",
        "Slope is {0}, but must lie between 0 and 1, both excluded");

    public static readonly DiagnosticDescriptor SlopeWithoutLeakyRelu = Error(
        "WHT0016",
        "Slope without leaky ReLU",
        "Slope has a meaning only for Activation.LeakyRelu, but the activation is {0}; remove Slope or change the activation");

    public static readonly DiagnosticDescriptor LossNeedsLogits = Error(
        "WHT0017",
        "Loss needs logits",
        "{0} applies its own {1} to the last layer's output, but that layer's activation is {2}; use Activation.Identity, or Loss.MeanSquaredError");

    public static readonly DiagnosticDescriptor LanguageVersion = Error(
        "WHT0018",
        "C# version is too old",
        "The generated code of '{0}' needs C# {1}, but this project compiles as C# {2}; remove LangVersion from the project or raise it");

    public static readonly DiagnosticDescriptor LoopedKernels = new(
        "WHT0020",
        "Kernels of this layer loop",
        "The kernels of this {0}x{1} layer are loops over unrolled tiles, because {2:N0} weights are more than the {3:N0} that are unrolled fully",
        Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: Page("WHT0020"));

    public static readonly DiagnosticDescriptor SettingWithoutEffect = Error(
        "WHT0021",
        "Setting without effect",
        "{0} has a meaning only for {1}, but {2} is {3}; remove {0} or change {2}");

    public static readonly DiagnosticDescriptor SettingOutOfRange = Error(
        "WHT0022",
        "Setting is out of range",
        "{0} is {1}, but must be {2}");

    public static readonly DiagnosticDescriptor TooNarrowToSample = Error(
        "WHT0023",
        "Layer is too narrow to sample",
        "This layer samples {0} from {1} {2}, where sampling fewer than {3} saves nothing; use [Dense]");

    public static readonly DiagnosticDescriptor ScalingNotPossible = Error(
        "WHT0024",
        "Scaling is not possible",
        "NodeScaling.InverseProbability {0}; change that or use NodeScaling.None");

    public static readonly DiagnosticDescriptor InferenceNotPossible = Error(
        "WHT0025",
        "Exact inference is not possible",
        "NodeInference.Exact needs a factor that makes all nodes match the active ones of the training, and none is known for {0}; use NodeInference.Sampled or NodeInference.ExactUnscaled");

    public static readonly DiagnosticDescriptor ResidualNotPossible = Error(
        "WHT0026",
        "Residual connection is not possible",
        "A residual connection {0}; remove Residual or change the layer");

    public static readonly DiagnosticDescriptor LossNeedsEveryOutput = Error(
        "WHT0027",
        "Loss needs every output",
        "Loss.MeanSquaredError compares every output with its target, so that the output layer cannot be node-sampled; use [Dense] there or a cross-entropy loss");

    public static readonly DiagnosticDescriptor TablesTooLarge = Error(
        "WHT0028",
        "Hash tables are too large",
        "{0} tables of {1} buckets with room for {2} nodes each are too large for memory; lower Bits, Tables or BucketSize");

    public static readonly DiagnosticDescriptor SharingNotPossible = Error(
        "WHT0029",
        "Shared set is not possible",
        "NodeSharing.Batch is possible with NodeSelector.Uniform only, because {0} chooses nodes for one input; use NodeSharing.Sample");

    public static readonly DiagnosticDescriptor SignalLost = Warning(
        "WHT0030",
        "Unscaled sampling loses the signal",
        "Hidden layers ({0}) compute some of their nodes in training, unscaled, and all of them in a prediction, whose sums are then off by {1} times what training saw, unless active nodes carry more than chance gives them; use NodeInference.Sampled, residual connections, or state the c that you measured as CapturedRatio");

    public static readonly DiagnosticDescriptor SamplingDoesNotPay = Warning(
        "WHT0031",
        "Sampling costs more than it saves",
        "Sampling this {0}x{1} layer takes about {2} times as long as [Dense] at a batch of {3}; lower Share, share one set in the mini-batch, change BatchSize, or use [Dense]");

    public static readonly DiagnosticDescriptor TablesOutgrowCache = Warning(
        "WHT0032",
        "Hash tables outgrow the cache",
        "The hash tables of a layer take {0} KB ({1} tables of {2} buckets, and codes), more than a cache of {3} KB holds; lower Bits, Tables or BucketSize, or set the MSBuild property WhittleCacheKilobytes to your cache");

    public static readonly DiagnosticDescriptor CacheSizeNotPossible = Warning(
        "WHT0033",
        "Cache size is not possible",
        "The MSBuild property WhittleCacheKilobytes is '{0}', but must be a whole number of kilobytes above 0; {1} is assumed",
        WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor NoInputGradient = Error(
        "WHT0034",
        "First layer has no input gradient",
        "The first layer of a network has no input gradient, so that sampling SampledProducts.InputGradient alone leaves it as [Dense] is; use [Dense], or sample another product");

    public static readonly DiagnosticDescriptor InternalError = Error(
        "WHT0099",
        "Internal error of the generator",
        "The generator failed on '{0}' ({1}); this is a fault of Whittle, please report it with the declaration");

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Page(id));

    private static DiagnosticDescriptor Warning(string id, string title, string message, params string[] tags) =>
        new(id, title, message, Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: Page(id), customTags: tags);

    private static string Page(string id) => Pages + id + ".md";
}
