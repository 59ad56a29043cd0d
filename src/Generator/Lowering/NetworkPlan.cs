using Whittle.Generator.Isa;
using Whittle.Generator.Model;
using Whittle.Generator.Scheduling;

namespace Whittle.Generator.Lowering;

/// <summary>A layer that gets kernels of its own; equal repetitions share one.</summary>
/// <param name="Spec">The attribute that declared it.</param>
/// <param name="Inputs">nIn.</param>
/// <param name="Below">The attribute of the layer below; null for the first layer.</param>
internal sealed record CompiledLayer(LayerSpec Spec, int Inputs, LayerSpec? Below);

/// <summary>The layers of a network one by one, and the compiled layers behind them.</summary>
/// <param name="Compiled">The compiled layers.</param>
/// <param name="Layers">For each layer, repetitions at their most, the index of its compiled layer.</param>
/// <param name="RepeatedLayer">Index of the first repeated layer; -1 for none.</param>
/// <param name="RepeatCount">How many layers repeat from there; 0 for none.</param>
internal sealed record NetworkPlan(
    EquatableArray<CompiledLayer> Compiled,
    EquatableArray<int> Layers,
    int RepeatedLayer,
    int RepeatCount)
{
    public static NetworkPlan Of(NetworkSpec network)
    {
        var compiled = new List<CompiledLayer>();
        var layers = new List<int>();
        var (repeatedLayer, repeatCount) = (-1, 0);
        var inputs = network.Inputs;
        LayerSpec? below = null;
        foreach (var spec in network.Layers)
        {
            if (spec.Repeat > 1)
            {
                (repeatedLayer, repeatCount) = (layers.Count, spec.Repeat);
            }

            for (var repetition = 0; repetition < spec.Repeat; repetition++)
            {
                var layer = new CompiledLayer(spec, inputs, below is null ? null : below with { Units = inputs, Repeat = 1, Initialization = default });
                var index = compiled.IndexOf(layer);
                if (index < 0)
                {
                    index = compiled.Count;
                    compiled.Add(layer);
                }

                layers.Add(index);
                inputs = spec.Units;
                below = spec;
            }
        }

        return new NetworkPlan(compiled.ToEquatableArray(), layers.ToEquatableArray(), repeatedLayer, repeatCount);
    }

    /// <summary>The kernels of a compiled layer in one instruction set; the first layer needs no input gradient.</summary>
    public static IEnumerable<KernelSpec> Kernels(CompiledLayer layer, int batchSize, InstructionTable isa)
    {
        var spec = layer.Spec;
        var order = spec.InNodeRows ? ParameterOrder.NodeRows : ParameterOrder.Panels;
        var (activation, slope) = spec.ComputesPreactivations ? (Activation.Identity, 0) : (spec.Activation, spec.Slope);
        if (order == ParameterOrder.NodeRows || spec.Inputs is null)
        {
            yield return Kernel(Product.Forward, activation, slope, batchSize);
        }

        var skipsZeros = order == ParameterOrder.Panels && layer.Below is null && isa != InstructionTable.Portable && ZeroSkipping.Applies(batchSize, layer.Inputs, spec.Units);
        if (skipsZeros || (order == ParameterOrder.Panels && spec.Inputs is not null))
        {
            yield return Kernel(Product.ForwardListed, activation, slope, batchSize);
        }

        yield return Kernel(Product.ForwardSingle, activation, slope, 1);
        if (layer.Below is { } below)
        {
            // What a residual connection passes on is added before the derivative.
            var (function, belowSlope) = spec.Residual != 0 || below.Residual != 0 ? (Activation.Identity, 0) : (below.Activation, below.Slope);
            var transposes = order == ParameterOrder.Panels && Scheduler.Transposes(batchSize, spec.Units, isa);
            yield return Kernel(Product.InputGradient, function, belowSlope, batchSize, transposes);
            yield return Kernel(order == ParameterOrder.NodeRows ? Product.InputGradientSingle : Product.BackwardSingle, function, belowSlope, 1);
        }

        if (order == ParameterOrder.NodeRows || layer.Below is null)
        {
            yield return Kernel(Product.WeightGradientSingle, Activation.Identity, 0, 1);
        }

        var packs = order == ParameterOrder.Panels && GradientPacking.Applies(batchSize, layer.Inputs, spec.Units);
        yield return skipsZeros
            ? Kernel(Product.WeightGradientListed, Activation.Identity, 0, layer.Inputs, packs: packs)
            : Kernel(Product.WeightGradient, Activation.Identity, 0, order == ParameterOrder.NodeRows ? spec.Units : layer.Inputs, packs: packs);

        if (UpdatesSparsely(spec))
        {
            yield return Kernel(Product.WeightGradientSparse, Activation.Identity, 0, 1);
        }

        if (Hashes(spec))
        {
            var codes = new HashCodes(spec.Nodes!.Family, spec.Nodes.Bits);
            yield return Hash(Product.HashInput, layer.Inputs, codes, spec.Nodes.Tables, isa);
            yield return Hash(Product.HashNodes, layer.Inputs, codes, spec.Nodes.Tables, isa);
        }

        KernelSpec Kernel(Product product, Activation activation, float slope, int rows, bool transposes = false, bool packs = false) => new(
            product, isa.Name, layer.Inputs, spec.Units, activation, slope, Scheduler.TileRows(product, rows, isa, transposes, packs, order), transposes, packs, order);
    }

    /// <summary>Whether the samples of a mini-batch have gradients at nodes of their own.</summary>
    private static bool UpdatesSparsely(LayerSpec layer) => layer.Nodes is { Sharing: NodeSharing.Sample };

    /// <summary>Whether a layer has kernels of hash codes.</summary>
    private static bool Hashes(LayerSpec layer) => layer.Nodes is { Selector: NodeSelector.Lsh };

    /// <summary>A kernel of hash codes, for vectors of so many inputs and so many tables.</summary>
    public static KernelSpec Hash(Product product, int inputs, HashCodes codes, int tables, InstructionTable isa) => new(
        product,
        isa.Name,
        inputs,
        codes.Bits * tables,
        Activation.Identity,
        0,
        product == Product.HashNodes && codes.Family != HashFamily.Dwta ? Scheduler.HashedNodes(codes.Bits * tables, isa) : 1,
        Order: product == Product.HashNodes ? ParameterOrder.NodeRows : ParameterOrder.Panels,
        Codes: codes);
}

/// <summary>The kernels of a network, for every instruction set, each once.</summary>
internal static class KernelSpecs
{
    public static EquatableArray<KernelSpec> Of(NetworkSpec network)
    {
        var plan = NetworkPlan.Of(network);
        return InstructionTable.All
            .SelectMany(isa => plan.Compiled.SelectMany(layer => NetworkPlan.Kernels(layer, network.BatchSize, isa)))
            .Distinct()
            .ToEquatableArray();
    }
}
