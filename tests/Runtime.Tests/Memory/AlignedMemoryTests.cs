namespace Whittle.Runtime.Tests.Memory;

public unsafe class AlignedMemoryTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(2_000_000)]
    public void A_block_is_zeroed_and_starts_at_a_cache_line(int length)
    {
        using var memory = AlignedMemory.Allocate((nuint)length, "a test");
        using var lease = memory.Use();
        Assert.Equal(0u, (nuint)memory.Pointer % 64);
        Assert.False(new ReadOnlySpan<float>(memory.Pointer, length).ContainsAnyExcept(0f));
    }

    [Fact]
    public void Disposing_frees_a_block_only_after_the_last_lease()
    {
        var memory = AlignedMemory.Allocate(16, "a test");
        var lease = memory.Use();
        memory.Dispose();
        memory.Pointer[15] = 3;
        Assert.Equal(3, memory.Pointer[15]);
        lease.Dispose();
        Assert.Throws<ObjectDisposedException>(() => { memory.Use(); });
    }

    [Fact]
    public void A_block_keeps_another_one_until_it_is_freed_itself()
    {
        var kept = AlignedMemory.Allocate(16, "a test");
        var memory = AlignedMemory.Allocate(16, "a test", keeps: kept);
        kept.Dispose();
        Assert.False(kept.IsClosed);
        kept.Pointer[15] = 3;
        Assert.Equal(3, kept.Pointer[15]);
        memory.Dispose();
        Assert.True(kept.IsClosed);
        Assert.Throws<ObjectDisposedException>(() => AlignedMemory.Allocate(16, "a test", keeps: kept));
    }

    [Fact]
    public void A_size_that_cannot_be_addressed_is_refused_with_its_purpose()
    {
        var exception = Assert.Throws<OutOfMemoryException>(() => AlignedMemory.Allocate(nuint.MaxValue / 2, "a test"));
        Assert.Contains("a test", exception.Message);
    }
}
