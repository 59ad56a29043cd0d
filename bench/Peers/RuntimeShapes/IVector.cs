using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Whittle.Bench.Peers.RuntimeShapes;

/// <summary>A vector of floats, so that the kernels are written once for both widths; the JIT compiler makes a copy for each.</summary>
internal interface IVector<TSelf>
    where TSelf : struct, IVector<TSelf>
{
    /// <summary>Floats in a vector.</summary>
    static abstract nuint Lanes { get; }

    /// <summary>Whether there are 32 registers, otherwise 16.</summary>
    static abstract bool HasManyRegisters { get; }

    static abstract TSelf Load(ref float source, nuint offset);

    static abstract TSelf Create(float value);

    static abstract TSelf MultiplyAdd(TSelf left, TSelf right, TSelf addend);

    static abstract TSelf Multiply(TSelf left, TSelf right);

    static abstract TSelf Add(TSelf left, TSelf right);

    static abstract TSelf MaxWithZero(TSelf value);

    /// <summary>The value where the condition is positive, elsewhere 0.</summary>
    static abstract TSelf WherePositive(TSelf condition, TSelf value);

    static abstract void Store(TSelf value, ref float target, nuint offset);

    /// <summary>The sums of the lanes of four vectors.</summary>
    static abstract Vector128<float> Sums(TSelf a, TSelf b, TSelf c, TSelf d);

    /// <summary>Updates a vector of parameters by a rule, as the epilogue of generated kernels does.</summary>
    static abstract void Update<TRule>(scoped ref readonly TRule rule, TSelf gradient, ref float parameters, ref float first, ref float second, nuint offset)
        where TRule : struct, IUpdateRule;
}

/// <summary>AVX-512.</summary>
internal readonly struct Vector16(Vector512<float> value) : IVector<Vector16>
{
    private readonly Vector512<float> value = value;

    public static nuint Lanes => 16;

    public static bool HasManyRegisters => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16 Load(ref float source, nuint offset) => new(Vector512.LoadUnsafe(ref source, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16 Create(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16 MultiplyAdd(Vector16 left, Vector16 right, Vector16 addend) => new(Vector512.FusedMultiplyAdd(left.value, right.value, addend.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16 Multiply(Vector16 left, Vector16 right) => new(left.value * right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16 Add(Vector16 left, Vector16 right) => new(left.value + right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16 MaxWithZero(Vector16 value) => new(Vector512.MaxNative(Vector512<float>.Zero, value.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector16 WherePositive(Vector16 condition, Vector16 value) =>
        new(Vector512.ConditionalSelect(Vector512.GreaterThan(condition.value, Vector512<float>.Zero), value.value, Vector512<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector16 value, ref float target, nuint offset) => value.value.StoreUnsafe(ref target, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sums(Vector16 a, Vector16 b, Vector16 c, Vector16 d) => LaneSums.Of(a.value, b.value, c.value, d.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Update<TRule>(scoped ref readonly TRule rule, Vector16 gradient, ref float parameters, ref float first, ref float second, nuint offset)
        where TRule : struct, IUpdateRule => ParameterUpdate.Apply(in rule, gradient.value, ref parameters, ref first, ref second, offset);
}

/// <summary>AVX2.</summary>
internal readonly struct Vector8(Vector256<float> value) : IVector<Vector8>
{
    private readonly Vector256<float> value = value;

    public static nuint Lanes => 8;

    public static bool HasManyRegisters => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector8 Load(ref float source, nuint offset) => new(Vector256.LoadUnsafe(ref source, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector8 Create(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector8 MultiplyAdd(Vector8 left, Vector8 right, Vector8 addend) => new(Vector256.FusedMultiplyAdd(left.value, right.value, addend.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector8 Multiply(Vector8 left, Vector8 right) => new(left.value * right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector8 Add(Vector8 left, Vector8 right) => new(left.value + right.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector8 MaxWithZero(Vector8 value) => new(Vector256.MaxNative(Vector256<float>.Zero, value.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector8 WherePositive(Vector8 condition, Vector8 value) =>
        new(Vector256.ConditionalSelect(Vector256.GreaterThan(condition.value, Vector256<float>.Zero), value.value, Vector256<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector8 value, ref float target, nuint offset) => value.value.StoreUnsafe(ref target, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sums(Vector8 a, Vector8 b, Vector8 c, Vector8 d) => LaneSums.Of(a.value, b.value, c.value, d.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Update<TRule>(scoped ref readonly TRule rule, Vector8 gradient, ref float parameters, ref float first, ref float second, nuint offset)
        where TRule : struct, IUpdateRule => ParameterUpdate.Apply(in rule, gradient.value, ref parameters, ref first, ref second, offset);
}
