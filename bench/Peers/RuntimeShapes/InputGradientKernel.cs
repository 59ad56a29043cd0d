using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Whittle.Bench.Peers.RuntimeShapes;

/// <summary>
/// dL/dz below = (d W^T) where a below is positive. Small batches: dot products over panels and lanes, four inputs by up
/// to five rows side by side. Larger ones turn a panel of columns of W round and multiply as the forward product does.
/// </summary>
internal static class InputGradientKernel
{
    /// <summary>Whether turning W round pays, as the generator decides it.</summary>
    public static bool Transposes(LayerShape shape, nuint rows) => rows >= (shape.Outputs <= 2 * shape.Lanes ? 8u : 32u);

    /// <summary>The product for a batch by turning W round; padding of the parameters is zero.</summary>
    /// <param name="shape">The layer.</param>
    /// <param name="parameters">W and b in panels.</param>
    /// <param name="transposed">Scratch memory, [nOut + 1][two vectors], whose last row is zero: the product has no bias.</param>
    /// <param name="outputGradient">d.</param>
    /// <param name="input">a below.</param>
    /// <param name="inputGradient">Receives dL/dz below.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="inputStride">Floats from row to row of a and dL/dz below.</param>
    /// <param name="outputStride">The same of d.</param>
    public static void RunTransposed<TVector>(LayerShape shape, ref float parameters, ref float transposed, ref float outputGradient, ref float input, ref float inputGradient, nuint rows, nuint inputStride, nuint outputStride)
        where TVector : struct, IVector<TVector>
    {
        var (lanes, width) = (TVector.Lanes, 2 * TVector.Lanes);
        for (nuint column = 0; column < (nuint)shape.Inputs; column += width)
        {
            PanelTransposition.Run(ref parameters, column, ref transposed, (nuint)shape.Inputs, (nuint)shape.Outputs, width);
            ForwardKernel.RunPanel<TVector, WholePanel>((nuint)shape.Outputs, ref transposed, ref outputGradient, ref Unsafe.Add(ref inputGradient, column), rows, outputStride, inputStride, relu: false);

            // The generated kernel does this in the tile's epilogue; apart, it is less than a hundredth of the work.
            for (nuint row = 0; row < rows; row++)
            {
                for (var offset = (row * inputStride) + column; offset < (row * inputStride) + column + width; offset += lanes)
                {
                    TVector.Store(TVector.WherePositive(TVector.Load(ref input, offset), TVector.Load(ref inputGradient, offset)), ref inputGradient, offset);
                }
            }
        }
    }

    /// <summary>The product for a batch by dot products; padding of <paramref name="outputGradient"/> and of the parameters is zero.</summary>
    public static void Run<TVector>(LayerShape shape, ref float parameters, ref float outputGradient, ref float input, ref float inputGradient, nuint rows, nuint inputStride, nuint outputStride)
        where TVector : struct, IVector<TVector>
    {
        var width = 2 * TVector.Lanes;
        var inputs = (nuint)shape.Inputs;
        nuint column = 0;
        for (; column + 4 <= inputs; column += 4)
        {
            ref var weights = ref Unsafe.Add(ref parameters, column * width);
            nuint row = 0;
            for (; TVector.HasManyRegisters && row + 5 <= rows; row += 5)
            {
                Tile5<TVector>(ref Unsafe.Add(ref outputGradient, row * outputStride), ref weights, ref Unsafe.Add(ref input, (row * inputStride) + column), ref Unsafe.Add(ref inputGradient, (row * inputStride) + column), shape.Panels, shape.PanelSize, outputStride, inputStride);
            }

            for (; row + 2 <= rows; row += 2)
            {
                Tile2<TVector>(ref Unsafe.Add(ref outputGradient, row * outputStride), ref weights, ref Unsafe.Add(ref input, (row * inputStride) + column), ref Unsafe.Add(ref inputGradient, (row * inputStride) + column), shape.Panels, shape.PanelSize, outputStride, inputStride);
            }

            for (; row < rows; row++)
            {
                Tile1<TVector>(ref Unsafe.Add(ref outputGradient, row * outputStride), ref weights, ref Unsafe.Add(ref input, (row * inputStride) + column), ref Unsafe.Add(ref inputGradient, (row * inputStride) + column), shape.Panels, shape.PanelSize, outputStride, inputStride);
            }
        }

        for (; column < inputs; column++)
        {
            for (nuint row = 0; row < rows; row++)
            {
                var sum = Dot<TVector>(ref Unsafe.Add(ref outputGradient, row * outputStride), ref Unsafe.Add(ref parameters, column * width), shape.Panels, shape.PanelSize);
                var element = (row * inputStride) + column;
                Unsafe.Add(ref inputGradient, element) = Unsafe.Add(ref input, element) > 0 ? sum : 0;
            }
        }
    }

    private static void Tile5<TVector>(ref float outputGradient, ref float parameters, ref float input, ref float inputGradient, nuint panels, nuint panelSize, nuint outputStride, nuint inputStride)
        where TVector : struct, IVector<TVector>
    {
        var lanes = TVector.Lanes;
        var width = 2 * lanes;
        TVector s00 = default, s01 = default, s02 = default, s03 = default;
        TVector s10 = default, s11 = default, s12 = default, s13 = default;
        TVector s20 = default, s21 = default, s22 = default, s23 = default;
        TVector s30 = default, s31 = default, s32 = default, s33 = default;
        TVector s40 = default, s41 = default, s42 = default, s43 = default;
        for (nuint panel = 0; panel < panels; panel++)
        {
            ref var weights = ref Unsafe.Add(ref parameters, panel * panelSize);
            ref var gradient = ref Unsafe.Add(ref outputGradient, panel * width);
            {
                var d0 = TVector.Load(ref gradient, 0);
                var d1 = TVector.Load(ref gradient, outputStride * 1);
                var d2 = TVector.Load(ref gradient, outputStride * 2);
                var d3 = TVector.Load(ref gradient, outputStride * 3);
                var d4 = TVector.Load(ref gradient, outputStride * 4);
                var w0 = TVector.Load(ref weights, 0);
                s00 = TVector.MultiplyAdd(d0, w0, s00);
                s10 = TVector.MultiplyAdd(d1, w0, s10);
                s20 = TVector.MultiplyAdd(d2, w0, s20);
                s30 = TVector.MultiplyAdd(d3, w0, s30);
                s40 = TVector.MultiplyAdd(d4, w0, s40);
                var w1 = TVector.Load(ref weights, width);
                s01 = TVector.MultiplyAdd(d0, w1, s01);
                s11 = TVector.MultiplyAdd(d1, w1, s11);
                s21 = TVector.MultiplyAdd(d2, w1, s21);
                s31 = TVector.MultiplyAdd(d3, w1, s31);
                s41 = TVector.MultiplyAdd(d4, w1, s41);
                var w2 = TVector.Load(ref weights, 2 * width);
                s02 = TVector.MultiplyAdd(d0, w2, s02);
                s12 = TVector.MultiplyAdd(d1, w2, s12);
                s22 = TVector.MultiplyAdd(d2, w2, s22);
                s32 = TVector.MultiplyAdd(d3, w2, s32);
                s42 = TVector.MultiplyAdd(d4, w2, s42);
                var w3 = TVector.Load(ref weights, 3 * width);
                s03 = TVector.MultiplyAdd(d0, w3, s03);
                s13 = TVector.MultiplyAdd(d1, w3, s13);
                s23 = TVector.MultiplyAdd(d2, w3, s23);
                s33 = TVector.MultiplyAdd(d3, w3, s33);
                s43 = TVector.MultiplyAdd(d4, w3, s43);
            }

            {
                var d0 = TVector.Load(ref gradient, lanes);
                var d1 = TVector.Load(ref gradient, (outputStride * 1) + lanes);
                var d2 = TVector.Load(ref gradient, (outputStride * 2) + lanes);
                var d3 = TVector.Load(ref gradient, (outputStride * 3) + lanes);
                var d4 = TVector.Load(ref gradient, (outputStride * 4) + lanes);
                var w0 = TVector.Load(ref weights, lanes);
                s00 = TVector.MultiplyAdd(d0, w0, s00);
                s10 = TVector.MultiplyAdd(d1, w0, s10);
                s20 = TVector.MultiplyAdd(d2, w0, s20);
                s30 = TVector.MultiplyAdd(d3, w0, s30);
                s40 = TVector.MultiplyAdd(d4, w0, s40);
                var w1 = TVector.Load(ref weights, width + lanes);
                s01 = TVector.MultiplyAdd(d0, w1, s01);
                s11 = TVector.MultiplyAdd(d1, w1, s11);
                s21 = TVector.MultiplyAdd(d2, w1, s21);
                s31 = TVector.MultiplyAdd(d3, w1, s31);
                s41 = TVector.MultiplyAdd(d4, w1, s41);
                var w2 = TVector.Load(ref weights, (2 * width) + lanes);
                s02 = TVector.MultiplyAdd(d0, w2, s02);
                s12 = TVector.MultiplyAdd(d1, w2, s12);
                s22 = TVector.MultiplyAdd(d2, w2, s22);
                s32 = TVector.MultiplyAdd(d3, w2, s32);
                s42 = TVector.MultiplyAdd(d4, w2, s42);
                var w3 = TVector.Load(ref weights, (3 * width) + lanes);
                s03 = TVector.MultiplyAdd(d0, w3, s03);
                s13 = TVector.MultiplyAdd(d1, w3, s13);
                s23 = TVector.MultiplyAdd(d2, w3, s23);
                s33 = TVector.MultiplyAdd(d3, w3, s33);
                s43 = TVector.MultiplyAdd(d4, w3, s43);
            }
        }

        Store(TVector.Sums(s00, s01, s02, s03), ref input, ref inputGradient);
        Store(TVector.Sums(s10, s11, s12, s13), ref Unsafe.Add(ref input, inputStride * 1), ref Unsafe.Add(ref inputGradient, inputStride * 1));
        Store(TVector.Sums(s20, s21, s22, s23), ref Unsafe.Add(ref input, inputStride * 2), ref Unsafe.Add(ref inputGradient, inputStride * 2));
        Store(TVector.Sums(s30, s31, s32, s33), ref Unsafe.Add(ref input, inputStride * 3), ref Unsafe.Add(ref inputGradient, inputStride * 3));
        Store(TVector.Sums(s40, s41, s42, s43), ref Unsafe.Add(ref input, inputStride * 4), ref Unsafe.Add(ref inputGradient, inputStride * 4));
    }

    private static void Tile2<TVector>(ref float outputGradient, ref float parameters, ref float input, ref float inputGradient, nuint panels, nuint panelSize, nuint outputStride, nuint inputStride)
        where TVector : struct, IVector<TVector>
    {
        var lanes = TVector.Lanes;
        var width = 2 * lanes;
        TVector s00 = default, s01 = default, s02 = default, s03 = default;
        TVector s10 = default, s11 = default, s12 = default, s13 = default;
        for (nuint panel = 0; panel < panels; panel++)
        {
            ref var weights = ref Unsafe.Add(ref parameters, panel * panelSize);
            ref var gradient = ref Unsafe.Add(ref outputGradient, panel * width);
            {
                var d0 = TVector.Load(ref gradient, 0);
                var d1 = TVector.Load(ref gradient, outputStride * 1);
                var w0 = TVector.Load(ref weights, 0);
                s00 = TVector.MultiplyAdd(d0, w0, s00);
                s10 = TVector.MultiplyAdd(d1, w0, s10);
                var w1 = TVector.Load(ref weights, width);
                s01 = TVector.MultiplyAdd(d0, w1, s01);
                s11 = TVector.MultiplyAdd(d1, w1, s11);
                var w2 = TVector.Load(ref weights, 2 * width);
                s02 = TVector.MultiplyAdd(d0, w2, s02);
                s12 = TVector.MultiplyAdd(d1, w2, s12);
                var w3 = TVector.Load(ref weights, 3 * width);
                s03 = TVector.MultiplyAdd(d0, w3, s03);
                s13 = TVector.MultiplyAdd(d1, w3, s13);
            }

            {
                var d0 = TVector.Load(ref gradient, lanes);
                var d1 = TVector.Load(ref gradient, (outputStride * 1) + lanes);
                var w0 = TVector.Load(ref weights, lanes);
                s00 = TVector.MultiplyAdd(d0, w0, s00);
                s10 = TVector.MultiplyAdd(d1, w0, s10);
                var w1 = TVector.Load(ref weights, width + lanes);
                s01 = TVector.MultiplyAdd(d0, w1, s01);
                s11 = TVector.MultiplyAdd(d1, w1, s11);
                var w2 = TVector.Load(ref weights, (2 * width) + lanes);
                s02 = TVector.MultiplyAdd(d0, w2, s02);
                s12 = TVector.MultiplyAdd(d1, w2, s12);
                var w3 = TVector.Load(ref weights, (3 * width) + lanes);
                s03 = TVector.MultiplyAdd(d0, w3, s03);
                s13 = TVector.MultiplyAdd(d1, w3, s13);
            }
        }

        Store(TVector.Sums(s00, s01, s02, s03), ref input, ref inputGradient);
        Store(TVector.Sums(s10, s11, s12, s13), ref Unsafe.Add(ref input, inputStride * 1), ref Unsafe.Add(ref inputGradient, inputStride * 1));
    }

    private static void Tile1<TVector>(ref float outputGradient, ref float parameters, ref float input, ref float inputGradient, nuint panels, nuint panelSize, nuint outputStride, nuint inputStride)
        where TVector : struct, IVector<TVector>
    {
        var lanes = TVector.Lanes;
        var width = 2 * lanes;
        TVector s00 = default, s01 = default, s02 = default, s03 = default;
        for (nuint panel = 0; panel < panels; panel++)
        {
            ref var weights = ref Unsafe.Add(ref parameters, panel * panelSize);
            ref var gradient = ref Unsafe.Add(ref outputGradient, panel * width);
            {
                var d0 = TVector.Load(ref gradient, 0);
                var w0 = TVector.Load(ref weights, 0);
                s00 = TVector.MultiplyAdd(d0, w0, s00);
                var w1 = TVector.Load(ref weights, width);
                s01 = TVector.MultiplyAdd(d0, w1, s01);
                var w2 = TVector.Load(ref weights, 2 * width);
                s02 = TVector.MultiplyAdd(d0, w2, s02);
                var w3 = TVector.Load(ref weights, 3 * width);
                s03 = TVector.MultiplyAdd(d0, w3, s03);
            }

            {
                var d0 = TVector.Load(ref gradient, lanes);
                var w0 = TVector.Load(ref weights, lanes);
                s00 = TVector.MultiplyAdd(d0, w0, s00);
                var w1 = TVector.Load(ref weights, width + lanes);
                s01 = TVector.MultiplyAdd(d0, w1, s01);
                var w2 = TVector.Load(ref weights, (2 * width) + lanes);
                s02 = TVector.MultiplyAdd(d0, w2, s02);
                var w3 = TVector.Load(ref weights, (3 * width) + lanes);
                s03 = TVector.MultiplyAdd(d0, w3, s03);
            }
        }

        Store(TVector.Sums(s00, s01, s02, s03), ref input, ref inputGradient);
    }

    private static float Dot<TVector>(ref float outputGradient, ref float parameters, nuint panels, nuint panelSize)
        where TVector : struct, IVector<TVector>
    {
        TVector first = default, second = default;
        for (nuint panel = 0; panel < panels; panel++)
        {
            ref var weights = ref Unsafe.Add(ref parameters, panel * panelSize);
            ref var gradient = ref Unsafe.Add(ref outputGradient, panel * 2 * TVector.Lanes);
            first = TVector.MultiplyAdd(TVector.Load(ref gradient, 0), TVector.Load(ref weights, 0), first);
            second = TVector.MultiplyAdd(TVector.Load(ref gradient, TVector.Lanes), TVector.Load(ref weights, TVector.Lanes), second);
        }

        var sums = TVector.Sums(first, second, default, default);
        return sums.GetElement(0) + sums.GetElement(1);
    }

    // The derivative of ReLU.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<float> sums, ref float input, ref float inputGradient) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(Vector128.LoadUnsafe(ref input), Vector128<float>.Zero), sums, Vector128<float>.Zero).StoreUnsafe(ref inputGradient);
}
