using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Whittle.Bench.Peers.RuntimeShapes;

/// <summary>The products of one row, which walk a list of its inputs: those that are not zero.</summary>
internal static class SingleRowKernels
{
    // As the generator decides it.
    private const int ManyPanels = 8;
    private const int CachedWeights = 64 * 1024;

    /// <summary>a = f(xW + b): four rows of W at a time over all panels, or down one panel after the other where W is small.</summary>
    public static void Forward<TVector>(LayerShape shape, ref float parameters, ref float input, ref float output, ref int nonZero, nuint count, bool relu)
        where TVector : struct, IVector<TVector>
    {
        if (shape.Outputs >= ManyPanels * 2 * shape.Lanes && shape.Inputs * shape.Outputs > CachedWeights)
        {
            ForwardOverPanels<TVector>(shape, ref parameters, ref input, ref output, ref nonZero, count, relu);
            return;
        }

        nuint panel = 0;
        for (; panel + 4 <= shape.Panels; panel += 4)
        {
            ForwardDown4<TVector>(shape, ref Unsafe.Add(ref parameters, panel * shape.PanelSize), ref input, ref Unsafe.Add(ref output, panel * 2 * TVector.Lanes), ref nonZero, count, relu);
        }

        for (; panel < shape.Panels; panel++)
        {
            ForwardDown1<TVector>(shape, ref Unsafe.Add(ref parameters, panel * shape.PanelSize), ref input, ref Unsafe.Add(ref output, panel * 2 * TVector.Lanes), ref nonZero, count, relu);
        }
    }

    /// <summary>dL/dz below = (d W^T) where a below is positive, and the update of W and b by gradient descent, in one pass; what is not listed has no gradient.</summary>
    public static void Backward<TVector>(LayerShape shape, ref float parameters, ref float outputGradient, ref float input, ref float inputGradient, ref int nonZero, nuint count, float rate)
        where TVector : struct, IVector<TVector>
    {
        var (lanes, width) = (TVector.Lanes, 2 * TVector.Lanes);
        var step = TVector.Create(-rate);
        nuint entry = 0;
        for (; entry + 4 <= count; entry += 4)
        {
            var column0 = (nuint)Unsafe.Add(ref nonZero, entry);
            var column1 = (nuint)Unsafe.Add(ref nonZero, entry + 1);
            var column2 = (nuint)Unsafe.Add(ref nonZero, entry + 2);
            var column3 = (nuint)Unsafe.Add(ref nonZero, entry + 3);
            var x0 = TVector.Create(Unsafe.Add(ref input, column0));
            var x1 = TVector.Create(Unsafe.Add(ref input, column1));
            var x2 = TVector.Create(Unsafe.Add(ref input, column2));
            var x3 = TVector.Create(Unsafe.Add(ref input, column3));
            TVector s0 = default, s1 = default, s2 = default, s3 = default;
            for (nuint panel = 0; panel < shape.Panels; panel++)
            {
                ref var weights = ref Unsafe.Add(ref parameters, panel * shape.PanelSize);
                for (nuint vector = 0; vector < width; vector += lanes)
                {
                    var d = TVector.Load(ref outputGradient, (panel * width) + vector);
                    s0 = AddAndUpdate(d, x0, step, ref weights, (column0 * width) + vector, s0);
                    s1 = AddAndUpdate(d, x1, step, ref weights, (column1 * width) + vector, s1);
                    s2 = AddAndUpdate(d, x2, step, ref weights, (column2 * width) + vector, s2);
                    s3 = AddAndUpdate(d, x3, step, ref weights, (column3 * width) + vector, s3);
                }
            }

            var sums = TVector.Sums(s0, s1, s2, s3);
            Unsafe.Add(ref inputGradient, column0) = Unsafe.Add(ref input, column0) > 0 ? sums.GetElement(0) : 0;
            Unsafe.Add(ref inputGradient, column1) = Unsafe.Add(ref input, column1) > 0 ? sums.GetElement(1) : 0;
            Unsafe.Add(ref inputGradient, column2) = Unsafe.Add(ref input, column2) > 0 ? sums.GetElement(2) : 0;
            Unsafe.Add(ref inputGradient, column3) = Unsafe.Add(ref input, column3) > 0 ? sums.GetElement(3) : 0;
        }

        for (; entry < count; entry++)
        {
            var column = (nuint)Unsafe.Add(ref nonZero, entry);
            var x = TVector.Create(Unsafe.Add(ref input, column));
            TVector sum = default;
            for (nuint panel = 0; panel < shape.Panels; panel++)
            {
                ref var weights = ref Unsafe.Add(ref parameters, panel * shape.PanelSize);
                for (nuint vector = 0; vector < width; vector += lanes)
                {
                    sum = AddAndUpdate(TVector.Load(ref outputGradient, (panel * width) + vector), x, step, ref weights, (column * width) + vector, sum);
                }
            }

            Unsafe.Add(ref inputGradient, column) = Unsafe.Add(ref input, column) > 0 ? TVector.Sums(sum, default, default, default).GetElement(0) : 0;
        }

        UpdateBiases<TVector>(shape, ref parameters, ref outputGradient, step);
    }

    /// <summary>The update of W and b of the first layer, two panels at a time.</summary>
    public static void WeightGradient<TVector>(LayerShape shape, ref float parameters, ref float input, ref float outputGradient, ref int nonZero, nuint count, float rate)
        where TVector : struct, IVector<TVector>
    {
        var (lanes, width) = (TVector.Lanes, 2 * TVector.Lanes);
        var step = TVector.Create(-rate);
        nuint panel = 0;
        for (; panel + 2 <= shape.Panels; panel += 2)
        {
            ref var weights = ref Unsafe.Add(ref parameters, panel * shape.PanelSize);
            ref var next = ref Unsafe.Add(ref weights, shape.PanelSize);
            var d0 = TVector.Load(ref outputGradient, panel * width);
            var d1 = TVector.Load(ref outputGradient, (panel * width) + lanes);
            var d2 = TVector.Load(ref outputGradient, (panel * width) + width);
            var d3 = TVector.Load(ref outputGradient, (panel * width) + width + lanes);
            for (nuint entry = 0; entry < count; entry++)
            {
                var column = (nuint)Unsafe.Add(ref nonZero, entry);
                var x = TVector.Create(Unsafe.Add(ref input, column));
                Update(TVector.Multiply(x, d0), step, ref weights, column * width);
                Update(TVector.Multiply(x, d1), step, ref weights, (column * width) + lanes);
                Update(TVector.Multiply(x, d2), step, ref next, column * width);
                Update(TVector.Multiply(x, d3), step, ref next, (column * width) + lanes);
            }
        }

        for (; panel < shape.Panels; panel++)
        {
            ref var weights = ref Unsafe.Add(ref parameters, panel * shape.PanelSize);
            var d0 = TVector.Load(ref outputGradient, panel * width);
            var d1 = TVector.Load(ref outputGradient, (panel * width) + lanes);
            for (nuint entry = 0; entry < count; entry++)
            {
                var column = (nuint)Unsafe.Add(ref nonZero, entry);
                var x = TVector.Create(Unsafe.Add(ref input, column));
                Update(TVector.Multiply(x, d0), step, ref weights, column * width);
                Update(TVector.Multiply(x, d1), step, ref weights, (column * width) + lanes);
            }
        }

        UpdateBiases<TVector>(shape, ref parameters, ref outputGradient, step);
    }

    private static void ForwardOverPanels<TVector>(LayerShape shape, ref float parameters, ref float input, ref float output, ref int nonZero, nuint count, bool relu)
        where TVector : struct, IVector<TVector>
    {
        var (lanes, width, panels, panelSize) = (TVector.Lanes, 2 * TVector.Lanes, shape.Panels, shape.PanelSize);
        for (nuint panel = 0; panel < panels; panel++)
        {
            var bias = (panel * panelSize) + ((nuint)shape.Inputs * width);
            TVector.Store(TVector.Load(ref parameters, bias), ref output, panel * width);
            TVector.Store(TVector.Load(ref parameters, bias + lanes), ref output, (panel * width) + lanes);
        }

        nuint entry = 0;
        for (; entry + 4 <= count; entry += 4)
        {
            var column0 = (nuint)Unsafe.Add(ref nonZero, entry);
            var column1 = (nuint)Unsafe.Add(ref nonZero, entry + 1);
            var column2 = (nuint)Unsafe.Add(ref nonZero, entry + 2);
            var column3 = (nuint)Unsafe.Add(ref nonZero, entry + 3);
            var x0 = TVector.Create(Unsafe.Add(ref input, column0));
            var x1 = TVector.Create(Unsafe.Add(ref input, column1));
            var x2 = TVector.Create(Unsafe.Add(ref input, column2));
            var x3 = TVector.Create(Unsafe.Add(ref input, column3));
            for (nuint panel = 0; panel < panels; panel++)
            {
                ref var weights = ref Unsafe.Add(ref parameters, panel * panelSize);
                var a = TVector.Load(ref output, panel * width);
                var b = TVector.Load(ref output, (panel * width) + lanes);
                a = TVector.MultiplyAdd(x0, TVector.Load(ref weights, column0 * width), a);
                b = TVector.MultiplyAdd(x0, TVector.Load(ref weights, (column0 * width) + lanes), b);
                a = TVector.MultiplyAdd(x1, TVector.Load(ref weights, column1 * width), a);
                b = TVector.MultiplyAdd(x1, TVector.Load(ref weights, (column1 * width) + lanes), b);
                a = TVector.MultiplyAdd(x2, TVector.Load(ref weights, column2 * width), a);
                b = TVector.MultiplyAdd(x2, TVector.Load(ref weights, (column2 * width) + lanes), b);
                a = TVector.MultiplyAdd(x3, TVector.Load(ref weights, column3 * width), a);
                b = TVector.MultiplyAdd(x3, TVector.Load(ref weights, (column3 * width) + lanes), b);
                TVector.Store(a, ref output, panel * width);
                TVector.Store(b, ref output, (panel * width) + lanes);
            }
        }

        for (; entry < count; entry++)
        {
            var column = (nuint)Unsafe.Add(ref nonZero, entry);
            var x = TVector.Create(Unsafe.Add(ref input, column));
            for (nuint panel = 0; panel < panels; panel++)
            {
                ref var weights = ref Unsafe.Add(ref parameters, panel * panelSize);
                TVector.Store(TVector.MultiplyAdd(x, TVector.Load(ref weights, column * width), TVector.Load(ref output, panel * width)), ref output, panel * width);
                TVector.Store(TVector.MultiplyAdd(x, TVector.Load(ref weights, (column * width) + lanes), TVector.Load(ref output, (panel * width) + lanes)), ref output, (panel * width) + lanes);
            }
        }

        for (nuint offset = 0; relu && offset < panels * width; offset += lanes)
        {
            TVector.Store(TVector.MaxWithZero(TVector.Load(ref output, offset)), ref output, offset);
        }
    }

    private static void ForwardDown4<TVector>(LayerShape shape, ref float parameters, ref float input, ref float output, ref int nonZero, nuint count, bool relu)
        where TVector : struct, IVector<TVector>
    {
        var (lanes, width) = (TVector.Lanes, 2 * TVector.Lanes);
        ref var second = ref Unsafe.Add(ref parameters, shape.PanelSize);
        ref var third = ref Unsafe.Add(ref second, shape.PanelSize);
        ref var fourth = ref Unsafe.Add(ref third, shape.PanelSize);
        var bias = (nuint)shape.Inputs * width;
        TVector a0 = TVector.Load(ref parameters, bias), b0 = TVector.Load(ref parameters, bias + lanes);
        TVector a1 = TVector.Load(ref second, bias), b1 = TVector.Load(ref second, bias + lanes);
        TVector a2 = TVector.Load(ref third, bias), b2 = TVector.Load(ref third, bias + lanes);
        TVector a3 = TVector.Load(ref fourth, bias), b3 = TVector.Load(ref fourth, bias + lanes);
        for (nuint entry = 0; entry < count; entry++)
        {
            var column = (nuint)Unsafe.Add(ref nonZero, entry);
            var x = TVector.Create(Unsafe.Add(ref input, column));
            var offset = column * width;
            a0 = TVector.MultiplyAdd(x, TVector.Load(ref parameters, offset), a0);
            b0 = TVector.MultiplyAdd(x, TVector.Load(ref parameters, offset + lanes), b0);
            a1 = TVector.MultiplyAdd(x, TVector.Load(ref second, offset), a1);
            b1 = TVector.MultiplyAdd(x, TVector.Load(ref second, offset + lanes), b1);
            a2 = TVector.MultiplyAdd(x, TVector.Load(ref third, offset), a2);
            b2 = TVector.MultiplyAdd(x, TVector.Load(ref third, offset + lanes), b2);
            a3 = TVector.MultiplyAdd(x, TVector.Load(ref fourth, offset), a3);
            b3 = TVector.MultiplyAdd(x, TVector.Load(ref fourth, offset + lanes), b3);
        }

        Store(a0, b0, ref output, relu);
        Store(a1, b1, ref Unsafe.Add(ref output, width), relu);
        Store(a2, b2, ref Unsafe.Add(ref output, 2 * width), relu);
        Store(a3, b3, ref Unsafe.Add(ref output, 3 * width), relu);
    }

    // Four sums for each vector, so that their additions do not wait for one another.
    private static void ForwardDown1<TVector>(LayerShape shape, ref float parameters, ref float input, ref float output, ref int nonZero, nuint count, bool relu)
        where TVector : struct, IVector<TVector>
    {
        var (lanes, width) = (TVector.Lanes, 2 * TVector.Lanes);
        var bias = (nuint)shape.Inputs * width;
        TVector a0 = TVector.Load(ref parameters, bias), a1 = default, a2 = default, a3 = default;
        TVector b0 = TVector.Load(ref parameters, bias + lanes), b1 = default, b2 = default, b3 = default;
        nuint entry = 0;
        for (; entry + 4 <= count; entry += 4)
        {
            var column = (nuint)Unsafe.Add(ref nonZero, entry);
            var x = TVector.Create(Unsafe.Add(ref input, column));
            a0 = TVector.MultiplyAdd(x, TVector.Load(ref parameters, column * width), a0);
            b0 = TVector.MultiplyAdd(x, TVector.Load(ref parameters, (column * width) + lanes), b0);
            column = (nuint)Unsafe.Add(ref nonZero, entry + 1);
            x = TVector.Create(Unsafe.Add(ref input, column));
            a1 = TVector.MultiplyAdd(x, TVector.Load(ref parameters, column * width), a1);
            b1 = TVector.MultiplyAdd(x, TVector.Load(ref parameters, (column * width) + lanes), b1);
            column = (nuint)Unsafe.Add(ref nonZero, entry + 2);
            x = TVector.Create(Unsafe.Add(ref input, column));
            a2 = TVector.MultiplyAdd(x, TVector.Load(ref parameters, column * width), a2);
            b2 = TVector.MultiplyAdd(x, TVector.Load(ref parameters, (column * width) + lanes), b2);
            column = (nuint)Unsafe.Add(ref nonZero, entry + 3);
            x = TVector.Create(Unsafe.Add(ref input, column));
            a3 = TVector.MultiplyAdd(x, TVector.Load(ref parameters, column * width), a3);
            b3 = TVector.MultiplyAdd(x, TVector.Load(ref parameters, (column * width) + lanes), b3);
        }

        for (; entry < count; entry++)
        {
            var column = (nuint)Unsafe.Add(ref nonZero, entry);
            var x = TVector.Create(Unsafe.Add(ref input, column));
            a0 = TVector.MultiplyAdd(x, TVector.Load(ref parameters, column * width), a0);
            b0 = TVector.MultiplyAdd(x, TVector.Load(ref parameters, (column * width) + lanes), b0);
        }

        Store(TVector.Add(TVector.Add(a0, a1), TVector.Add(a2, a3)), TVector.Add(TVector.Add(b0, b1), TVector.Add(b2, b3)), ref output, relu);
    }

    private static void UpdateBiases<TVector>(LayerShape shape, ref float parameters, ref float outputGradient, TVector step)
        where TVector : struct, IVector<TVector>
    {
        var (lanes, width) = (TVector.Lanes, 2 * TVector.Lanes);
        for (nuint panel = 0; panel < shape.Panels; panel++)
        {
            ref var biases = ref Unsafe.Add(ref parameters, (panel * shape.PanelSize) + ((nuint)shape.Inputs * width));
            Update(TVector.Load(ref outputGradient, panel * width), step, ref biases, 0);
            Update(TVector.Load(ref outputGradient, (panel * width) + lanes), step, ref biases, lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector AddAndUpdate<TVector>(TVector d, TVector x, TVector step, ref float weights, nuint offset, TVector sum)
        where TVector : struct, IVector<TVector>
    {
        var weight = TVector.Load(ref weights, offset);
        TVector.Store(TVector.MultiplyAdd(step, TVector.Multiply(x, d), weight), ref weights, offset);
        return TVector.MultiplyAdd(d, weight, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Update<TVector>(TVector gradient, TVector step, ref float parameters, nuint offset)
        where TVector : struct, IVector<TVector> =>
        TVector.Store(TVector.MultiplyAdd(step, gradient, TVector.Load(ref parameters, offset)), ref parameters, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TVector>(TVector first, TVector second, ref float output, bool relu)
        where TVector : struct, IVector<TVector>
    {
        TVector.Store(relu ? TVector.MaxWithZero(first) : first, ref output, 0);
        TVector.Store(relu ? TVector.MaxWithZero(second) : second, ref output, TVector.Lanes);
    }
}
