using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Whittle;

/// <summary>
/// Turns a panel of columns of a layer's weights into rows, so that the gradient of the inputs can run as broadcasts
/// times vectors as the forward product does, without a second copy of the weights.
/// </summary>
public static class PanelTransposition
{
    /// <summary>Writes W^T of the inputs from <paramref name="column"/> on: [nOut][w], with zeros where there is no input.</summary>
    /// <param name="parameters">W and b in panels, [P][nIn + 1][w].</param>
    /// <param name="column">The first input, a multiple of w.</param>
    /// <param name="transposed">Receives the nOut rows of w floats each.</param>
    /// <param name="inputs">nIn.</param>
    /// <param name="outputs">nOut; the rows up to the next multiple of a vector may be written too.</param>
    /// <param name="width">w.</param>
    public static void Run(ref float parameters, nuint column, ref float transposed, nuint inputs, nuint outputs, nuint width)
    {
        var panelLength = (inputs + 1) * width;
        var count = nuint.Min(width, inputs - column);
        var block = Avx512F.IsSupported && width == 32 ? 16u : Avx.IsSupported && width == 16 ? 8u : 0u;
        ref var source = ref Unsafe.Add(ref parameters, column * width);
        for (nuint output = 0; output < outputs; output += width)
        {
            ref var target = ref Unsafe.Add(ref transposed, output * width);
            var valid = nuint.Min(width, outputs - output);
            if (block == 0 || count < width)
            {
                Elements(ref source, ref target, count, valid, width);
            }
            else
            {
                for (nuint row = 0; row < valid; row += block)
                {
                    for (nuint input = 0; input < width; input += block)
                    {
                        ref var from = ref Unsafe.Add(ref source, (input * width) + row);
                        ref var to = ref Unsafe.Add(ref target, (row * width) + input);
                        if (block == 16)
                        {
                            BlockTransposition.Block16(new EquidistantRows(32), ref from, ref to);
                        }
                        else
                        {
                            BlockTransposition.Block8(new EquidistantRows(16), ref from, ref to);
                        }
                    }
                }
            }

            source = ref Unsafe.Add(ref source, panelLength);
        }
    }

    private static void Elements(ref float source, ref float target, nuint count, nuint outputs, nuint width)
    {
        for (nuint output = 0; output < outputs; output++)
        {
            for (nuint input = 0; input < width; input++)
            {
                Unsafe.Add(ref target, (output * width) + input) = input < count ? Unsafe.Add(ref source, (input * width) + output) : 0;
            }
        }
    }
}
