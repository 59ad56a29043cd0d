using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Whittle.Bench.Peers.RuntimeShapes;

namespace Whittle.Bench.Kernels.Ladder;

/// <summary>
/// Dot products of three rows with four units side by side: seven loads serve twelve multiply-adds, W stays as it is. Its rows
/// lie pages apart, and the lanes of every sum are added at the end.
/// </summary>
internal static class RegisterTile
{
    private const int Units = 4;

    /// <summary>a = f(x W^T + b), W in rows [nOut][InputStride].</summary>
    public static void Forward<TVector>(ProductShape shape, ref float weights, ref float biases, ref float input, ref float output)
        where TVector : struct, IVector<TVector>
    {
        for (nuint unit = 0; unit < shape.Outputs; unit += Units)
        {
            ref var w = ref Unsafe.Add(ref weights, unit * shape.InputStride);
            var bias = Vector128.LoadUnsafe(ref biases, unit);
            nuint row = 0;
            for (; row + 3 <= shape.Rows; row += 3)
            {
                Rows3<TVector>(shape, ref w, bias, ref Unsafe.Add(ref input, row * shape.InputStride), ref Unsafe.Add(ref output, (row * shape.OutputStride) + unit));
            }

            for (; row < shape.Rows; row++)
            {
                Rows1<TVector>(shape, ref w, bias, ref Unsafe.Add(ref input, row * shape.InputStride), ref Unsafe.Add(ref output, (row * shape.OutputStride) + unit));
            }
        }
    }

    private static void Rows3<TVector>(ProductShape shape, ref float weights, Vector128<float> bias, ref float input, ref float output)
        where TVector : struct, IVector<TVector>
    {
        var stride = shape.InputStride;
        TVector s00 = default, s01 = default, s02 = default, s03 = default;
        TVector s10 = default, s11 = default, s12 = default, s13 = default;
        TVector s20 = default, s21 = default, s22 = default, s23 = default;
        for (nuint column = 0; column < shape.Inputs; column += TVector.Lanes)
        {
            var x0 = TVector.Load(ref input, column);
            var x1 = TVector.Load(ref input, column + stride);
            var x2 = TVector.Load(ref input, column + (2 * stride));
            var w = TVector.Load(ref weights, column);
            s00 = TVector.MultiplyAdd(x0, w, s00);
            s10 = TVector.MultiplyAdd(x1, w, s10);
            s20 = TVector.MultiplyAdd(x2, w, s20);
            w = TVector.Load(ref weights, column + stride);
            s01 = TVector.MultiplyAdd(x0, w, s01);
            s11 = TVector.MultiplyAdd(x1, w, s11);
            s21 = TVector.MultiplyAdd(x2, w, s21);
            w = TVector.Load(ref weights, column + (2 * stride));
            s02 = TVector.MultiplyAdd(x0, w, s02);
            s12 = TVector.MultiplyAdd(x1, w, s12);
            s22 = TVector.MultiplyAdd(x2, w, s22);
            w = TVector.Load(ref weights, column + (3 * stride));
            s03 = TVector.MultiplyAdd(x0, w, s03);
            s13 = TVector.MultiplyAdd(x1, w, s13);
            s23 = TVector.MultiplyAdd(x2, w, s23);
        }

        Store(shape, TVector.Sums(s00, s01, s02, s03) + bias, ref output, 0);
        Store(shape, TVector.Sums(s10, s11, s12, s13) + bias, ref output, shape.OutputStride);
        Store(shape, TVector.Sums(s20, s21, s22, s23) + bias, ref output, 2 * shape.OutputStride);
    }

    private static void Rows1<TVector>(ProductShape shape, ref float weights, Vector128<float> bias, ref float input, ref float output)
        where TVector : struct, IVector<TVector>
    {
        var stride = shape.InputStride;
        TVector s0 = default, s1 = default, s2 = default, s3 = default;
        for (nuint column = 0; column < shape.Inputs; column += TVector.Lanes)
        {
            var x = TVector.Load(ref input, column);
            s0 = TVector.MultiplyAdd(x, TVector.Load(ref weights, column), s0);
            s1 = TVector.MultiplyAdd(x, TVector.Load(ref weights, column + stride), s1);
            s2 = TVector.MultiplyAdd(x, TVector.Load(ref weights, column + (2 * stride)), s2);
            s3 = TVector.MultiplyAdd(x, TVector.Load(ref weights, column + (3 * stride)), s3);
        }

        Store(shape, TVector.Sums(s0, s1, s2, s3) + bias, ref output, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ProductShape shape, Vector128<float> z, ref float output, nuint offset) =>
        (shape.HasRelu ? Vector128.MaxNative(z, Vector128<float>.Zero) : z).StoreUnsafe(ref output, offset);
}
