using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Whittle.Bench.Peers.RuntimeShapes;

namespace Whittle.Bench.Kernels.Ladder;

/// <summary>The same dot products in eight vectors of sums, which hide the latency of a multiply-add; each now waits for its two loads.</summary>
internal static class SeveralAccumulators
{
    /// <summary>a = f(x W^T + b), W in rows [nOut][InputStride].</summary>
    public static void Forward<TVector>(ProductShape shape, ref float weights, ref float biases, ref float input, ref float output)
        where TVector : struct, IVector<TVector>
    {
        for (nuint unit = 0; unit < shape.Outputs; unit++)
        {
            ref var w = ref Unsafe.Add(ref weights, unit * shape.InputStride);
            for (nuint row = 0; row < shape.Rows; row++)
            {
                var sum = Dot<TVector>(ref w, ref Unsafe.Add(ref input, row * shape.InputStride), shape.Inputs);
                Unsafe.Add(ref output, (row * shape.OutputStride) + unit) = shape.Activate(sum + Unsafe.Add(ref biases, unit));
            }
        }
    }

    private static float Dot<TVector>(ref float w, ref float x, nuint inputs)
        where TVector : struct, IVector<TVector>
    {
        var lanes = TVector.Lanes;
        TVector a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        nuint column = 0;
        for (; column + (8 * lanes) <= inputs; column += 8 * lanes)
        {
            a = Add(ref w, ref x, column, a);
            b = Add(ref w, ref x, column + lanes, b);
            c = Add(ref w, ref x, column + (2 * lanes), c);
            d = Add(ref w, ref x, column + (3 * lanes), d);
            e = Add(ref w, ref x, column + (4 * lanes), e);
            f = Add(ref w, ref x, column + (5 * lanes), f);
            g = Add(ref w, ref x, column + (6 * lanes), g);
            h = Add(ref w, ref x, column + (7 * lanes), h);
        }

        for (; column < inputs; column += lanes)
        {
            a = Add(ref w, ref x, column, a);
        }

        return Vector128.Sum(TVector.Sums(a, b, c, d) + TVector.Sums(e, f, g, h));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Add<TVector>(ref float w, ref float x, nuint column, TVector sum)
        where TVector : struct, IVector<TVector> => TVector.MultiplyAdd(TVector.Load(ref w, column), TVector.Load(ref x, column), sum);
}
