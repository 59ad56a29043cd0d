using Whittle.Generator.Model;

namespace Whittle.Generator.Lowering;

/// <summary>
/// The nests of a layer with a row of parameters for each node, [nOut][stride]: each runs over the nodes of a list, which is all
/// of them where the layer is exact, the forward product of a batch also over a list of inputs. Biases are updated by the runtime.
/// </summary>
internal static class NodeRowLayer
{
    private static readonly ListExtent ListedNodes = new("nodes", "nodeCount");
    private static readonly ListExtent ListedInputs = new("nonZero", "nonZeroCount");
    private static readonly ListExtent ListedSamples = new("samples", "sampleCount");

    /// <summary>The nests that a kernel runs one after the other.</summary>
    public static EquatableArray<Nest> Nests(KernelSpec kernel, int panelWidth) => new[]
    {
        kernel.Product switch
        {
            Product.Forward => Forward(kernel, panelWidth),
            Product.ForwardSingle => ForwardSingle(kernel, panelWidth),
            Product.InputGradient => InputGradient(kernel, panelWidth, Rows, Nest.Entry),
            Product.InputGradientSingle => InputGradient(kernel, panelWidth, null, "node"),
            Product.WeightGradient => WeightGradient(kernel, panelWidth),
            Product.WeightGradientSingle => WeightGradientSingle(kernel, panelWidth),
            Product.WeightGradientSparse => WeightGradientSparse(kernel, panelWidth),
            _ => throw new ArgumentOutOfRangeException(nameof(kernel)),
        },
    }.ToEquatableArray();

    /// <summary>
    /// Broadcasts of the listed inputs, which lie side by side in the order of their list, times panels of listed nodes turned round.
    /// Results lie in the order of the list of nodes.
    /// </summary>
    private static Nest Forward(KernelSpec kernel, int panelWidth) => new(
        "",
        new Axis("entry", new RangeExtent(kernel.Outputs), panelWidth),
        Rows,
        new Axis("column", new NamedExtent(ListedInputs.CountName)),
        "entry",
        // A list may end anywhere: every panel is computed whole.
        (kernel.Outputs + panelWidth - 1) / panelWidth * panelWidth,
        new Element(Buffer.Transposed, Affine.Of(Nest.Lane)),
        new Element(Buffer.Input, Input(kernel, Rows, panelWidth) + Affine.Of("column")),
        new Element(Buffer.Transposed, Affine.Of("column", panelWidth) + Affine.Of(Nest.Lane) + panelWidth),
        new StoreEpilogue(
            Buffer.Output, Output(kernel, Rows, panelWidth) + Affine.Of("entry") + Affine.Of(Nest.Lane), ActivationFunction.Of(kernel, new Accumulated())),
        new TransposedNodes(ListedNodes, ListedInputs, kernel.Inputs));

    /// <summary>A dot product of two rows for each node.</summary>
    private static Nest ForwardSingle(KernelSpec kernel, int panelWidth)
    {
        var z = Expression.Of(Operation.Add, new Accumulated(), new Element(Buffer.Parameters, Row(kernel) + NodeRowLayout.BiasColumn(kernel.Inputs)));
        return new(
            "",
            Nodes,
            null,
            new Axis("panel", new ConstantExtent(PanelCount(kernel, panelWidth))),
            "panel",
            kernel.Inputs,
            new Constant(0),
            new Element(Buffer.Input, Panel(panelWidth)),
            Weight(kernel, panelWidth),
            new StoreEpilogue(Buffer.Output, Affine.Of("node"), ActivationFunction.Of(kernel, z)));
    }

    /// <summary>
    /// Rows of the nodes, each weighed by its gradient, summed panel by panel of inputs. A batch's gradients lie side by side in the order of
    /// the list, those of one sample at their nodes.
    /// </summary>
    private static Nest InputGradient(KernelSpec kernel, int panelWidth, Axis? rows, string gradient)
    {
        var address = Input(kernel, rows, panelWidth) + Panel(panelWidth);
        return new(
            "",
            Panels(kernel, panelWidth),
            rows,
            Nodes,
            "panel",
            kernel.Inputs,
            new Constant(0),
            new Element(Buffer.OutputGradient, Output(kernel, rows, panelWidth) + Affine.Of(gradient)),
            Weight(kernel, panelWidth),
            new StoreEpilogue(
                Buffer.InputGradient, address, ActivationFunction.TimesDerivative(kernel, new Accumulated(), new Element(Buffer.Input, address))));
    }

    /// <summary>The gradients lie side by side in the order of the list, so that a tile's broadcasts need no indices.</summary>
    private static Nest WeightGradient(KernelSpec kernel, int panelWidth) => new(
        "",
        Panels(kernel, panelWidth),
        new Axis("entry", new NamedExtent(ListedNodes.CountName)),
        Rows,
        "panel",
        kernel.Inputs,
        new Constant(0),
        new Element(Buffer.OutputGradient, Output(kernel, Rows, panelWidth) + Affine.Of("entry")),
        new Element(Buffer.Input, Input(kernel, Rows, panelWidth) + Panel(panelWidth)),
        new UpdateEpilogue(Buffer.Parameters, WeightAddress(kernel, panelWidth), new ListedRow(ListedNodes.List, "node")));

    private static Nest WeightGradientSingle(KernelSpec kernel, int panelWidth) => new(
        "",
        Panels(kernel, panelWidth),
        Nodes,
        null,
        "panel",
        kernel.Inputs,
        new Constant(0),
        new Element(Buffer.OutputGradient, Affine.Of("node")),
        new Element(Buffer.Input, Panel(panelWidth)),
        new UpdateEpilogue(Buffer.Parameters, WeightAddress(kernel, panelWidth)));

    /// <summary>
    /// One node, whose row is all that the kernel sees of the parameters: rows of the inputs of the samples that have a gradient there,
    /// each weighed by it. Gradients lie side by side in the order of the samples.
    /// </summary>
    private static Nest WeightGradientSparse(KernelSpec kernel, int panelWidth) => new(
        "",
        Panels(kernel, panelWidth),
        null,
        new Axis("sample", ListedSamples),
        "panel",
        kernel.Inputs,
        new Constant(0),
        new Element(Buffer.OutputGradient, Affine.Of(Nest.Entry)),
        new Element(Buffer.Input, Affine.Of("sample", RowLayout.Stride(kernel.Inputs, panelWidth)) + Panel(panelWidth)),
        new UpdateEpilogue(Buffer.Parameters, Panel(panelWidth)));

    private static Axis Rows => new("row", new NamedExtent("rows"));

    private static Axis Nodes => new("node", ListedNodes);

    private static Axis Panels(KernelSpec kernel, int panelWidth) => new("panel", new RangeExtent(PanelCount(kernel, panelWidth)));

    private static int PanelCount(KernelSpec kernel, int panelWidth) => (kernel.Inputs + panelWidth - 1) / panelWidth;

    private static Affine Input(KernelSpec kernel, Axis? rows, int panelWidth) => Sample(rows, RowLayout.Stride(kernel.Inputs, panelWidth));

    private static Affine Output(KernelSpec kernel, Axis? rows, int panelWidth) => Sample(rows, RowLayout.Stride(kernel.Outputs, panelWidth));

    private static Affine Sample(Axis? rows, int stride) => rows is null ? 0 : Affine.Of(rows.Name, stride);

    private static Affine Panel(int panelWidth) => Affine.Of("panel", panelWidth) + Affine.Of(Nest.Lane);

    private static Affine Row(KernelSpec kernel) => Affine.Of("node", NodeRowLayout.Stride(kernel.Inputs));

    private static Affine WeightAddress(KernelSpec kernel, int panelWidth) => Row(kernel) + Panel(panelWidth);

    private static Element Weight(KernelSpec kernel, int panelWidth) => new(Buffer.Parameters, WeightAddress(kernel, panelWidth));
}
