using Whittle.Generator.Lowering;

namespace Whittle.Kernels.Tests;

/// <summary>What turning a panel round means, one float at a time.</summary>
internal static class PanelTransposed
{
    public static void Fill(KernelMemory memory, Transposition shape, int column, int width)
    {
        var parameters = memory.Floats["parameters"];
        for (var output = 0; output < shape.Outputs; output++)
        {
            for (var lane = 0; lane < width; lane++)
            {
                memory.Floats["transposed"][(output * width) + lane] = column + lane < shape.Inputs
                    ? parameters[(output / width * (shape.Inputs + 1) * width) + ((column + lane) * width) + (output % width)]
                    : 0;
            }
        }
    }
}
