using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Whittle;

/// <summary>Eight blocks of Philox4x32-10 at a time, for draws of one number per node.</summary>
internal static class PhiloxVectors
{
    private const int BlocksAtOnce = 8;
    private const int WordsPerBlock = 4;

    /// <summary>Writes whole blocks.</summary>
    /// <param name="words">Where to.</param>
    /// <param name="block">Counter of the first block.</param>
    /// <param name="stream">The stream: the counter's upper half.</param>
    /// <param name="key0">Lower half of the key.</param>
    /// <param name="key1">Upper half of the key.</param>
    /// <returns>How many blocks were written; the caller goes on from there, from the start where the processor has no AVX2.</returns>
    public static int Fill(Span<uint> words, ulong block, ulong stream, uint key0, uint key1)
    {
        var written = 0;
        if (!Avx2.IsSupported)
        {
            return written;
        }

        for (; words.Length >= BlocksAtOnce * WordsPerBlock; words = words[(BlocksAtOnce * WordsPerBlock)..])
        {
            var first = block + (ulong)written;
            if ((uint)first > uint.MaxValue - BlocksAtOnce)
            {
                // The counter's carry into its second word: once in 2^32 blocks.
                return written;
            }

            var c0 = Vector256.Create((uint)first) + Vector256<uint>.Indices;
            var c1 = Vector256.Create((uint)(first >> 32));
            var c2 = Vector256.Create((uint)stream);
            var c3 = Vector256.Create((uint)(stream >> 32));
            var (k0, k1) = (key0, key1);
            for (var round = 0; round < 10; round++)
            {
                var (high0, low0) = Multiply(c0, 0xD2511F53u);
                var (high1, low1) = Multiply(c2, 0xCD9E8D57u);
                (c0, c1, c2, c3) = (high1 ^ c1 ^ Vector256.Create(k0), low1, high0 ^ c3 ^ Vector256.Create(k1), low0);
                k0 += 0x9E3779B9u;
                k1 += 0xBB67AE85u;
            }

            Store(words, c0, c1, c2, c3);
            written += BlocksAtOnce;
        }

        return written;
    }

    /// <summary>Upper and lower halves of the 64-bit products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<uint> High, Vector256<uint> Low) Multiply(Vector256<uint> counter, uint factor)
    {
        var factors = Vector256.Create(factor);
        var even = Avx2.Multiply(counter, factors);
        var odd = Avx2.Multiply((counter.AsUInt64() >> 32).AsUInt32(), factors);
        return (
            Avx2.Blend((even >> 32).AsUInt32(), odd.AsUInt32(), 0b10101010),
            Avx2.Blend(even.AsUInt32(), (odd << 32).AsUInt32(), 0b10101010));
    }

    /// <summary>Writes the words of each block side by side.</summary>
    private static void Store(Span<uint> words, Vector256<uint> c0, Vector256<uint> c1, Vector256<uint> c2, Vector256<uint> c3)
    {
        var low01 = Avx2.UnpackLow(c0, c1).AsUInt64();
        var high01 = Avx2.UnpackHigh(c0, c1).AsUInt64();
        var low23 = Avx2.UnpackLow(c2, c3).AsUInt64();
        var high23 = Avx2.UnpackHigh(c2, c3).AsUInt64();
        var blocks04 = Avx2.UnpackLow(low01, low23).AsUInt32();
        var blocks15 = Avx2.UnpackHigh(low01, low23).AsUInt32();
        var blocks26 = Avx2.UnpackLow(high01, high23).AsUInt32();
        var blocks37 = Avx2.UnpackHigh(high01, high23).AsUInt32();
        Avx2.Permute2x128(blocks04, blocks15, 0x20).CopyTo(words);
        Avx2.Permute2x128(blocks26, blocks37, 0x20).CopyTo(words[8..]);
        Avx2.Permute2x128(blocks04, blocks15, 0x31).CopyTo(words[16..]);
        Avx2.Permute2x128(blocks26, blocks37, 0x31).CopyTo(words[24..]);
    }
}
