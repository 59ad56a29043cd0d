using System.Diagnostics;
using Whittle.Examples.Networks;

namespace Whittle.Examples.Measurements;

/// <summary>How long one kernel takes on buffers of its own.</summary>
/// <param name="Rows">Rows of the batch.</param>
/// <param name="Median">Median time of a run.</param>
/// <param name="GigaFlops">GFLOP/s at the median.</param>
public sealed record KernelMeasurement(int Rows, TimeSpan Median, double GigaFlops)
{
    /// <summary>Runs a kernel until tiered compilation has settled, then measures it.</summary>
    public static KernelMeasurement Run(CompiledNetwork network, KernelPlan plan, int batchSize)
    {
        var rows = plan.Product is KernelProduct.ForwardSingle or KernelProduct.WeightGradientSingle or KernelProduct.BackwardSingle ? 1 : batchSize;
        var kernels = (IRunsKernels)network;
        var memory = new LayerMemory(plan.Inputs, plan.Outputs, rows);
        memory.FillRandomly(seed: 1);
        var pass = memory.Pass(plan.Product);
        var clock = Stopwatch.StartNew();
        while (clock.ElapsedMilliseconds < 300)
        {
            kernels.Run(plan.Product, plan.Layer, 0, in pass);
        }

        var ticks = new List<long>();
        clock.Restart();
        while (clock.ElapsedMilliseconds < 200)
        {
            var start = Stopwatch.GetTimestamp();
            kernels.Run(plan.Product, plan.Layer, 0, in pass);
            ticks.Add(Stopwatch.GetTimestamp() - start);
        }

        ticks.Sort();
        var median = Stopwatch.GetElapsedTime(0, ticks[ticks.Count / 2]);
        return new KernelMeasurement(rows, median, plan.FlopsPerRow * rows / median.TotalSeconds / 1e9);
    }
}
