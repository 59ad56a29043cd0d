using System.Runtime.CompilerServices;

namespace Whittle;

/// <summary>
/// Copies one panel of the gradients of a batch, so that the weight gradient finds its rows side by side: in place they are as far
/// apart as the layer is wide, a page each in a layer of a thousand outputs.
/// </summary>
public static class PanelPacking
{
    /// <summary>Writes the gradients of the outputs of a panel: [B][w].</summary>
    /// <param name="gradients">d, [B][stride].</param>
    /// <param name="panel">Index of the panel.</param>
    /// <param name="packed">Receives the B rows of w floats each.</param>
    /// <param name="rows">B.</param>
    /// <param name="stride">Floats from one row of d to the next.</param>
    /// <param name="width">w, a multiple of 8.</param>
    public static void Run(ref float gradients, nuint panel, ref float packed, nuint rows, nuint stride, nuint width)
    {
        ref var source = ref Unsafe.Add(ref gradients, panel * width);
        ref var target = ref packed;
        for (nuint row = 0; row < rows; row++)
        {
            for (nuint column = 0; column < width; column += 8)
            {
                Unsafe.CopyBlock(ref Unsafe.As<float, byte>(ref Unsafe.Add(ref target, column)), ref Unsafe.As<float, byte>(ref Unsafe.Add(ref source, column)), 8 * sizeof(float));
            }

            source = ref Unsafe.Add(ref source, stride);
            target = ref Unsafe.Add(ref target, width);
        }
    }
}
