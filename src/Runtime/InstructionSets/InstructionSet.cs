using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Whittle;

/// <summary>The instruction sets that kernels are generated in, narrowest first.</summary>
public enum InstructionSet
{
    /// <summary>128-bit vectors of .NET: SSE, Arm AdvSimd, or software.</summary>
    Portable,

    /// <summary>256-bit vectors with fused multiply-add.</summary>
    Avx2,

    /// <summary>512-bit vectors.</summary>
    Avx512,
}

/// <summary>The one place that decides which generated kernels run on this processor.</summary>
public static class InstructionSets
{
    /// <summary>Environment variable that overrides the choice: <c>avx512</c>, <c>avx2</c> or <c>portable</c>.</summary>
    public const string OverrideVariable = "WHITTLE_INSTRUCTION_SET";

    /// <summary>The widest set that the processor (and the runtime's settings) accelerates.</summary>
    public static InstructionSet Supported { get; } =
        Vector512.IsHardwareAccelerated && Avx512F.IsSupported ? InstructionSet.Avx512
        : Vector256.IsHardwareAccelerated && Avx2.IsSupported && Fma.IsSupported ? InstructionSet.Avx2
        : InstructionSet.Portable;

    /// <summary>The set that generated code runs in: <see cref="Supported"/> unless overridden.</summary>
    /// <remarks>
    /// A set wider than the processor's still computes the right values, in emulated vectors and slowly; that is meant
    /// for tests. Read once when the process starts, so that the just-in-time compiler treats it as a constant.
    /// </remarks>
    public static InstructionSet Active { get; } = Choose(Environment.GetEnvironmentVariable(OverrideVariable));

    /// <summary>Number of 32-bit floats in a vector of the set: 16, 8 or 4.</summary>
    public static int Lanes(InstructionSet set) => set switch
    {
        InstructionSet.Avx512 => Vector512<float>.Count,
        InstructionSet.Avx2 => Vector256<float>.Count,
        _ => Vector128<float>.Count,
    };

    /// <summary>Units in one panel of a layer's parameters: two vectors.</summary>
    public static int PanelWidth(InstructionSet set) => 2 * Lanes(set);

    /// <summary>Floats from one row of activations, or of their gradients, to the next; generated kernels have it as a constant.</summary>
    /// <param name="set">The instruction set.</param>
    /// <param name="units">Values in a row.</param>
    public static int RowStride(InstructionSet set, int units) => RowLayout.Stride(units, PanelWidth(set));

    private static InstructionSet Choose(string? wanted) => wanted?.Trim().ToLowerInvariant() switch
    {
        null or "" => Supported,
        "avx512" => InstructionSet.Avx512,
        "avx2" => InstructionSet.Avx2,
        "portable" => InstructionSet.Portable,
        _ => throw new InvalidOperationException(
            $"The environment variable {OverrideVariable} is '{wanted}'; use avx512, avx2 or portable, or leave it unset."),
    };
}
