using Whittle.Generator.Isa;
using Whittle.Generator.Lowering;
using Whittle.Generator.Model;

namespace Whittle.Generator.Scheduling;

/// <summary>Chooses schedules by a heuristic; it never looks at the processor that it runs on.</summary>
internal static class Scheduler
{
    /// <summary>Vectors in a panel of the parameters.</summary>
    private const int VectorsPerPanel = 2;

    /// <summary>Dot products that a tile of the input gradient computes side by side, so that their lanes are summed at once.</summary>
    private const int DotProducts = 4;

    /// <summary>Sums that must be in flight to hide the latency of a multiply-add: 4 cycles, 2 a cycle.</summary>
    public const int SumsInFlight = 8;

    /// <summary>Rows of a batch from which turning W round costs less than the slower dot products: a pass over W against what it saves in each row.</summary>
    private const int TransposedRows = 32;

    /// <summary>The same where all of a row's outputs fit one panel, and dot products are shorter than the summing of their lanes.</summary>
    private const int TransposedRowsOfOnePanel = 8;

    /// <summary>Parameters that do not stay in the first cache from one panel to the next: 64 KB.</summary>
    private const int ManyParameters = 16_384;

    /// <summary>Dot products of a list's entries that run side by side: as many as hide the latency of a multiply-add.</summary>
    private const int ListedDotProducts = SumsInFlight;

    /// <summary>Listed rows of W that are walked side by side.</summary>
    private const int ListedRows = 4;

    /// <summary>Panels from which one sample's forward product walks rows: enough that their sums hide the latency of a multiply-add.</summary>
    private const int ManyPanels = 8;

    /// <summary>Weights that stay in the second cache, where rows which are not needed cost nothing.</summary>
    private const int CachedWeights = 64 * 1024;

    /// <summary>Partial sums of an input's projections: those of the runtime's own hash functions.</summary>
    private const int ProjectionParts = 4;

    /// <summary>Vectors of a node's projections that a tile computes: enough that few passes over its weights are needed, and few enough for several nodes.</summary>
    private const int ProjectionVectors = 4;

    /// <summary>Whether the input gradient of a layer turns W round, panel by panel, rather than computing dot products.</summary>
    public static bool Transposes(int batchSize, int outputs, InstructionTable isa) =>
        batchSize >= (outputs <= PanelWidth(isa) ? TransposedRowsOfOnePanel : TransposedRows);

    /// <summary>Whether one sample's forward product walks rows of W over all panels, rather than down one panel after the other.</summary>
    public static bool WalksRows(KernelSpec kernel, int panelWidth) =>
        kernel.Outputs >= ManyPanels * panelWidth && kernel.Inputs * kernel.Outputs > CachedWeights;

    public static int PanelWidth(InstructionTable isa) => VectorsPerPanel * isa.Lanes;

    /// <summary>The width of a kernel's panels.</summary>
    public static int PanelWidth(KernelSpec kernel, InstructionTable isa) => kernel.Codes is null ? PanelWidth(isa) : ProjectionLayout.Block;

    /// <summary>Nodes that a tile of hash codes computes: their sums, a weight of each and a vector of projections fit the registers.</summary>
    public static int HashedNodes(int projections, InstructionTable isa) =>
        (isa.Registers - 1) / ((ProjectionPanels(projections, ProjectionVectors, isa)[0] * ProjectionLayout.Block / isa.Lanes) + 1);

    /// <summary>How a kernel runs, in words.</summary>
    public static string Describe(KernelSpec kernel, InstructionTable isa) => kernel.FindsWinners
        ? FormattableString.Invariant($"a bin in each lane, vectors of {isa.Lanes} floats")
        : Choose(kernel, LayerNests.Of(kernel, PanelWidth(kernel, isa)).First(nest => nest.IsMain), isa).ToString();

    public static Schedule Choose(KernelSpec kernel, Nest nest, InstructionTable isa)
    {
        var fits = kernel.Inputs * kernel.Outputs <= Limits.FullUnroll;
        var (outer, inner, unroll) = (kernel.Order, kernel.Product) switch
        {
            (_, Product.HashInput) => (ProjectionPanels(kernel.Outputs, (isa.Registers - 2) / ProjectionParts, isa), One, 1),
            (_, Product.HashNodes) => (Heights(kernel.TileRows), ProjectionPanels(kernel.Outputs, ProjectionVectors, isa), fits ? 0 : 1),
            (ParameterOrder.NodeRows, Product.Forward) => (One, Heights(kernel.TileRows), 1),
            (ParameterOrder.NodeRows, Product.ForwardSingle) => (Sizes(ListedDotProducts, 1), One, 1),
            (ParameterOrder.NodeRows, Product.InputGradient) => (One, Heights(kernel.TileRows), 1),
            (ParameterOrder.NodeRows, Product.InputGradientSingle) => (Sizes(SumsInFlight / VectorsPerPanel, 1), One, 1),
            (ParameterOrder.NodeRows, Product.WeightGradient) => (One, Sizes(kernel.TileRows, 1), 1),
            (ParameterOrder.NodeRows, Product.WeightGradientSparse) => (Sizes(TileBuilder.DirectUpdates / VectorsPerPanel, 1), One, 1),
            (ParameterOrder.NodeRows, _) => (One, One, 1),
            (_, Product.Forward) => (One, Heights(kernel.TileRows), fits ? 0 : 1),
            (_, Product.ForwardListed) => (One, Heights(kernel.TileRows), 1),
            (_, Product.ForwardSingle) when nest.Accumulates => (One, One, ListedRows),
            (_, Product.ForwardSingle) when nest.Reduction is null => (One, One, 1),
            (_, Product.ForwardSingle) => (Sizes(SumsInFlight / VectorsPerPanel, 1), One, 1),
            (_, Product.InputGradient) when kernel.Transposes => (One, Heights(kernel.TileRows), fits ? 0 : 1),
            (_, Product.InputGradient) => (Sizes(DotProducts, 1), Heights(kernel.TileRows), fits ? 0 : 1),
            (_, Product.BackwardSingle) when nest.IsDotProduct => (Sizes(ListedRows, 1), One, fits ? 0 : 1),
            (_, Product.WeightGradient) when nest.Inner is not null => (One, Sizes(kernel.TileRows, 1), 1),
            (_, Product.WeightGradientListed) => (One, Sizes(kernel.TileRows), 1),
            (_, Product.WeightGradientSingle) when nest.Inner is not null => (Sizes(2, 1), One, 1),
            _ => (One, One, 1),
        };
        return new Schedule(
            isa.Lanes,
            PanelWidth(kernel, isa),
            outer,
            inner,
            unroll,
            SplitsSums(kernel, nest) ? SumsInFlight : 0,
            kernel.Product == Product.HashInput ? ProjectionParts : 0,
            FetchesNextPanel(kernel, isa));
    }

    /// <summary>Panels of projections that a tile computes: as even as can be with at most so many vectors, then what is left.</summary>
    private static EquatableArray<int> ProjectionPanels(int projections, int vectors, InstructionTable isa)
    {
        var count = ProjectionLayout.Width(projections) / ProjectionLayout.Block;
        var most = Math.Max(1, vectors * isa.Lanes / ProjectionLayout.Block);
        var tiles = (count + most - 1) / most;
        var size = (count + tiles - 1) / tiles;
        return count % size == 0 ? Sizes(size) : Sizes(size, count % size);
    }

    private static bool FetchesNextPanel(KernelSpec kernel, InstructionTable isa) =>
        kernel is { Product: Product.Forward, Order: ParameterOrder.Panels } && kernel.Outputs > PanelWidth(isa) && (long)kernel.Inputs * kernel.Outputs >= ManyParameters;

    /// <summary>
    /// The height of the register tile: of those whose sums and operands fit the registers, the one that computes the
    /// declared batch in the fewest cycles. A weight gradient's tile counts inputs, and takes the most.
    /// </summary>
    public static int TileRows(Product product, int rows, InstructionTable isa, bool transposes = false, bool packs = false, ParameterOrder order = ParameterOrder.Panels) => product switch
    {
        Product.WeightGradient when packs => GradientPacking.Height(PanelWidth(isa)),
        Product.WeightGradientListed => GradientPacking.Height(PanelWidth(isa)),
        Product.WeightGradient => WithoutRemainder(rows, Math.Min(12, (isa.Registers - VectorsPerPanel - 1) / VectorsPerPanel)),
        // Dot products: each row's gradient and one vector of weights stay in registers beside the sums.
        Product.InputGradient when order == ParameterOrder.Panels && !transposes => Fastest(rows, (isa.Registers - 1) / (DotProducts + 1), DotProducts),
        // The panel's vectors and one broadcast stay in registers beside the sums.
        Product.Forward or Product.ForwardListed or Product.InputGradient => Fastest(rows, (isa.Registers - VectorsPerPanel - 1) / VectorsPerPanel, VectorsPerPanel),
        _ => 1,
    };

    /// <summary>Whether the kernel sums over an index list for a single row, in registers.</summary>
    private static bool SplitsSums(KernelSpec kernel, Nest nest) => kernel.Order == ParameterOrder.NodeRows
        ? kernel.Product == Product.InputGradientSingle
        : kernel.Product == Product.ForwardSingle && !nest.Accumulates && nest.Reduction is not null;

    /// <summary>The most, or a divisor of the rows that is at most a fifth lower: it costs hardly more and needs no tile for what is left.</summary>
    private static int WithoutRemainder(int rows, int most)
    {
        for (var height = most; height * 5 >= most * 4; height--)
        {
            if (rows % height == 0)
            {
                return height;
            }
        }

        return most;
    }

    private static int Fastest(int rows, int most, int sumsPerRow)
    {
        var best = 1;
        var bestCycles = double.MaxValue;
        for (var height = most; height >= 1; height--)
        {
            var cycles = 0.0;
            var left = rows;
            foreach (var tile in Heights(height))
            {
                cycles += left / tile * Cycles(tile * sumsPerRow);
                left %= tile;
            }

            if (cycles <= bestCycles)
            {
                best = height;
                bestCycles = cycles;
            }
        }

        return best;
    }

    /// <summary>Cycles of one reduction step of a tile: two multiply-adds each, or their latency, and some overhead.</summary>
    private static double Cycles(int sums) => Math.Max(sums / 2.0, SumsInFlight / 2.0) + 0.25;

    private static EquatableArray<int> One => Sizes(1);

    private static EquatableArray<int> Sizes(params int[] sizes) => sizes.ToEquatableArray();

    /// <summary>A tile for whole batches, one a third as high for what is left, and one for single rows.</summary>
    private static EquatableArray<int> Heights(int height) => new[] { height, (height + 1) / 3, 1 }
        .Where(size => size >= 1)
        .Distinct()
        .ToEquatableArray();
}
