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
    private const int SumsInFlight = 8;

    public static int PanelWidth(InstructionTable isa) => VectorsPerPanel * isa.Lanes;

    public static Schedule Choose(KernelSpec kernel, Nest nest, InstructionTable isa)
    {
        var fits = kernel.Inputs * kernel.Outputs <= Limits.FullUnroll;
        var (outer, inner, unroll) = kernel.Product switch
        {
            Product.Forward => (One, Halving(kernel.TileRows), fits ? 0 : 1),
            Product.ForwardSingle => (Sizes(SumsInFlight / VectorsPerPanel, 1), One, 1),
            Product.InputGradient => (Sizes(DotProducts, 1), Halving(kernel.TileRows), fits ? 0 : 1),
            Product.WeightGradient when nest.Inner is not null => (One, Sizes(kernel.TileRows, 1), 1),
            Product.WeightGradientSingle when nest.Inner is not null => (Sizes(2, 1), One, 1),
            _ => (One, One, 1),
        };
        return new Schedule(isa.Lanes, PanelWidth(isa), outer, inner, unroll, kernel.Product == Product.ForwardSingle ? SumsInFlight : 0);
    }

    /// <summary>
    /// The height of the register tile: of those whose sums and operands fit the registers, the one that computes the
    /// declared batch in the fewest cycles. A weight gradient's tile counts inputs, and takes the most.
    /// </summary>
    public static int TileRows(Product product, int rows, InstructionTable isa) => product switch
    {
        // The panel's vectors and one broadcast stay in registers beside the sums.
        Product.Forward => Fastest(rows, (isa.Registers - VectorsPerPanel - 1) / VectorsPerPanel, VectorsPerPanel),
        Product.WeightGradient => Math.Min(12, (isa.Registers - VectorsPerPanel - 1) / VectorsPerPanel),
        // Each row's gradient and one vector of weights stay in registers beside the sums.
        Product.InputGradient => Fastest(rows, (isa.Registers - 1) / (DotProducts + 1), DotProducts),
        _ => 1,
    };

    private static int Fastest(int rows, int most, int sumsPerRow)
    {
        var best = 1;
        var bestCycles = double.MaxValue;
        for (var height = most; height >= 1; height--)
        {
            var cycles = 0.0;
            var left = rows;
            foreach (var tile in Halving(height))
            {
                cycles += left / tile * Cycles(tile * sumsPerRow);
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
    private static double Cycles(int sums) => Math.Max(sums / 2.0, SumsInFlight / 2.0) + 0.25;

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
}
