namespace Whittle.Runtime.Tests.Data;

/// <summary>Damages files at random, the same way for the same number.</summary>
internal static class Mutations
{
    /// <summary>How many damaged files a fuzz test reads: $WHITTLE_FUZZ or 400.</summary>
    public static int Count => int.TryParse(Environment.GetEnvironmentVariable("WHITTLE_FUZZ"), out var count) ? count : 400;

    public static byte[] Mutate(byte[] original, int number)
    {
        var random = new RandomStream(20, (ulong)number);
        var bytes = original.ToList();
        for (var change = random.NextInt32(4); change >= 0; change--)
        {
            var position = random.NextInt32(bytes.Count + 1);
            switch (random.NextInt32(5))
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
                default:
                    bytes.InsertRange(position, [.. bytes.Skip(random.NextInt32(bytes.Count + 1)).Take(random.NextInt32(12))]);
                    break;
            }
        }

        return [.. bytes];
    }
}
