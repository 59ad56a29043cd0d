using System.Runtime.InteropServices;

namespace Whittle;

/// <summary>
/// One block of native memory for 32-bit floats: zeroed, aligned to a cache line, freed when disposed or finalised,
/// but never while a <see cref="Lease"/> of it is held.
/// </summary>
internal sealed unsafe class AlignedMemory : SafeHandle
{
    /// <summary>Floats in a cache line; buffers inside a block start at multiples of it.</summary>
    public const int AlignmentInFloats = RowLayout.Line;

    private const int CacheLine = AlignmentInFloats * sizeof(float);

    private AlignedMemory? kept;

    private AlignedMemory(nuint length)
        : base(0, ownsHandle: true)
    {
        Length = length;
    }

    /// <summary>Number of floats.</summary>
    public nuint Length { get; }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The first float; valid only while a lease is held.</summary>
    public float* Pointer => (float*)handle;

    private nuint Bytes => Length * sizeof(float);

    /// <summary>Allocates a zeroed block.</summary>
    /// <param name="length">Number of floats.</param>
    /// <param name="purpose">What the block is for, in words for the error message.</param>
    /// <param name="keeps">Another block that must not be freed before this one.</param>
    /// <exception cref="OutOfMemoryException">The system has not enough memory, or the size cannot be addressed.</exception>
    /// <exception cref="ObjectDisposedException">The other block was disposed.</exception>
    public static AlignedMemory Allocate(nuint length, string purpose, AlignedMemory? keeps = null)
    {
        var memory = new AlignedMemory(Math.Max(length, AlignmentInFloats));
        try
        {
            var bytes = checked(memory.Length * sizeof(float));
            var block = NativeMemory.AlignedAlloc(bytes, bytes >= HugePages.Size ? HugePages.Size : (nuint)CacheLine);
            memory.SetHandle((nint)block);
            HugePages.Advise(block, bytes);
            NativeMemory.Clear(block, bytes);
            GC.AddMemoryPressure((long)bytes);
            memory.Keep(keeps);
            return memory;
        }
        catch (Exception exception) when (exception is OutOfMemoryException or OverflowException)
        {
            throw new OutOfMemoryException(
                $"Not enough memory for {purpose}: {length:N0} floats; use fewer units, inputs or rows at once.", exception);
        }
    }

    /// <summary>Rounds a number of floats up to whole cache lines.</summary>
    public static nuint Align(nuint length) => checked(length + (AlignmentInFloats - 1)) & ~(nuint)(AlignmentInFloats - 1);

    /// <summary>Keeps the memory from being freed until the lease is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The memory was disposed.</exception>
    public Lease Use()
    {
        var added = false;
        DangerousAddRef(ref added);
        return new Lease(this);
    }

    /// <summary>Copies all floats of a block of the same length. The caller holds leases of both.</summary>
    public void CopyFrom(AlignedMemory source) => NativeMemory.Copy(source.Pointer, Pointer, Bytes);

    /// <summary>Gives all floats one value. The caller holds a lease.</summary>
    public void Fill(float value)
    {
        for (nuint start = 0; start < Length; start += int.MaxValue)
        {
            new Span<float>(Pointer + start, (int)Math.Min(Length - start, int.MaxValue)).Fill(value);
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        GC.RemoveMemoryPressure((long)Bytes);
        kept?.DangerousRelease();
        return true;
    }

    private void Keep(AlignedMemory? other)
    {
        var added = false;
        other?.DangerousAddRef(ref added);
        kept = other;
    }

    /// <summary>The right to use a block's pointer.</summary>
    public readonly ref struct Lease(AlignedMemory memory)
    {
        /// <summary>Ends the right.</summary>
        public void Dispose() => memory.DangerousRelease();
    }
}
