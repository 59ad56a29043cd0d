using System.Runtime.CompilerServices;

namespace Whittle.Bench.Peers.RuntimeShapes;

/// <summary>W -= rate * x^T d and the same for the biases: tiles of up to twelve inputs by a panel's two vectors.</summary>
internal static class WeightGradientKernel
{
    /// <summary>The product for a batch, and the update.</summary>
    public static void Run<TVector>(LayerShape shape, ref float parameters, ref float input, ref float outputGradient, nuint rows, nuint inputStride, nuint outputStride, float rate)
        where TVector : struct, IVector<TVector>
    {
        for (nuint panel = 0; panel < shape.Panels; panel++)
        {
            ref var weights = ref Unsafe.Add(ref parameters, panel * shape.PanelSize);
            ref var gradient = ref Unsafe.Add(ref outputGradient, panel * 2 * TVector.Lanes);
            if (panel < shape.WholePanels)
            {
                RunPanel<TVector, WholePanel>((nuint)shape.Inputs, ref weights, ref input, ref gradient, rows, inputStride, outputStride, rate);
            }
            else
            {
                RunPanel<TVector, HalfPanel>((nuint)shape.Inputs, ref weights, ref input, ref gradient, rows, inputStride, outputStride, rate);
            }
        }
    }

    /// <summary>Whether a batch is copied into the order of the tiles.</summary>
    public static bool Packs(LayerShape shape, nuint rows) => GradientPacking.Applies((int)rows, shape.Inputs, shape.Outputs);

    /// <summary>The same from copies of the inputs, in blocks of a tile's, and of each panel's gradients.</summary>
    public static unsafe void RunPacked<TVector>(
        LayerShape shape, ref float parameters, ref float input, ref float outputGradient, Span<float> blocks, Span<float> packedGradient, nuint rows, nuint inputStride, nuint outputStride, float rate)
        where TVector : struct, IVector<TVector>
    {
        var width = 2 * TVector.Lanes;
        var height = (nuint)GradientPacking.Height((int)width);
        fixed (float* from = &input, to = blocks)
        {
            InputPacking.Run(from, inputStride, shape.Inputs, (int)rows, (int)height, to, 0, GradientPacking.Blocks(shape.Inputs, (int)width));
        }

        for (nuint panel = 0; panel < shape.Panels; panel++)
        {
            PanelPacking.Run(ref outputGradient, panel, ref packedGradient[0], rows, outputStride, width);
            for (nuint column = 0; column <= (nuint)shape.Inputs; column += height)
            {
                ref var weights = ref Unsafe.Add(ref parameters, (panel * shape.PanelSize) + (column * width));
                ref var block = ref blocks[(int)(column * rows)];
                if (panel < shape.WholePanels)
                {
                    RunBlock<TVector, WholePanel>(nuint.Min(height, (nuint)shape.Inputs + 1 - column), ref weights, ref block, ref packedGradient[0], rows, height, width, rate);
                }
                else
                {
                    RunBlock<TVector, HalfPanel>(nuint.Min(height, (nuint)shape.Inputs + 1 - column), ref weights, ref block, ref packedGradient[0], rows, height, width, rate);
                }
            }
        }
    }

    private static void RunPanel<TVector, TPanel>(nuint inputs, ref float parameters, ref float input, ref float outputGradient, nuint rows, nuint inputStride, nuint outputStride, float rate)
        where TVector : struct, IVector<TVector>
        where TPanel : struct, IPanel
    {
        RunBlock<TVector, TPanel>(inputs, ref parameters, ref input, ref outputGradient, rows, inputStride, outputStride, rate);
        Bias<TVector, TPanel>(ref outputGradient, ref Unsafe.Add(ref parameters, inputs * 2 * TVector.Lanes), rows, outputStride, rate);
    }

    private static void RunBlock<TVector, TPanel>(nuint inputs, ref float parameters, ref float input, ref float outputGradient, nuint rows, nuint inputStride, nuint outputStride, float rate)
        where TVector : struct, IVector<TVector>
        where TPanel : struct, IPanel
    {
        var width = 2 * TVector.Lanes;
        nuint column = 0;
        for (; TVector.HasManyRegisters && column + 12 <= inputs; column += 12)
        {
            Tile12<TVector, TPanel>(ref Unsafe.Add(ref input, column), ref outputGradient, ref Unsafe.Add(ref parameters, column * width), rows, inputStride, outputStride, rate);
        }

        for (; column + 6 <= inputs; column += 6)
        {
            Tile6<TVector, TPanel>(ref Unsafe.Add(ref input, column), ref outputGradient, ref Unsafe.Add(ref parameters, column * width), rows, inputStride, outputStride, rate);
        }

        for (; column + 4 <= inputs; column += 4)
        {
            Tile4<TVector, TPanel>(ref Unsafe.Add(ref input, column), ref outputGradient, ref Unsafe.Add(ref parameters, column * width), rows, inputStride, outputStride, rate);
        }

        for (; column < inputs; column++)
        {
            Tile1<TVector, TPanel>(ref Unsafe.Add(ref input, column), ref outputGradient, ref Unsafe.Add(ref parameters, column * width), rows, inputStride, outputStride, rate);
        }
    }

    private static void Tile12<TVector, TPanel>(ref float input, ref float outputGradient, ref float parameters, nuint rows, nuint inputStride, nuint outputStride, float rate)
        where TVector : struct, IVector<TVector>
        where TPanel : struct, IPanel
    {
        var lanes = TVector.Lanes;
        Prefetch(ref parameters, 24 * lanes);
        TVector a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default, a8 = default, a9 = default, a10 = default, a11 = default;
        TVector b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default, b6 = default, b7 = default, b8 = default, b9 = default, b10 = default, b11 = default;
        for (nuint row = 0; row < rows; row++)
        {
            ref var x = ref Unsafe.Add(ref input, row * inputStride);
            var d = TVector.Load(ref outputGradient, row * outputStride);
            var d2 = TPanel.HasSecondVector ? TVector.Load(ref outputGradient, (row * outputStride) + lanes) : default;
            var x0 = TVector.Create(x);
            a0 = TVector.MultiplyAdd(x0, d, a0);
            b0 = TPanel.HasSecondVector ? TVector.MultiplyAdd(x0, d2, b0) : b0;
            var x1 = TVector.Create(Unsafe.Add(ref x, 1));
            a1 = TVector.MultiplyAdd(x1, d, a1);
            b1 = TPanel.HasSecondVector ? TVector.MultiplyAdd(x1, d2, b1) : b1;
            var x2 = TVector.Create(Unsafe.Add(ref x, 2));
            a2 = TVector.MultiplyAdd(x2, d, a2);
            b2 = TPanel.HasSecondVector ? TVector.MultiplyAdd(x2, d2, b2) : b2;
            var x3 = TVector.Create(Unsafe.Add(ref x, 3));
            a3 = TVector.MultiplyAdd(x3, d, a3);
            b3 = TPanel.HasSecondVector ? TVector.MultiplyAdd(x3, d2, b3) : b3;
            var x4 = TVector.Create(Unsafe.Add(ref x, 4));
            a4 = TVector.MultiplyAdd(x4, d, a4);
            b4 = TPanel.HasSecondVector ? TVector.MultiplyAdd(x4, d2, b4) : b4;
            var x5 = TVector.Create(Unsafe.Add(ref x, 5));
            a5 = TVector.MultiplyAdd(x5, d, a5);
            b5 = TPanel.HasSecondVector ? TVector.MultiplyAdd(x5, d2, b5) : b5;
            var x6 = TVector.Create(Unsafe.Add(ref x, 6));
            a6 = TVector.MultiplyAdd(x6, d, a6);
            b6 = TPanel.HasSecondVector ? TVector.MultiplyAdd(x6, d2, b6) : b6;
            var x7 = TVector.Create(Unsafe.Add(ref x, 7));
            a7 = TVector.MultiplyAdd(x7, d, a7);
            b7 = TPanel.HasSecondVector ? TVector.MultiplyAdd(x7, d2, b7) : b7;
            var x8 = TVector.Create(Unsafe.Add(ref x, 8));
            a8 = TVector.MultiplyAdd(x8, d, a8);
            b8 = TPanel.HasSecondVector ? TVector.MultiplyAdd(x8, d2, b8) : b8;
            var x9 = TVector.Create(Unsafe.Add(ref x, 9));
            a9 = TVector.MultiplyAdd(x9, d, a9);
            b9 = TPanel.HasSecondVector ? TVector.MultiplyAdd(x9, d2, b9) : b9;
            var x10 = TVector.Create(Unsafe.Add(ref x, 10));
            a10 = TVector.MultiplyAdd(x10, d, a10);
            b10 = TPanel.HasSecondVector ? TVector.MultiplyAdd(x10, d2, b10) : b10;
            var x11 = TVector.Create(Unsafe.Add(ref x, 11));
            a11 = TVector.MultiplyAdd(x11, d, a11);
            b11 = TPanel.HasSecondVector ? TVector.MultiplyAdd(x11, d2, b11) : b11;
        }

        var step = TVector.Create(-rate);
        Update<TVector, TPanel>(ref parameters, 0, a0, b0, step);
        Update<TVector, TPanel>(ref parameters, 2 * lanes, a1, b1, step);
        Update<TVector, TPanel>(ref parameters, 4 * lanes, a2, b2, step);
        Update<TVector, TPanel>(ref parameters, 6 * lanes, a3, b3, step);
        Update<TVector, TPanel>(ref parameters, 8 * lanes, a4, b4, step);
        Update<TVector, TPanel>(ref parameters, 10 * lanes, a5, b5, step);
        Update<TVector, TPanel>(ref parameters, 12 * lanes, a6, b6, step);
        Update<TVector, TPanel>(ref parameters, 14 * lanes, a7, b7, step);
        Update<TVector, TPanel>(ref parameters, 16 * lanes, a8, b8, step);
        Update<TVector, TPanel>(ref parameters, 18 * lanes, a9, b9, step);
        Update<TVector, TPanel>(ref parameters, 20 * lanes, a10, b10, step);
        Update<TVector, TPanel>(ref parameters, 22 * lanes, a11, b11, step);
    }

    private static void Tile6<TVector, TPanel>(ref float input, ref float outputGradient, ref float parameters, nuint rows, nuint inputStride, nuint outputStride, float rate)
        where TVector : struct, IVector<TVector>
        where TPanel : struct, IPanel
    {
        var lanes = TVector.Lanes;
        Prefetch(ref parameters, 12 * lanes);
        TVector a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
        TVector b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default;
        for (nuint row = 0; row < rows; row++)
        {
            ref var x = ref Unsafe.Add(ref input, row * inputStride);
            var d = TVector.Load(ref outputGradient, row * outputStride);
            var d2 = TPanel.HasSecondVector ? TVector.Load(ref outputGradient, (row * outputStride) + lanes) : default;
            var x0 = TVector.Create(x);
            a0 = TVector.MultiplyAdd(x0, d, a0);
            b0 = TPanel.HasSecondVector ? TVector.MultiplyAdd(x0, d2, b0) : b0;
            var x1 = TVector.Create(Unsafe.Add(ref x, 1));
            a1 = TVector.MultiplyAdd(x1, d, a1);
            b1 = TPanel.HasSecondVector ? TVector.MultiplyAdd(x1, d2, b1) : b1;
            var x2 = TVector.Create(Unsafe.Add(ref x, 2));
            a2 = TVector.MultiplyAdd(x2, d, a2);
            b2 = TPanel.HasSecondVector ? TVector.MultiplyAdd(x2, d2, b2) : b2;
            var x3 = TVector.Create(Unsafe.Add(ref x, 3));
            a3 = TVector.MultiplyAdd(x3, d, a3);
            b3 = TPanel.HasSecondVector ? TVector.MultiplyAdd(x3, d2, b3) : b3;
            var x4 = TVector.Create(Unsafe.Add(ref x, 4));
            a4 = TVector.MultiplyAdd(x4, d, a4);
            b4 = TPanel.HasSecondVector ? TVector.MultiplyAdd(x4, d2, b4) : b4;
            var x5 = TVector.Create(Unsafe.Add(ref x, 5));
            a5 = TVector.MultiplyAdd(x5, d, a5);
            b5 = TPanel.HasSecondVector ? TVector.MultiplyAdd(x5, d2, b5) : b5;
        }

        var step = TVector.Create(-rate);
        Update<TVector, TPanel>(ref parameters, 0, a0, b0, step);
        Update<TVector, TPanel>(ref parameters, 2 * lanes, a1, b1, step);
        Update<TVector, TPanel>(ref parameters, 4 * lanes, a2, b2, step);
        Update<TVector, TPanel>(ref parameters, 6 * lanes, a3, b3, step);
        Update<TVector, TPanel>(ref parameters, 8 * lanes, a4, b4, step);
        Update<TVector, TPanel>(ref parameters, 10 * lanes, a5, b5, step);
    }

    private static void Tile4<TVector, TPanel>(ref float input, ref float outputGradient, ref float parameters, nuint rows, nuint inputStride, nuint outputStride, float rate)
        where TVector : struct, IVector<TVector>
        where TPanel : struct, IPanel
    {
        var lanes = TVector.Lanes;
        Prefetch(ref parameters, 8 * lanes);
        TVector a0 = default, a1 = default, a2 = default, a3 = default;
        TVector b0 = default, b1 = default, b2 = default, b3 = default;
        for (nuint row = 0; row < rows; row++)
        {
            ref var x = ref Unsafe.Add(ref input, row * inputStride);
            var d = TVector.Load(ref outputGradient, row * outputStride);
            var d2 = TPanel.HasSecondVector ? TVector.Load(ref outputGradient, (row * outputStride) + lanes) : default;
            var x0 = TVector.Create(x);
            a0 = TVector.MultiplyAdd(x0, d, a0);
            b0 = TPanel.HasSecondVector ? TVector.MultiplyAdd(x0, d2, b0) : b0;
            var x1 = TVector.Create(Unsafe.Add(ref x, 1));
            a1 = TVector.MultiplyAdd(x1, d, a1);
            b1 = TPanel.HasSecondVector ? TVector.MultiplyAdd(x1, d2, b1) : b1;
            var x2 = TVector.Create(Unsafe.Add(ref x, 2));
            a2 = TVector.MultiplyAdd(x2, d, a2);
            b2 = TPanel.HasSecondVector ? TVector.MultiplyAdd(x2, d2, b2) : b2;
            var x3 = TVector.Create(Unsafe.Add(ref x, 3));
            a3 = TVector.MultiplyAdd(x3, d, a3);
            b3 = TPanel.HasSecondVector ? TVector.MultiplyAdd(x3, d2, b3) : b3;
        }

        var step = TVector.Create(-rate);
        Update<TVector, TPanel>(ref parameters, 0, a0, b0, step);
        Update<TVector, TPanel>(ref parameters, 2 * lanes, a1, b1, step);
        Update<TVector, TPanel>(ref parameters, 4 * lanes, a2, b2, step);
        Update<TVector, TPanel>(ref parameters, 6 * lanes, a3, b3, step);
    }

    private static void Tile1<TVector, TPanel>(ref float input, ref float outputGradient, ref float parameters, nuint rows, nuint inputStride, nuint outputStride, float rate)
        where TVector : struct, IVector<TVector>
        where TPanel : struct, IPanel
    {
        var lanes = TVector.Lanes;
        TVector a0 = default;
        TVector b0 = default;
        for (nuint row = 0; row < rows; row++)
        {
            ref var x = ref Unsafe.Add(ref input, row * inputStride);
            var d = TVector.Load(ref outputGradient, row * outputStride);
            var d2 = TPanel.HasSecondVector ? TVector.Load(ref outputGradient, (row * outputStride) + lanes) : default;
            var x0 = TVector.Create(x);
            a0 = TVector.MultiplyAdd(x0, d, a0);
            b0 = TPanel.HasSecondVector ? TVector.MultiplyAdd(x0, d2, b0) : b0;
        }

        var step = TVector.Create(-rate);
        Update<TVector, TPanel>(ref parameters, 0, a0, b0, step);
    }

    private static void Bias<TVector, TPanel>(ref float outputGradient, ref float parameters, nuint rows, nuint outputStride, float rate)
        where TVector : struct, IVector<TVector>
        where TPanel : struct, IPanel
    {
        var one = TVector.Create(1);
        TVector a = default, b = default;
        for (nuint row = 0; row < rows; row++)
        {
            a = TVector.MultiplyAdd(one, TVector.Load(ref outputGradient, row * outputStride), a);
            b = TPanel.HasSecondVector ? TVector.MultiplyAdd(one, TVector.Load(ref outputGradient, (row * outputStride) + TVector.Lanes), b) : b;
        }

        Update<TVector, TPanel>(ref parameters, 0, a, b, TVector.Create(-rate));
    }

    /// <summary>The sums run long enough to fetch the parameters that they will change.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(ref float parameters, nuint count)
    {
        const int CacheLine = 16;
        for (nuint offset = 0; offset < count; offset += CacheLine)
        {
            CachePrefetch.Line(ref parameters, offset);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Update<TVector, TPanel>(ref float parameters, nuint offset, TVector first, TVector second, TVector step)
        where TVector : struct, IVector<TVector>
        where TPanel : struct, IPanel
    {
        TVector.Store(TVector.MultiplyAdd(step, first, TVector.Load(ref parameters, offset)), ref parameters, offset);
        if (TPanel.HasSecondVector)
        {
            TVector.Store(TVector.MultiplyAdd(step, second, TVector.Load(ref parameters, offset + TVector.Lanes)), ref parameters, offset + TVector.Lanes);
        }
    }
}
