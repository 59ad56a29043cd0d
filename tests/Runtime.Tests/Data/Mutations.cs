using System.Buffers.Binary;

namespace Whittle.Runtime.Tests.Data;

/// <summary>Damages files at random, the same way for the same number.</summary>
internal static class Mutations
{
    private static readonly int[] ExtremeSizes = [0, 1, -1, 255, 65_536, int.MaxValue, int.MinValue, 0x01000000];

    /// <summary>How many damaged files a fuzz test reads: $WHITTLE_FUZZ or 400.</summary>
    public static int Count => int.TryParse(Environment.GetEnvironmentVariable("WHITTLE_FUZZ"), out var count) ? count : 400;

    public static byte[] Mutate(byte[] original, int number)
    {
        var random = new RandomStream(20, (ulong)number);
        var bytes = original.ToList();
        for (var change = random.NextInt32(4); change >= 0; change--)
        {
            var position = random.NextInt32(bytes.Count + 1);
            switch (random.NextInt32(7))
            {
                case 0 when position < bytes.Count:
                    bytes[position] ^= (byte)(1 << random.NextInt32(8));
                    break;
                case 1 when position < bytes.Count:
                    bytes[position] = (byte)random.NextInt32(256);
                    break;
                case 2:
                    bytes.RemoveRange(position, random.NextInt32(bytes.Count - position + 1));
                    break;
                case 3:
                    bytes.Insert(position, (byte)random.NextInt32(256));
                    break;
                case 4 when bytes.Count > 4:
                    // A size in a header, of either byte order, becomes an extreme one.
                    Overwrite(bytes, 4 * random.NextInt32(Math.Min(8, bytes.Count / 4)), ExtremeSizes[random.NextInt32(ExtremeSizes.Length)]);
                    break;
                case 5 when position < bytes.Count:
                    // Headers are short: without this most damage would be in the values.
                    bytes[random.NextInt32(Math.Min(32, bytes.Count))] = (byte)random.NextInt32(256);
                    break;
                default:
                    bytes.InsertRange(position, [.. bytes.Skip(random.NextInt32(bytes.Count + 1)).Take(random.NextInt32(12))]);
                    break;
            }
        }

        return [.. bytes];
    }

    private static void Overwrite(List<byte> bytes, int position, int value)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(word, value);
        for (var index = 0; index < word.Length; index++)
        {
            bytes[position + index] = word[index];
        }
    }
}
