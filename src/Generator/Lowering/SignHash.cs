using Whittle.Generator.Model;

namespace Whittle.Generator.Lowering;

/// <summary>What the signs of projections become: codes of a family of hash functions, a few bits each.</summary>
internal sealed record HashCodes(HashFamily Family, int Bits);

/// <summary>
/// The nests of hash codes: projections of an input or of the weights of listed nodes, corrected for the coordinates that the family
/// adds, of which the signs are kept. Projections lie in panels, [P][nIn][w], w a cache line on every instruction set. Sums are added in
/// the order of the runtime's own functions, so that codes are the same.
/// </summary>
internal static class SignHash
{
    private static readonly ListExtent ListedNodes = new("nodes", "nodeCount");
    private static readonly ListExtent NonZeroInputs = new("nonZero", "nonZeroCount");

    /// <summary>The nests that a kernel runs one after the other.</summary>
    public static EquatableArray<Nest> Nests(KernelSpec kernel, int panelWidth) => new[]
    {
        kernel.Product == Product.HashInput ? OfInput(kernel, panelWidth) : OfNodes(kernel, panelWidth),
    }.ToEquatableArray();

    /// <summary>Rows of projections, each weighed by a non-zero input.</summary>
    private static Nest OfInput(KernelSpec kernel, int panelWidth)
    {
        var value = kernel.Codes!.Family == HashFamily.Alsh
            ? Expression.Of(Operation.Add, new Accumulated(), Coordinate(kernel, panelWidth, new Element(Buffer.Factors, 0), AsymmetricTransform.InputRow))
            : new Accumulated();
        return new(
            "",
            Panels(kernel, panelWidth),
            null,
            new Axis("column", NonZeroInputs),
            "panel",
            kernel.Outputs,
            new Constant(0),
            new Element(Buffer.Input, Affine.Of("column")),
            Projection(kernel, panelWidth),
            new SignEpilogue(Panel(panelWidth), value, kernel.Codes.Bits, Tables(kernel), 0));
    }

    /// <summary>Rows of projections, each weighed by a weight, for a few nodes at a time.</summary>
    private static Nest OfNodes(KernelSpec kernel, int panelWidth)
    {
        Expression value = new Accumulated();
        if (kernel.Codes!.Family == HashFamily.Alsh)
        {
            value = Expression.Of(Operation.Multiply, value, Factor(0));
            for (var coordinate = 0; coordinate < AsymmetricTransform.Extra; coordinate++)
            {
                value = Expression.Of(Operation.Add, value, Coordinate(kernel, panelWidth, Factor(1 + coordinate), coordinate));
            }
        }

        return new(
            "",
            new Axis("node", ListedNodes),
            Panels(kernel, panelWidth),
            new Axis("column", new ConstantExtent(kernel.Inputs)),
            "panel",
            kernel.Outputs,
            new Constant(0),
            new Element(Buffer.Parameters, Affine.Of("node", NodeRowLayout.Stride(kernel.Inputs)) + Affine.Of("column")),
            Projection(kernel, panelWidth),
            new SignEpilogue(
                Affine.Of(Nest.Entry, ProjectionLayout.Width(kernel.Outputs)) + Panel(panelWidth), value, kernel.Codes.Bits, Tables(kernel), Affine.Of(Nest.Entry, Tables(kernel))));

        static Element Factor(int position) => new(Buffer.Factors, Affine.Of(Nest.Entry, AsymmetricTransform.NodeFactors) + position);
    }

    /// <summary>What a coordinate that the family adds to vectors adds to their projections.</summary>
    private static Expression Coordinate(KernelSpec kernel, int panelWidth, Element factor, int row) =>
        Expression.Of(Operation.Multiply, factor, new Element(Buffer.Transform, Panel(panelWidth) + (row * ProjectionLayout.Width(kernel.Outputs))));

    private static Axis Panels(KernelSpec kernel, int panelWidth) => new("panel", new ConstantExtent(PanelCount(kernel, panelWidth)));

    private static int PanelCount(KernelSpec kernel, int panelWidth) => (kernel.Outputs + panelWidth - 1) / panelWidth;

    private static int Tables(KernelSpec kernel) => kernel.Outputs / kernel.Codes!.Bits;

    private static Affine Panel(int panelWidth) => Affine.Of("panel", panelWidth) + Affine.Of(Nest.Lane);

    private static Element Projection(KernelSpec kernel, int panelWidth) =>
        new(Buffer.Projection, Affine.Of("panel", kernel.Inputs * panelWidth) + Affine.Of("column", panelWidth) + Affine.Of(Nest.Lane));
}
