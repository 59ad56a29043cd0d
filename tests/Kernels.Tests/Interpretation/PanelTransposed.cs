using Whittle.Generator.Lowering;

namespace Whittle.Kernels.Tests;

/// <summary>What turning a panel round means, one float at a time.</summary>
internal static class PanelTransposed
{
    public static void Fill(KernelMemory memory, Transposition transposition, int position, int width)
    {
        switch (transposition)
        {
            case TransposedInputs shape:
                Fill(memory, shape.Outputs, width, (output, lane) => position + lane < shape.Inputs
                    ? (output / width * (shape.Inputs + 1) * width) + ((position + lane) * width) + (output % width)
                    : null);
                break;
            case TransposedNodes listed:
                var nodes = memory.List(listed.Nodes).ToArray();
                var columns = memory.List(listed.Columns).ToArray();
                Fill(memory, columns.Length + 1, width, (row, lane) => position + lane < nodes.Length
                    ? (nodes[position + lane] * NodeRowLayout.Stride(listed.Inputs)) + (row == 0 ? NodeRowLayout.BiasColumn(listed.Inputs) : columns[row - 1])
                    : null);
                break;
            default:
                throw new InvalidOperationException(transposition.ToString());
        }
    }

    private static void Fill(KernelMemory memory, int rows, int width, Func<int, int, int?> source)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var lane = 0; lane < width; lane++)
            {
                memory.Floats["transposed"][(row * width) + lane] = source(row, lane) is { } at ? memory.Floats["parameters"][at] : 0;
            }
        }
    }
}
