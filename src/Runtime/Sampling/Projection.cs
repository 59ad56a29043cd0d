using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Whittle;

/// <summary>
/// The matrix P of products xP that reduce vectors to a few columns. Each column is added up in the same order in 256-bit and
/// 512-bit vectors. Products may run on several threads at once.
/// </summary>
internal sealed class Projection
{
    private const int NodesAtOnce = 8;

    private readonly float[] matrix;

    /// <summary>Makes a matrix of zeros.</summary>
    /// <param name="inputs">Length of the vectors, and rows of the matrix.</param>
    /// <param name="columns">Columns of the matrix.</param>
    public Projection(int inputs, int columns)
    {
        Inputs = inputs;
        Columns = columns;
        Width = ProjectionLayout.Width(columns);
        matrix = new float[checked(inputs * Width)];
    }

    /// <summary>Rows.</summary>
    public int Inputs { get; }

    /// <summary>Columns without padding.</summary>
    public int Columns { get; }

    /// <summary>Columns with padding: floats from one row to the next, and the length of a product.</summary>
    public int Width { get; }

    /// <summary>P, [inputs][width].</summary>
    public Span<float> Matrix => matrix;

    /// <summary>One row of P with its padding.</summary>
    public Span<float> Row(int input) => matrix.AsSpan(input * Width, Width);

    /// <summary>y = xP for any x; stretches of zeros are skipped.</summary>
    public void Apply(ReadOnlySpan<float> x, Span<float> y)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Apply<Lanes16>(x, y);
        }
        else
        {
            Apply<Lanes8>(x, y);
        }
    }

    /// <summary>y = xP, x being zero outside of the indices given.</summary>
    public void Apply(ReadOnlySpan<float> x, ReadOnlySpan<int> nonZero, Span<float> y)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Apply<Lanes16>(x, nonZero, y);
        }
        else
        {
            Apply<Lanes8>(x, nonZero, y);
        }
    }

    /// <summary>y = xP for the weights of some nodes.</summary>
    /// <param name="rows">The weights, as many for each node as the matrix has rows.</param>
    /// <param name="nodes">Which nodes.</param>
    /// <param name="y">[nodes][width].</param>
    public void ApplyToRows(NodeRows rows, ReadOnlySpan<int> nodes, Span<float> y)
    {
        if (rows.Inputs != Inputs || y.Length < nodes.Length * Width)
        {
            throw new ArgumentException($"Rows of {rows.Inputs} weights, or too little room, for a projection of {Inputs} inputs.", nameof(rows));
        }

        if (Vector512.IsHardwareAccelerated)
        {
            ApplyToRows<Lanes16>(rows, nodes, y);
        }
        else
        {
            ApplyToRows<Lanes8>(rows, nodes, y);
        }
    }

    /// <summary>P += x y^T, for x whose stretches of zeros are skipped.</summary>
    public void AddOuterProduct(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            AddOuterProduct<Lanes16>(x, y);
        }
        else
        {
            AddOuterProduct<Lanes8>(x, y);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref TLanes At<TLanes>(ref float first, int offset)
        where TLanes : struct, ILanes<TLanes> => ref Unsafe.As<float, TLanes>(ref Unsafe.Add(ref first, offset));

    /// <summary>The end of the next eight elements that are not all zero, or of the vector; moves the start to them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int NextStretch(ReadOnlySpan<float> x, ref int start)
    {
        ref var first = ref MemoryMarshal.GetReference(x);
        while (start + 8 <= x.Length && Vector256.EqualsAll(Vector256.LoadUnsafe(ref first, (nuint)start), Vector256<float>.Zero))
        {
            start += 8;
        }

        return Math.Min(start + 8, x.Length);
    }

    private void Apply<TLanes>(ReadOnlySpan<float> x, Span<float> y)
        where TLanes : struct, ILanes<TLanes>
    {
        var lanes = Unsafe.SizeOf<TLanes>() / sizeof(float);
        ref var first = ref matrix[0];
        for (var column = 0; column < Width; column += lanes)
        {
            TLanes even = default, odd = default;
            for (var start = 0; start < x.Length;)
            {
                var end = NextStretch(x, ref start);
                for (; start + 1 < end; start += 2)
                {
                    even = TLanes.MultiplyAdd(TLanes.Create(x[start]), At<TLanes>(ref first, (start * Width) + column), even);
                    odd = TLanes.MultiplyAdd(TLanes.Create(x[start + 1]), At<TLanes>(ref first, ((start + 1) * Width) + column), odd);
                }

                if (start < end)
                {
                    even = TLanes.MultiplyAdd(TLanes.Create(x[start]), At<TLanes>(ref first, (start * Width) + column), even);
                    start++;
                }
            }

            At<TLanes>(ref MemoryMarshal.GetReference(y), column) = even + odd;
        }
    }

    private void Apply<TLanes>(ReadOnlySpan<float> x, ReadOnlySpan<int> nonZero, Span<float> y)
        where TLanes : struct, ILanes<TLanes>
    {
        var lanes = Unsafe.SizeOf<TLanes>() / sizeof(float);
        for (var column = 0; column < Width; column += lanes)
        {
            ref var first = ref matrix[column];
            TLanes sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            var position = 0;
            for (; position + 3 < nonZero.Length; position += 4)
            {
                var (i0, i1, i2, i3) = (nonZero[position], nonZero[position + 1], nonZero[position + 2], nonZero[position + 3]);
                sum0 = TLanes.MultiplyAdd(TLanes.Create(x[i0]), At<TLanes>(ref first, i0 * Width), sum0);
                sum1 = TLanes.MultiplyAdd(TLanes.Create(x[i1]), At<TLanes>(ref first, i1 * Width), sum1);
                sum2 = TLanes.MultiplyAdd(TLanes.Create(x[i2]), At<TLanes>(ref first, i2 * Width), sum2);
                sum3 = TLanes.MultiplyAdd(TLanes.Create(x[i3]), At<TLanes>(ref first, i3 * Width), sum3);
            }

            for (; position < nonZero.Length; position++)
            {
                var index = nonZero[position];
                sum0 = TLanes.MultiplyAdd(TLanes.Create(x[index]), At<TLanes>(ref first, index * Width), sum0);
            }

            At<TLanes>(ref MemoryMarshal.GetReference(y), column) = (sum0 + sum1) + (sum2 + sum3);
        }
    }

    private void ApplyToRows<TLanes>(NodeRows rows, ReadOnlySpan<int> nodes, Span<float> y)
        where TLanes : struct, ILanes<TLanes>
    {
        ref var result = ref MemoryMarshal.GetReference(y);
        var position = 0;
        for (; position + NodesAtOnce <= nodes.Length; position += NodesAtOnce)
        {
            ApplyToEight<TLanes>(rows, nodes.Slice(position, NodesAtOnce), ref Unsafe.Add(ref result, position * Width));
        }

        for (; position < nodes.Length; position++)
        {
            ApplyToOne<TLanes>(rows.Row(nodes[position]), ref Unsafe.Add(ref result, position * Width));
        }
    }

    /// <summary>Eight nodes share each load of the matrix, and their sums do not wait for each other.</summary>
    private void ApplyToEight<TLanes>(NodeRows rows, ReadOnlySpan<int> nodes, ref float result)
        where TLanes : struct, ILanes<TLanes>
    {
        var lanes = Unsafe.SizeOf<TLanes>() / sizeof(float);
        ref var w0 = ref MemoryMarshal.GetReference(rows.Row(nodes[0]));
        ref var w1 = ref MemoryMarshal.GetReference(rows.Row(nodes[1]));
        ref var w2 = ref MemoryMarshal.GetReference(rows.Row(nodes[2]));
        ref var w3 = ref MemoryMarshal.GetReference(rows.Row(nodes[3]));
        ref var w4 = ref MemoryMarshal.GetReference(rows.Row(nodes[4]));
        ref var w5 = ref MemoryMarshal.GetReference(rows.Row(nodes[5]));
        ref var w6 = ref MemoryMarshal.GetReference(rows.Row(nodes[6]));
        ref var w7 = ref MemoryMarshal.GetReference(rows.Row(nodes[7]));
        for (var column = 0; column < Width; column += lanes)
        {
            ref var first = ref matrix[column];
            TLanes sum0 = default, sum1 = default, sum2 = default, sum3 = default;
            TLanes sum4 = default, sum5 = default, sum6 = default, sum7 = default;
            for (var input = 0; input < Inputs; input++)
            {
                var p = At<TLanes>(ref first, input * Width);
                sum0 = TLanes.MultiplyAdd(TLanes.Create(Unsafe.Add(ref w0, input)), p, sum0);
                sum1 = TLanes.MultiplyAdd(TLanes.Create(Unsafe.Add(ref w1, input)), p, sum1);
                sum2 = TLanes.MultiplyAdd(TLanes.Create(Unsafe.Add(ref w2, input)), p, sum2);
                sum3 = TLanes.MultiplyAdd(TLanes.Create(Unsafe.Add(ref w3, input)), p, sum3);
                sum4 = TLanes.MultiplyAdd(TLanes.Create(Unsafe.Add(ref w4, input)), p, sum4);
                sum5 = TLanes.MultiplyAdd(TLanes.Create(Unsafe.Add(ref w5, input)), p, sum5);
                sum6 = TLanes.MultiplyAdd(TLanes.Create(Unsafe.Add(ref w6, input)), p, sum6);
                sum7 = TLanes.MultiplyAdd(TLanes.Create(Unsafe.Add(ref w7, input)), p, sum7);
            }

            At<TLanes>(ref result, column) = sum0;
            At<TLanes>(ref result, Width + column) = sum1;
            At<TLanes>(ref result, (2 * Width) + column) = sum2;
            At<TLanes>(ref result, (3 * Width) + column) = sum3;
            At<TLanes>(ref result, (4 * Width) + column) = sum4;
            At<TLanes>(ref result, (5 * Width) + column) = sum5;
            At<TLanes>(ref result, (6 * Width) + column) = sum6;
            At<TLanes>(ref result, (7 * Width) + column) = sum7;
        }
    }

    /// <summary>In the order of the eight, so that a node's result does not depend on its neighbours.</summary>
    private void ApplyToOne<TLanes>(ReadOnlySpan<float> weights, ref float result)
        where TLanes : struct, ILanes<TLanes>
    {
        var lanes = Unsafe.SizeOf<TLanes>() / sizeof(float);
        for (var column = 0; column < Width; column += lanes)
        {
            ref var first = ref matrix[column];
            TLanes sum = default;
            for (var input = 0; input < Inputs; input++)
            {
                sum = TLanes.MultiplyAdd(TLanes.Create(weights[input]), At<TLanes>(ref first, input * Width), sum);
            }

            At<TLanes>(ref result, column) = sum;
        }
    }

    private void AddOuterProduct<TLanes>(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
        where TLanes : struct, ILanes<TLanes>
    {
        var lanes = Unsafe.SizeOf<TLanes>() / sizeof(float);
        for (var column = 0; column < Width; column += lanes)
        {
            ref var first = ref matrix[column];
            var factor = At<TLanes>(ref MemoryMarshal.GetReference(y), column);
            for (var start = 0; start < x.Length;)
            {
                for (var end = NextStretch(x, ref start); start < end; start++)
                {
                    ref var target = ref At<TLanes>(ref first, start * Width);
                    target = TLanes.MultiplyAdd(TLanes.Create(x[start]), factor, target);
                }
            }
        }
    }
}
