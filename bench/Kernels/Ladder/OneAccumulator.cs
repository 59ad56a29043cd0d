using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Whittle.Bench.Peers.RuntimeShapes;

namespace Whittle.Bench.Kernels.Ladder;

/// <summary>Each output is a dot product of a row of x and a row of W in one vector of sums, so that every multiply-add waits for the one before.</summary>
internal static class OneAccumulator
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
        TVector sum = default;
        for (nuint column = 0; column < inputs; column += TVector.Lanes)
        {
            sum = TVector.MultiplyAdd(TVector.Load(ref w, column), TVector.Load(ref x, column), sum);
        }

        return TVector.Sums(sum, default, default, default).ToScalar();
    }
}
