using Whittle.Generator.Isa;
using Whittle.Generator.Lowering;
using Whittle.Generator.Model;

namespace Whittle.Generator.Scheduling;

/// <summary>Chooses schedules by a heuristic; it never looks at the processor that it runs on.</summary>
internal static class Scheduler
{
    /// <summary>Vectors in a panel of the parameters.</summary>
    private const int VectorsPerPanel = 2;

    /// <summary>Sums that must be in flight to hide the latency of a multiply-add: 4 cycles, 2 a cycle.</summary>
    private const int SumsInFlight = 8;

    public static int PanelWidth(InstructionTable isa) => VectorsPerPanel * isa.Lanes;

    public static Schedule Choose(KernelSpec kernel, Nest nest, InstructionTable isa)
    {
        var fits = kernel.Inputs * kernel.Outputs <= Limits.FullUnroll;
        var (outer, inner, unroll) = kernel.Product switch
        {
            Product.Forward => (One, Halving(kernel.TileRows), fits ? 0 : 2),
            Product.ForwardSingle => (Sizes(SumsInFlight / VectorsPerPanel, 1), One, 1),
            Product.InputGradient => (Sizes(4, 1), Counting(kernel.TileRows), fits ? 0 : 1),
            Product.WeightGradient when nest.Inner is not null => (One, Counting(kernel.TileRows), 2),
            Product.WeightGradientSingle when nest.Inner is not null => (Sizes(2, 1), One, 1),
            _ => (One, One, 1),
        };
        return new Schedule(isa.Lanes, PanelWidth(isa), outer, inner, unroll);
    }

    /// <summary>
    /// The height of the register tile: of those that leave room for the panel's vectors and a broadcast, the one that
    /// computes the declared batch (or, for a weight gradient, all inputs) in the fewest cycles.
    /// </summary>
    public static int TileRows(Product product, int rows, InstructionTable isa) => product switch
    {
        Product.Forward => Fastest(rows, (isa.Registers - VectorsPerPanel - 1) / VectorsPerPanel),
        Product.WeightGradient => (isa.Registers - VectorsPerPanel - 1) / VectorsPerPanel is var most && most > 8 ? 12 : most,
        // Four dot products a row: their sums, a vector of weights for each, one of the gradient.
        Product.InputGradient => Math.Max(1, (isa.Registers - 4) / 5 + (isa.Registers == 16 ? 1 : 0)),
        _ => 1,
    };

    private static int Fastest(int rows, int most)
    {
        var best = 1;
        var bestCycles = double.MaxValue;
        for (var height = most; height >= 1; height--)
        {
            var cycles = 0.0;
            var left = rows;
            foreach (var tile in Halving(height))
            {
                cycles += left / tile * Cycles(tile);
                left %= tile;
            }

            if (cycles < bestCycles)
            {
                best = height;
                bestCycles = cycles;
            }
        }

        return best;
    }

    /// <summary>Cycles of one reduction step of a tile: two multiply-adds each, or their latency, and some overhead.</summary>
    private static double Cycles(int tileRows) =>
        Math.Max(tileRows * VectorsPerPanel / 2.0, SumsInFlight / 2.0) + 0.25;

    private static EquatableArray<int> One => Sizes(1);

    private static EquatableArray<int> Sizes(params int[] sizes) => sizes.ToEquatableArray();

    private static EquatableArray<int> Halving(int height)
    {
        var sizes = new List<int>();
        for (; height > 1; height /= 2)
        {
            sizes.Add(height);
        }

        sizes.Add(1);
        return sizes.ToEquatableArray();
    }

    private static EquatableArray<int> Counting(int height) =>
        Enumerable.Range(0, height).Select(index => height - index).ToEquatableArray();
}
