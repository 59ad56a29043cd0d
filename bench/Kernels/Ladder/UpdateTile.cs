using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Whittle.Bench.Peers.RuntimeShapes;

namespace Whittle.Bench.Kernels.Ladder;

/// <summary>x^T d and the update of W by a rule that is a type parameter: tiles of six inputs by a panel's two vectors, a bias as an input of 1.</summary>
internal static class UpdateTile
{
    private const int Inputs = 6;
    private const int MostLanes = 16;

    /// <summary>The product for a batch, and the update. Padding of d, of parameters and of moments is zero.</summary>
    public static void Run<TVector, TRule, TWay>(
        LayerShape shape, scoped in TRule rule, ref float parameters, ref float first, ref float second, ref float input, ref float outputGradient, nuint rows, nuint inputStride, nuint outputStride)
        where TVector : struct, IVector<TVector>
        where TRule : struct, IUpdateRule
        where TWay : struct, IGradientWay
    {
        var (width, inputs) = (2 * TVector.Lanes, (nuint)shape.Inputs);
        var one = 1f;
        Span<float> memory = stackalloc float[2 * Inputs * MostLanes];
        ref var scratch = ref MemoryMarshal.GetReference(memory);
        for (nuint panel = 0; panel < shape.Panels; panel++)
        {
            var start = panel * shape.PanelSize;
            ref var d = ref Unsafe.Add(ref outputGradient, panel * width);
            nuint column = 0;
            for (; column + Inputs <= inputs; column += Inputs)
            {
                var offset = start + (column * width);
                Tile6<TVector, TRule, TWay>(in rule, ref Unsafe.Add(ref parameters, offset), ref Unsafe.Add(ref first, offset), ref Unsafe.Add(ref second, offset), ref Unsafe.Add(ref input, column), ref d, ref scratch, rows, inputStride, outputStride);
            }

            for (; column < inputs; column++)
            {
                Tile1<TVector, TRule>(in rule, ref parameters, ref first, ref second, start + (column * width), ref Unsafe.Add(ref input, column), ref d, rows, inputStride, outputStride);
            }

            Tile1<TVector, TRule>(in rule, ref parameters, ref first, ref second, start + (inputs * width), ref one, ref d, rows, inputStride: 0, outputStride);
        }
    }

    private static void Tile6<TVector, TRule, TWay>(
        scoped in TRule rule, ref float parameters, ref float first, ref float second, ref float input, ref float outputGradient, ref float scratch, nuint rows, nuint inputStride, nuint outputStride)
        where TVector : struct, IVector<TVector>
        where TRule : struct, IUpdateRule
        where TWay : struct, IGradientWay
    {
        var lanes = TVector.Lanes;
        TVector a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
        TVector b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default;
        for (nuint row = 0; row < rows; row++)
        {
            ref var x = ref Unsafe.Add(ref input, row * inputStride);
            var d = TVector.Load(ref outputGradient, row * outputStride);
            var e = TVector.Load(ref outputGradient, (row * outputStride) + lanes);
            var x0 = TVector.Create(x);
            (a0, b0) = (TVector.MultiplyAdd(x0, d, a0), TVector.MultiplyAdd(x0, e, b0));
            var x1 = TVector.Create(Unsafe.Add(ref x, 1));
            (a1, b1) = (TVector.MultiplyAdd(x1, d, a1), TVector.MultiplyAdd(x1, e, b1));
            var x2 = TVector.Create(Unsafe.Add(ref x, 2));
            (a2, b2) = (TVector.MultiplyAdd(x2, d, a2), TVector.MultiplyAdd(x2, e, b2));
            var x3 = TVector.Create(Unsafe.Add(ref x, 3));
            (a3, b3) = (TVector.MultiplyAdd(x3, d, a3), TVector.MultiplyAdd(x3, e, b3));
            var x4 = TVector.Create(Unsafe.Add(ref x, 4));
            (a4, b4) = (TVector.MultiplyAdd(x4, d, a4), TVector.MultiplyAdd(x4, e, b4));
            var x5 = TVector.Create(Unsafe.Add(ref x, 5));
            (a5, b5) = (TVector.MultiplyAdd(x5, d, a5), TVector.MultiplyAdd(x5, e, b5));
        }

        if (!TWay.ThroughScratch)
        {
            TVector.Update(in rule, a0, ref parameters, ref first, ref second, 0);
            TVector.Update(in rule, b0, ref parameters, ref first, ref second, lanes);
            TVector.Update(in rule, a1, ref parameters, ref first, ref second, 2 * lanes);
            TVector.Update(in rule, b1, ref parameters, ref first, ref second, 3 * lanes);
            TVector.Update(in rule, a2, ref parameters, ref first, ref second, 4 * lanes);
            TVector.Update(in rule, b2, ref parameters, ref first, ref second, 5 * lanes);
            TVector.Update(in rule, a3, ref parameters, ref first, ref second, 6 * lanes);
            TVector.Update(in rule, b3, ref parameters, ref first, ref second, 7 * lanes);
            TVector.Update(in rule, a4, ref parameters, ref first, ref second, 8 * lanes);
            TVector.Update(in rule, b4, ref parameters, ref first, ref second, 9 * lanes);
            TVector.Update(in rule, a5, ref parameters, ref first, ref second, 10 * lanes);
            TVector.Update(in rule, b5, ref parameters, ref first, ref second, 11 * lanes);
            return;
        }

        TVector.Store(a0, ref scratch, 0);
        TVector.Store(b0, ref scratch, lanes);
        TVector.Store(a1, ref scratch, 2 * lanes);
        TVector.Store(b1, ref scratch, 3 * lanes);
        TVector.Store(a2, ref scratch, 4 * lanes);
        TVector.Store(b2, ref scratch, 5 * lanes);
        TVector.Store(a3, ref scratch, 6 * lanes);
        TVector.Store(b3, ref scratch, 7 * lanes);
        TVector.Store(a4, ref scratch, 8 * lanes);
        TVector.Store(b4, ref scratch, 9 * lanes);
        TVector.Store(a5, ref scratch, 10 * lanes);
        TVector.Store(b5, ref scratch, 11 * lanes);
        for (nuint offset = 0; offset < 2 * Inputs * lanes; offset += lanes)
        {
            TVector.Update(in rule, TVector.Load(ref scratch, offset), ref parameters, ref first, ref second, offset);
        }
    }

    private static void Tile1<TVector, TRule>(
        scoped in TRule rule, ref float parameters, ref float first, ref float second, nuint offset, ref float input, ref float outputGradient, nuint rows, nuint inputStride, nuint outputStride)
        where TVector : struct, IVector<TVector>
        where TRule : struct, IUpdateRule
    {
        TVector a = default, b = default;
        for (nuint row = 0; row < rows; row++)
        {
            var x = TVector.Create(Unsafe.Add(ref input, row * inputStride));
            a = TVector.MultiplyAdd(x, TVector.Load(ref outputGradient, row * outputStride), a);
            b = TVector.MultiplyAdd(x, TVector.Load(ref outputGradient, (row * outputStride) + TVector.Lanes), b);
        }

        TVector.Update(in rule, a, ref parameters, ref first, ref second, offset);
        TVector.Update(in rule, b, ref parameters, ref first, ref second, offset + TVector.Lanes);
    }
}
