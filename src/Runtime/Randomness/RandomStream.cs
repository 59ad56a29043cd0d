namespace Whittle;

/// <summary>
/// Random numbers that depend only on a seed and a stream number: the counter-based generator Philox4x32-10 (Salmon
/// et al. 2011). Streams are independent, so that each purpose or each thread can have its own and results do not
/// depend on the number of threads. Not for cryptography.
/// </summary>
public struct RandomStream
{
    private readonly uint key0;
    private readonly uint key1;
    private readonly ulong stream;
    private ulong block;
    private UInt128 buffer;
    private int left;
    private float spareNormal;
    private bool hasSpareNormal;

    /// <summary>Starts a stream.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="stream">Number of the stream.</param>
    public RandomStream(ulong seed, ulong stream)
    {
        key0 = (uint)seed;
        key1 = (uint)(seed >> 32);
        this.stream = stream;
    }

    /// <summary>The next 32 random bits.</summary>
    public uint NextUInt32()
    {
        if (left == 0)
        {
            buffer = Philox((uint)block, (uint)(block >> 32), (uint)stream, (uint)(stream >> 32), key0, key1);
            block++;
            left = 4;
        }

        var bits = (uint)buffer;
        buffer >>= 32;
        left--;
        return bits;
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64() => NextUInt32() | ((ulong)NextUInt32() << 32);

    /// <summary>The bits that as many calls of <see cref="NextUInt32"/> would give.</summary>
    internal void Fill(Span<uint> words)
    {
        while (left > 0 && !words.IsEmpty)
        {
            words[0] = NextUInt32();
            words = words[1..];
        }

        var blocks = PhiloxVectors.Fill(words, block, stream, key0, key1);
        block += (ulong)blocks;
        foreach (ref var word in words[(4 * blocks)..])
        {
            word = NextUInt32();
        }
    }

    /// <summary>Uniform in [0, 1), a multiple of 2^-24.</summary>
    public float NextSingle() => (NextUInt32() >> 8) * (1f / (1 << 24));

    /// <summary>Uniform among 0 to <paramref name="bound"/> - 1, without bias (Lemire 2019).</summary>
    /// <param name="bound">One more than the largest result, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bound is below 1.</exception>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        var product = (ulong)NextUInt32() * (uint)bound;
        if ((uint)product < (uint)bound)
        {
            var threshold = (uint)-bound % (uint)bound;
            while ((uint)product < threshold)
            {
                product = (ulong)NextUInt32() * (uint)bound;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>Normal with mean 0 and variance 1 (Box and Muller 1958).</summary>
    public float NextNormal()
    {
        if (hasSpareNormal)
        {
            hasSpareNormal = false;
            return spareNormal;
        }

        // In (0, 1], so that the logarithm is finite.
        var radius = Math.Sqrt(-2 * Math.Log((NextUInt32() + 1.0) / 4294967296.0));
        var (sine, cosine) = Math.SinCos(2 * Math.PI * (NextUInt32() / 4294967296.0));
        spareNormal = (float)(radius * sine);
        hasSpareNormal = true;
        return (float)(radius * cosine);
    }

    /// <summary>Brings the items into a random order, each order equally likely (Fisher and Yates).</summary>
    public void Shuffle(Span<int> items)
    {
        for (var index = items.Length - 1; index > 0; index--)
        {
            var other = NextInt32(index + 1);
            (items[index], items[other]) = (items[other], items[index]);
        }
    }

    /// <summary>One block of Philox4x32-10: 128 random bits, word 0 lowest, for a counter of four words and a key of two.</summary>
    internal static UInt128 Philox(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (var round = 0; round < 10; round++)
        {
            var product0 = Math.BigMul(0xD2511F53u, c0);
            var product1 = Math.BigMul(0xCD9E8D57u, c2);
            (c0, c1, c2, c3) = ((uint)(product1 >> 32) ^ c1 ^ k0, (uint)product1, (uint)(product0 >> 32) ^ c3 ^ k1, (uint)product0);
            k0 += 0x9E3779B9u;
            k1 += 0xBB67AE85u;
        }

        return new UInt128(((ulong)c3 << 32) | c2, ((ulong)c1 << 32) | c0);
    }
}
