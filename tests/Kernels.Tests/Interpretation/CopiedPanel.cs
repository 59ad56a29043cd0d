using Whittle.Generator.Lowering;

namespace Whittle.Kernels.Tests;

/// <summary>What copying a panel means, one float at a time.</summary>
internal static class CopiedPanel
{
    public static void Fill(KernelMemory memory, PanelCopy copy, int position, int width)
    {
        switch (copy)
        {
            case TransposedInputs shape:
                Fill(memory, copy, shape.Outputs, width, (output, lane) => position + lane < shape.Inputs
                    ? (output / width * (shape.Inputs + 1) * width) + ((position + lane) * width) + (output % width)
                    : null);
                break;
            case TransposedNodes listed:
                var nodes = memory.List(listed.Nodes).ToArray();
                var columns = memory.List(listed.Columns).ToArray();
                Fill(memory, copy, columns.Length + 1, width, (row, lane) => position + lane < nodes.Length
                    ? (nodes[position + lane] * NodeRowLayout.Stride(listed.Inputs)) + (row == 0 ? NodeRowLayout.BiasColumn(listed.Inputs) : columns[row - 1])
                    : null);
                break;
            case PackedGradients packed:
                Fill(memory, copy, memory.Numbers["rows"], width, (row, lane) => (row * packed.Stride) + (position * width) + lane);
                break;
            default:
                throw new InvalidOperationException(copy.ToString());
        }
    }

    private static void Fill(KernelMemory memory, PanelCopy copy, int rows, int width, Func<int, int, int?> source)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var lane = 0; lane < width; lane++)
            {
                memory.Of(copy.Target)[(row * width) + lane] = source(row, lane) is { } at ? memory.Of(copy.Source)[at] : 0;
            }
        }
    }
}
