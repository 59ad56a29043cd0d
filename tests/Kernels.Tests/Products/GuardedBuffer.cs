using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Whittle.Kernels.Tests;

/// <summary>Aligned floats between poisoned memory: a stray write is found, a stray read turns results into NaN.</summary>
internal sealed unsafe class GuardedBuffer : IDisposable
{
    /// <summary>Floats of poison on either side: more than the widest vector reaches.</summary>
    private const int Guard = 64;

    /// <summary>A NaN that no computation produces.</summary>
    private const uint Poison = 0x7FA1_B2C3;

    private readonly string name;
    private readonly int length;
    private readonly float* memory;

    public GuardedBuffer(string name, int length)
    {
        this.name = name;
        this.length = length;
        memory = (float*)NativeMemory.AlignedAlloc((nuint)(length + (2 * Guard)) * sizeof(float), 64);
        new Span<uint>(memory, length + (2 * Guard)).Fill(Poison);
    }

    public Span<float> Span => new(memory + Guard, length);

    public ref float Start => ref Unsafe.AsRef<float>(memory + Guard);

    /// <summary>Marks floats that the kernel must leave alone.</summary>
    public static void Seal(Span<float> floats) => MemoryMarshal.Cast<float, uint>(floats).Fill(Poison);

    public static bool IsSealed(ReadOnlySpan<float> floats) => !MemoryMarshal.Cast<float, uint>(floats).ContainsAnyExcept(Poison);

    public void AssertGuards(string where)
    {
        Assert.True(IsSealed(new ReadOnlySpan<float>(memory, Guard)), $"{where} wrote before {name}.");
        Assert.True(IsSealed(new ReadOnlySpan<float>(memory + Guard + length, Guard)), $"{where} wrote past the end of {name}.");
    }

    public void Dispose() => NativeMemory.AlignedFree(memory);
}
