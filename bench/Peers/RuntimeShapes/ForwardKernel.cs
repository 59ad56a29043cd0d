using System.Runtime.CompilerServices;

namespace Whittle.Bench.Peers.RuntimeShapes;

/// <summary>a = f(xW + b): register tiles of up to ten rows by a panel's two vectors.</summary>
internal static class ForwardKernel
{
    /// <summary>The product for a batch.</summary>
    public static void Run<TVector>(LayerShape shape, ref float parameters, ref float input, ref float output, nuint rows, nuint inputStride, nuint outputStride, bool relu)
        where TVector : struct, IVector<TVector>
    {
        for (nuint panel = 0; panel < shape.Panels; panel++)
        {
            ref var weights = ref Unsafe.Add(ref parameters, panel * shape.PanelSize);
            ref var target = ref Unsafe.Add(ref output, panel * 2 * TVector.Lanes);
            if (panel < shape.WholePanels)
            {
                RunPanel<TVector, WholePanel>((nuint)shape.Inputs, ref weights, ref input, ref target, rows, inputStride, outputStride, relu);
            }
            else
            {
                RunPanel<TVector, HalfPanel>((nuint)shape.Inputs, ref weights, ref input, ref target, rows, inputStride, outputStride, relu);
            }
        }
    }

    /// <summary>The product with one panel: <paramref name="inputs"/> rows of two vectors, then the bias.</summary>
    public static void RunPanel<TVector, TPanel>(nuint inputs, ref float parameters, ref float input, ref float output, nuint rows, nuint inputStride, nuint outputStride, bool relu)
        where TVector : struct, IVector<TVector>
        where TPanel : struct, IPanel
    {
        nuint row = 0;
        for (; TVector.HasManyRegisters && row + 10 <= rows; row += 10)
        {
            Tile10<TVector, TPanel>(ref parameters, ref Unsafe.Add(ref input, row * inputStride), ref Unsafe.Add(ref output, row * outputStride), inputs, inputStride, outputStride, relu);
        }

        for (; row + 5 <= rows; row += 5)
        {
            Tile5<TVector, TPanel>(ref parameters, ref Unsafe.Add(ref input, row * inputStride), ref Unsafe.Add(ref output, row * outputStride), inputs, inputStride, outputStride, relu);
        }

        for (; row + 2 <= rows; row += 2)
        {
            Tile2<TVector, TPanel>(ref parameters, ref Unsafe.Add(ref input, row * inputStride), ref Unsafe.Add(ref output, row * outputStride), inputs, inputStride, outputStride, relu);
        }

        for (; row < rows; row++)
        {
            Tile1<TVector, TPanel>(ref parameters, ref Unsafe.Add(ref input, row * inputStride), ref Unsafe.Add(ref output, row * outputStride), inputs, inputStride, outputStride, relu);
        }
    }

    private static void Tile10<TVector, TPanel>(ref float parameters, ref float input, ref float output, nuint inputs, nuint inputStride, nuint outputStride, bool relu)
        where TVector : struct, IVector<TVector>
        where TPanel : struct, IPanel
    {
        var width = 2 * TVector.Lanes;
        var lanes = TVector.Lanes;
        ref var x1 = ref Unsafe.Add(ref input, inputStride * 1);
        ref var x2 = ref Unsafe.Add(ref input, inputStride * 2);
        ref var x3 = ref Unsafe.Add(ref input, inputStride * 3);
        ref var x4 = ref Unsafe.Add(ref input, inputStride * 4);
        ref var x5 = ref Unsafe.Add(ref input, inputStride * 5);
        ref var x6 = ref Unsafe.Add(ref input, inputStride * 6);
        ref var x7 = ref Unsafe.Add(ref input, inputStride * 7);
        ref var x8 = ref Unsafe.Add(ref input, inputStride * 8);
        ref var x9 = ref Unsafe.Add(ref input, inputStride * 9);
        var bias = TVector.Load(ref parameters, inputs * width);
        var bias2 = TPanel.HasSecondVector ? TVector.Load(ref parameters, (inputs * width) + lanes) : default;
        TVector a0 = bias, a1 = bias, a2 = bias, a3 = bias, a4 = bias, a5 = bias, a6 = bias, a7 = bias, a8 = bias, a9 = bias;
        TVector b0 = bias2, b1 = bias2, b2 = bias2, b3 = bias2, b4 = bias2, b5 = bias2, b6 = bias2, b7 = bias2, b8 = bias2, b9 = bias2;
        for (nuint column = 0; column < inputs; column++)
        {
            var w = TVector.Load(ref parameters, column * width);
            var w2 = TPanel.HasSecondVector ? TVector.Load(ref parameters, (column * width) + lanes) : default;
            var v0 = TVector.Create(Unsafe.Add(ref input, column));
            a0 = TVector.MultiplyAdd(v0, w, a0);
            b0 = TPanel.HasSecondVector ? TVector.MultiplyAdd(v0, w2, b0) : b0;
            var v1 = TVector.Create(Unsafe.Add(ref x1, column));
            a1 = TVector.MultiplyAdd(v1, w, a1);
            b1 = TPanel.HasSecondVector ? TVector.MultiplyAdd(v1, w2, b1) : b1;
            var v2 = TVector.Create(Unsafe.Add(ref x2, column));
            a2 = TVector.MultiplyAdd(v2, w, a2);
            b2 = TPanel.HasSecondVector ? TVector.MultiplyAdd(v2, w2, b2) : b2;
            var v3 = TVector.Create(Unsafe.Add(ref x3, column));
            a3 = TVector.MultiplyAdd(v3, w, a3);
            b3 = TPanel.HasSecondVector ? TVector.MultiplyAdd(v3, w2, b3) : b3;
            var v4 = TVector.Create(Unsafe.Add(ref x4, column));
            a4 = TVector.MultiplyAdd(v4, w, a4);
            b4 = TPanel.HasSecondVector ? TVector.MultiplyAdd(v4, w2, b4) : b4;
            var v5 = TVector.Create(Unsafe.Add(ref x5, column));
            a5 = TVector.MultiplyAdd(v5, w, a5);
            b5 = TPanel.HasSecondVector ? TVector.MultiplyAdd(v5, w2, b5) : b5;
            var v6 = TVector.Create(Unsafe.Add(ref x6, column));
            a6 = TVector.MultiplyAdd(v6, w, a6);
            b6 = TPanel.HasSecondVector ? TVector.MultiplyAdd(v6, w2, b6) : b6;
            var v7 = TVector.Create(Unsafe.Add(ref x7, column));
            a7 = TVector.MultiplyAdd(v7, w, a7);
            b7 = TPanel.HasSecondVector ? TVector.MultiplyAdd(v7, w2, b7) : b7;
            var v8 = TVector.Create(Unsafe.Add(ref x8, column));
            a8 = TVector.MultiplyAdd(v8, w, a8);
            b8 = TPanel.HasSecondVector ? TVector.MultiplyAdd(v8, w2, b8) : b8;
            var v9 = TVector.Create(Unsafe.Add(ref x9, column));
            a9 = TVector.MultiplyAdd(v9, w, a9);
            b9 = TPanel.HasSecondVector ? TVector.MultiplyAdd(v9, w2, b9) : b9;
        }

        Store<TVector, TPanel>(a0, b0, ref output, relu);
        Store<TVector, TPanel>(a1, b1, ref Unsafe.Add(ref output, outputStride * 1), relu);
        Store<TVector, TPanel>(a2, b2, ref Unsafe.Add(ref output, outputStride * 2), relu);
        Store<TVector, TPanel>(a3, b3, ref Unsafe.Add(ref output, outputStride * 3), relu);
        Store<TVector, TPanel>(a4, b4, ref Unsafe.Add(ref output, outputStride * 4), relu);
        Store<TVector, TPanel>(a5, b5, ref Unsafe.Add(ref output, outputStride * 5), relu);
        Store<TVector, TPanel>(a6, b6, ref Unsafe.Add(ref output, outputStride * 6), relu);
        Store<TVector, TPanel>(a7, b7, ref Unsafe.Add(ref output, outputStride * 7), relu);
        Store<TVector, TPanel>(a8, b8, ref Unsafe.Add(ref output, outputStride * 8), relu);
        Store<TVector, TPanel>(a9, b9, ref Unsafe.Add(ref output, outputStride * 9), relu);
    }

    private static void Tile5<TVector, TPanel>(ref float parameters, ref float input, ref float output, nuint inputs, nuint inputStride, nuint outputStride, bool relu)
        where TVector : struct, IVector<TVector>
        where TPanel : struct, IPanel
    {
        var width = 2 * TVector.Lanes;
        var lanes = TVector.Lanes;
        ref var x1 = ref Unsafe.Add(ref input, inputStride * 1);
        ref var x2 = ref Unsafe.Add(ref input, inputStride * 2);
        ref var x3 = ref Unsafe.Add(ref input, inputStride * 3);
        ref var x4 = ref Unsafe.Add(ref input, inputStride * 4);
        var bias = TVector.Load(ref parameters, inputs * width);
        var bias2 = TPanel.HasSecondVector ? TVector.Load(ref parameters, (inputs * width) + lanes) : default;
        TVector a0 = bias, a1 = bias, a2 = bias, a3 = bias, a4 = bias;
        TVector b0 = bias2, b1 = bias2, b2 = bias2, b3 = bias2, b4 = bias2;
        for (nuint column = 0; column < inputs; column++)
        {
            var w = TVector.Load(ref parameters, column * width);
            var w2 = TPanel.HasSecondVector ? TVector.Load(ref parameters, (column * width) + lanes) : default;
            var v0 = TVector.Create(Unsafe.Add(ref input, column));
            a0 = TVector.MultiplyAdd(v0, w, a0);
            b0 = TPanel.HasSecondVector ? TVector.MultiplyAdd(v0, w2, b0) : b0;
            var v1 = TVector.Create(Unsafe.Add(ref x1, column));
            a1 = TVector.MultiplyAdd(v1, w, a1);
            b1 = TPanel.HasSecondVector ? TVector.MultiplyAdd(v1, w2, b1) : b1;
            var v2 = TVector.Create(Unsafe.Add(ref x2, column));
            a2 = TVector.MultiplyAdd(v2, w, a2);
            b2 = TPanel.HasSecondVector ? TVector.MultiplyAdd(v2, w2, b2) : b2;
            var v3 = TVector.Create(Unsafe.Add(ref x3, column));
            a3 = TVector.MultiplyAdd(v3, w, a3);
            b3 = TPanel.HasSecondVector ? TVector.MultiplyAdd(v3, w2, b3) : b3;
            var v4 = TVector.Create(Unsafe.Add(ref x4, column));
            a4 = TVector.MultiplyAdd(v4, w, a4);
            b4 = TPanel.HasSecondVector ? TVector.MultiplyAdd(v4, w2, b4) : b4;
        }

        Store<TVector, TPanel>(a0, b0, ref output, relu);
        Store<TVector, TPanel>(a1, b1, ref Unsafe.Add(ref output, outputStride * 1), relu);
        Store<TVector, TPanel>(a2, b2, ref Unsafe.Add(ref output, outputStride * 2), relu);
        Store<TVector, TPanel>(a3, b3, ref Unsafe.Add(ref output, outputStride * 3), relu);
        Store<TVector, TPanel>(a4, b4, ref Unsafe.Add(ref output, outputStride * 4), relu);
    }

    private static void Tile2<TVector, TPanel>(ref float parameters, ref float input, ref float output, nuint inputs, nuint inputStride, nuint outputStride, bool relu)
        where TVector : struct, IVector<TVector>
        where TPanel : struct, IPanel
    {
        var width = 2 * TVector.Lanes;
        var lanes = TVector.Lanes;
        ref var x1 = ref Unsafe.Add(ref input, inputStride * 1);
        var bias = TVector.Load(ref parameters, inputs * width);
        var bias2 = TPanel.HasSecondVector ? TVector.Load(ref parameters, (inputs * width) + lanes) : default;
        TVector a0 = bias, a1 = bias;
        TVector b0 = bias2, b1 = bias2;
        for (nuint column = 0; column < inputs; column++)
        {
            var w = TVector.Load(ref parameters, column * width);
            var w2 = TPanel.HasSecondVector ? TVector.Load(ref parameters, (column * width) + lanes) : default;
            var v0 = TVector.Create(Unsafe.Add(ref input, column));
            a0 = TVector.MultiplyAdd(v0, w, a0);
            b0 = TPanel.HasSecondVector ? TVector.MultiplyAdd(v0, w2, b0) : b0;
            var v1 = TVector.Create(Unsafe.Add(ref x1, column));
            a1 = TVector.MultiplyAdd(v1, w, a1);
            b1 = TPanel.HasSecondVector ? TVector.MultiplyAdd(v1, w2, b1) : b1;
        }

        Store<TVector, TPanel>(a0, b0, ref output, relu);
        Store<TVector, TPanel>(a1, b1, ref Unsafe.Add(ref output, outputStride * 1), relu);
    }

    private static void Tile1<TVector, TPanel>(ref float parameters, ref float input, ref float output, nuint inputs, nuint inputStride, nuint outputStride, bool relu)
        where TVector : struct, IVector<TVector>
        where TPanel : struct, IPanel
    {
        var width = 2 * TVector.Lanes;
        var lanes = TVector.Lanes;
        var bias = TVector.Load(ref parameters, inputs * width);
        var bias2 = TPanel.HasSecondVector ? TVector.Load(ref parameters, (inputs * width) + lanes) : default;
        TVector a0 = bias;
        TVector b0 = bias2;
        for (nuint column = 0; column < inputs; column++)
        {
            var w = TVector.Load(ref parameters, column * width);
            var w2 = TPanel.HasSecondVector ? TVector.Load(ref parameters, (column * width) + lanes) : default;
            var v0 = TVector.Create(Unsafe.Add(ref input, column));
            a0 = TVector.MultiplyAdd(v0, w, a0);
            b0 = TPanel.HasSecondVector ? TVector.MultiplyAdd(v0, w2, b0) : b0;
        }

        Store<TVector, TPanel>(a0, b0, ref output, relu);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TVector, TPanel>(TVector first, TVector second, ref float output, bool relu)
        where TVector : struct, IVector<TVector>
        where TPanel : struct, IPanel
    {
        TVector.Store(relu ? TVector.MaxWithZero(first) : first, ref output, 0);
        if (TPanel.HasSecondVector)
        {
            TVector.Store(relu ? TVector.MaxWithZero(second) : second, ref output, TVector.Lanes);
        }
    }
}
