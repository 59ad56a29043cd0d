using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Whittle;

/// <summary>
/// Turns the rows of some nodes into a panel, so that the forward product of a layer with a row of parameters for each node can run as
/// broadcasts times vectors.
/// </summary>
public static class NodeTransposition
{
    /// <summary>Writes biases and weights of w nodes: [inputCount + 1][w], with zeros where the list of nodes has ended.</summary>
    /// <param name="parameters">W and b, [nOut][stride].</param>
    /// <param name="nodes">A list of nodes.</param>
    /// <param name="entry">Position in the list of the first node of the panel.</param>
    /// <param name="nodeCount">Length of the list.</param>
    /// <param name="columns">A list of inputs; not read if it names all.</param>
    /// <param name="columnCount">Length of that list.</param>
    /// <param name="transposed">Receives the biases and then a row for each listed input; rows up to the next multiple of a vector may be written too.</param>
    /// <param name="inputs">nIn.</param>
    /// <param name="width">w.</param>
    public static unsafe void Run(
        ref float parameters, ref int nodes, nuint entry, nuint nodeCount, ref int columns, nuint columnCount, ref float transposed, nuint inputs, nuint width)
    {
        var stride = (nuint)NodeRowLayout.Stride((int)inputs);
        var bias = (nuint)NodeRowLayout.BiasColumn((int)inputs);
        var count = nuint.Min(width, nodeCount - entry);
        var offsets = stackalloc nuint[(int)width];
        for (nuint lane = 0; lane < width; lane++)
        {
            // Lanes without a node repeat the last one until they are cleared.
            offsets[lane] = (nuint)Unsafe.Add(ref nodes, entry + nuint.Min(lane, count - 1)) * stride;
            Unsafe.Add(ref transposed, lane) = Unsafe.Add(ref parameters, offsets[lane] + bias);
        }

        ref var weights = ref Unsafe.Add(ref transposed, width);
        var block = Avx512F.IsSupported && width == 32 ? 16u : Avx.IsSupported && width == 16 ? 8u : Sse.IsSupported && width == 8 ? 4u : 0u;
        if (columnCount < inputs || block == 0)
        {
            for (nuint lane = 0; lane < width; lane++)
            {
                Elements(ref Unsafe.Add(ref parameters, offsets[lane]), ref columns, columnCount, columnCount == inputs, ref Unsafe.Add(ref weights, lane), width);
            }
        }
        else
        {
            // The padding of a node's row is as long as a block is wide.
            for (nuint column = 0; column < inputs; column += block)
            {
                for (nuint lane = 0; lane < width; lane += block)
                {
                    var rows = new ScatteredRows(offsets + lane);
                    ref var from = ref Unsafe.Add(ref parameters, column);
                    ref var to = ref Unsafe.Add(ref weights, (column * width) + lane);
                    switch (block)
                    {
                        case 16:
                            BlockTransposition.Block16(rows, ref from, ref to);
                            break;
                        case 8:
                            BlockTransposition.Block8(rows, ref from, ref to);
                            break;
                        default:
                            BlockTransposition.Block4(rows, ref from, ref to);
                            break;
                    }
                }
            }
        }

        if (count < width)
        {
            for (nuint row = 0; row <= columnCount; row++)
            {
                System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref Unsafe.Add(ref transposed, (row * width) + count), (int)(width - count)).Clear();
            }
        }
    }

    /// <summary>The weights of one node to its lane of the panel.</summary>
    private static void Elements(ref float row, ref int columns, nuint count, bool areAll, ref float lane, nuint width)
    {
        for (nuint position = 0; position < count; position++)
        {
            lane = Unsafe.Add(ref row, areAll ? (nint)position : Unsafe.Add(ref columns, position));
            lane = ref Unsafe.Add(ref lane, width);
        }
    }
}
