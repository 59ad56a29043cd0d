using Whittle.Generator.Model;
using Whittle.Generator.Scheduling;

namespace Whittle.Generator.Lowering;

/// <summary>The nests of a fully connected layer, a = f(xW + b), with parameters in panels of w outputs: [P][nIn + 1][w].</summary>
internal static class DenseLayer
{
    /// <summary>The nests that a kernel runs one after the other.</summary>
    public static EquatableArray<Nest> Nests(KernelSpec kernel, int panelWidth) => (kernel.Product switch
    {
        Product.Forward => new[] { Forward(kernel, panelWidth) },
        Product.ForwardListed => [ForwardListed(kernel, panelWidth)],
        Product.ForwardSingle when Scheduler.WalksRows(kernel, panelWidth) => ForwardSingleByRows(kernel, panelWidth),
        Product.ForwardSingle => [ForwardSingle(kernel, panelWidth)],
        Product.InputGradient => [kernel.Transposes ? InputGradientTransposed(kernel, panelWidth) : InputGradient(kernel, panelWidth)],
        Product.WeightGradient when kernel.Packs => [WeightGradientPacked(kernel, panelWidth)],
        Product.WeightGradient => [WeightGradient(kernel, panelWidth), BiasGradient(kernel, panelWidth)],
        Product.WeightGradientListed => [WeightGradientListed(kernel, panelWidth)],
        Product.WeightGradientSingle => [WeightGradientSingle(kernel, panelWidth), BiasGradient(kernel, panelWidth)],
        Product.BackwardSingle => [BackwardSingle(kernel, panelWidth), BiasGradient(kernel, panelWidth)],
        _ => throw new ArgumentOutOfRangeException(nameof(kernel)),
    }).ToEquatableArray();

    private static Nest Forward(KernelSpec kernel, int panelWidth) => new(
        "",
        Panels(kernel, panelWidth),
        Rows,
        new Axis("column", new ConstantExtent(kernel.Inputs)),
        "panel",
        kernel.Outputs,
        Bias(kernel, panelWidth),
        new Element(Buffer.Input, InputOf(kernel, panelWidth)),
        Weight(kernel, panelWidth),
        new StoreEpilogue(Buffer.Output, OutputOf(kernel, panelWidth), ActivationFunction.Of(kernel, new Accumulated())));

    /// <summary>The inputs of a list lie side by side in its order.</summary>
    private static Nest ForwardListed(KernelSpec kernel, int panelWidth) => Forward(kernel, panelWidth) with
    {
        Reduction = NonZeroInputs,
        Left = new Element(Buffer.Input, RowOf(kernel.Inputs, panelWidth) + Affine.Of(Nest.Entry)),
    };

    private static Nest ForwardSingle(KernelSpec kernel, int panelWidth) => new(
        "",
        Panels(kernel, panelWidth),
        null,
        NonZeroInputs,
        "panel",
        kernel.Outputs,
        Bias(kernel, panelWidth),
        new Element(Buffer.Input, Affine.Of("column")),
        Weight(kernel, panelWidth),
        new StoreEpilogue(Buffer.Output, OutputOfSingle(panelWidth), ActivationFunction.Of(kernel, new Accumulated())));

    /// <summary>
    /// The same with the sums in the output's memory: from the biases, a few whole rows of W at a time, then the activation.
    /// What lies between the rows of a panel, which no input needs, is neither read nor fetched ahead by the processor.
    /// </summary>
    private static Nest[] ForwardSingleByRows(KernelSpec kernel, int panelWidth)
    {
        var output = new Element(Buffer.Output, OutputOfSingle(panelWidth));
        var sums = ForwardSingle(kernel, panelWidth) with { Initial = output, Epilogue = Store(new Accumulated()) };
        var start = EachOutput("Start", Bias(kernel, panelWidth), new Accumulated());
        return kernel.Activation == Activation.Identity
            ? [start, sums]
            : [start, sums, EachOutput("Activation", output, ActivationFunction.Of(kernel, new Accumulated()))];

        StoreEpilogue Store(Expression value) => new(Buffer.Output, OutputOfSingle(panelWidth), value);

        Nest EachOutput(string name, Element value, Expression stored) => new(
            name, Panels(kernel, panelWidth), null, null, "panel", kernel.Outputs, new Constant(0), value, null, Store(stored));
    }

    private static Nest InputGradient(KernelSpec kernel, int panelWidth)
    {
        var address = InputOf(kernel, panelWidth);
        return new(
            "",
            new Axis("column", new RangeExtent(kernel.Inputs)),
            Rows,
            new Axis("panel", new ConstantExtent(PanelCount(kernel, panelWidth))),
            "panel",
            kernel.Outputs,
            new Constant(0),
            new Element(Buffer.OutputGradient, OutputOf(kernel, panelWidth)),
            Weight(kernel, panelWidth),
            new StoreEpilogue(Buffer.InputGradient, address, ActivationFunction.TimesDerivative(kernel, new Accumulated(), new Element(Buffer.Input, address))));
    }

    /// <summary>The same as rows of d times panels of W^T: broadcasts times vectors, as fast as the forward product once a panel is turned round.</summary>
    private static Nest InputGradientTransposed(KernelSpec kernel, int panelWidth)
    {
        var address = InputOf(kernel, panelWidth) + Affine.Of(Nest.Lane);
        return new(
            "",
            new Axis("column", new RangeExtent(kernel.Inputs), panelWidth),
            Rows,
            new Axis("unit", new ConstantExtent(kernel.Outputs)),
            "column",
            kernel.Inputs,
            new Constant(0),
            new Element(Buffer.OutputGradient, RowOf(kernel.Outputs, panelWidth) + Affine.Of("unit")),
            new Element(Buffer.Transposed, Affine.Of("unit", panelWidth) + Affine.Of(Nest.Lane)),
            new StoreEpilogue(Buffer.InputGradient, address, ActivationFunction.TimesDerivative(kernel, new Accumulated(), new Element(Buffer.Input, address))),
            new TransposedInputs(kernel.Inputs, kernel.Outputs));
    }

    /// <summary>The input gradient, and the update of each weight once it has been read: one pass over the listed rows of W.</summary>
    private static Nest BackwardSingle(KernelSpec kernel, int panelWidth)
    {
        var address = Affine.Of("column");
        return new(
            "",
            NonZeroInputs,
            null,
            new Axis("panel", new ConstantExtent(PanelCount(kernel, panelWidth))),
            "panel",
            kernel.Outputs,
            new Constant(0),
            new Element(Buffer.OutputGradient, OutputOfSingle(panelWidth)),
            Weight(kernel, panelWidth),
            new StoreEpilogue(Buffer.InputGradient, address, ActivationFunction.TimesDerivative(kernel, new Accumulated(), new Element(Buffer.Input, address))),
            Factor: new Element(Buffer.Input, address));
    }

    private static Nest WeightGradient(KernelSpec kernel, int panelWidth) => new(
        "",
        Panels(kernel, panelWidth),
        new Axis("column", new ConstantExtent(kernel.Inputs)),
        Rows,
        "panel",
        kernel.Outputs,
        new Constant(0),
        new Element(Buffer.Input, InputOf(kernel, panelWidth)),
        new Element(Buffer.OutputGradient, OutputOf(kernel, panelWidth)),
        new UpdateEpilogue(Buffer.Parameters, WeightAddress(kernel, panelWidth)));

    /// <summary>The same from copies of x and d in the order of the tiles. The biases, which follow the last row of weights, are those of an input that is 1.</summary>
    private static Nest WeightGradientPacked(KernelSpec kernel, int panelWidth) => WeightGradient(kernel, panelWidth) with
    {
        Inner = new Axis("column", new ConstantExtent(kernel.Inputs + 1)),
        Left = new Element(Buffer.PackedInput, Affine.Of("row", GradientPacking.Height(panelWidth)) + Affine.Of("column")),
        Right = new Element(Buffer.PackedGradient, Affine.Of("row", panelWidth) + Affine.Of(Nest.Lane)),
        Copy = new PackedGradients(RowLayout.Stride(kernel.Outputs, panelWidth)),
    };

    /// <summary>The same for inputs of a list, all of them or some, which ends with that of the biases: copies of their values lie in its order.</summary>
    private static Nest WeightGradientListed(KernelSpec kernel, int panelWidth)
    {
        var all = kernel.Packs ? WeightGradientPacked(kernel, panelWidth) : WeightGradient(kernel, panelWidth);
        return all with
        {
            Inner = new Axis(Nest.Entry, new NamedExtent("nonZeroCount")),
            Left = kernel.Packs
                ? all.Left with { Address = all.Left.Address.Substitute("column", Nest.Entry, 0) }
                : new Element(Buffer.Input, RowOf(kernel.Inputs + ZeroSkipping.MostPadding, panelWidth) + Affine.Of(Nest.Entry)),
            Epilogue = new UpdateEpilogue(Buffer.Parameters, WeightAddress(kernel, panelWidth), new ListedRow("nonZero", "column")),
        };
    }

    private static Nest WeightGradientSingle(KernelSpec kernel, int panelWidth) => new(
        "",
        Panels(kernel, panelWidth),
        NonZeroInputs,
        null,
        "panel",
        kernel.Outputs,
        new Constant(0),
        new Element(Buffer.Input, Affine.Of("column")),
        new Element(Buffer.OutputGradient, OutputOfSingle(panelWidth)),
        new UpdateEpilogue(Buffer.Parameters, WeightAddress(kernel, panelWidth)));

    private static Nest BiasGradient(KernelSpec kernel, int panelWidth) => new(
        "Bias",
        Panels(kernel, panelWidth),
        null,
        Rows,
        "panel",
        kernel.Outputs,
        new Constant(0),
        new Element(Buffer.OutputGradient, OutputOf(kernel, panelWidth)),
        null,
        new UpdateEpilogue(Buffer.Parameters, BiasAddress(kernel, panelWidth)));

    private static Axis Rows => new("row", new NamedExtent("rows"));

    private static Axis NonZeroInputs => new("column", new ListExtent("nonZero", "nonZeroCount"));

    private static Axis Panels(KernelSpec kernel, int panelWidth) =>
        new("panel", new RangeExtent(PanelCount(kernel, panelWidth)));

    private static int PanelCount(KernelSpec kernel, int panelWidth) => (kernel.Outputs + panelWidth - 1) / panelWidth;

    private static Affine RowOf(int units, int panelWidth) => Affine.Of("row", RowLayout.Stride(units, panelWidth));

    private static Affine InputOf(KernelSpec kernel, int panelWidth) => RowOf(kernel.Inputs, panelWidth) + Affine.Of("column");

    private static Affine OutputOf(KernelSpec kernel, int panelWidth) => RowOf(kernel.Outputs, panelWidth) + OutputOfSingle(panelWidth);

    private static Affine OutputOfSingle(int panelWidth) => Affine.Of("panel", panelWidth) + Affine.Of(Nest.Lane);

    private static Affine PanelAddress(KernelSpec kernel, int panelWidth) =>
        Affine.Of("panel", (kernel.Inputs + 1) * panelWidth) + Affine.Of(Nest.Lane);

    private static Affine WeightAddress(KernelSpec kernel, int panelWidth) =>
        PanelAddress(kernel, panelWidth) + Affine.Of("column", panelWidth);

    private static Affine BiasAddress(KernelSpec kernel, int panelWidth) =>
        PanelAddress(kernel, panelWidth) + (kernel.Inputs * panelWidth);

    private static Element Weight(KernelSpec kernel, int panelWidth) => new(Buffer.Parameters, WeightAddress(kernel, panelWidth));

    private static Element Bias(KernelSpec kernel, int panelWidth) => new(Buffer.Parameters, BiasAddress(kernel, panelWidth));
}
