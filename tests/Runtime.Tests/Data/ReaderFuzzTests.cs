namespace Whittle.Runtime.Tests.Data;

/// <summary>Damaged files: each is read as something sound or refused with one line, in bounded memory and time.</summary>
public sealed class ReaderFuzzTests
{
    // A hang must end the test and name the file; no sound reader comes near it.
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(2);
    private const long MostMemory = 64 << 20;

    public static TheoryData<string, bool> Readers
    {
        get
        {
            var readers = new TheoryData<string, bool>();
            foreach (var name in FuzzedReader.All.Keys)
            {
                readers.Add(name, false);
                if (!name.StartsWith("model", StringComparison.Ordinal))
                {
                    readers.Add(name, true);
                }
            }

            return readers;
        }
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task A_damaged_file_is_read_as_something_sound_or_refused_in_one_line(string name, bool gzip)
    {
        using var directory = new TemporaryDirectory();
        var reader = FuzzedReader.All[name]();
        foreach (var (file, content) in reader.Files)
        {
            directory.Write(file, gzip ? IdxBytes.Gzip(content) : content);
        }

        await Task.Run(() => reader.Read(directory.Path)).WaitAsync(Hang);
        var names = reader.Files.Keys.Order(StringComparer.Ordinal).ToArray();
        var refused = 0;
        for (var number = 0; number < Mutations.Count; number++)
        {
            var file = names[number % names.Length];
            var sound = reader.Files[file];
            directory.Write(file, Damage(reader, sound, gzip, number));
            try
            {
                refused += await Task.Run(() => IsRefused(reader, directory.Path)).WaitAsync(Hang) ? 1 : 0;
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Mutation {number}, of the file {file}: {exception.Message}", exception);
            }

            directory.Write(file, gzip ? IdxBytes.Gzip(sound) : sound);
        }

        Assert.InRange(refused, Mutations.Count / 4, Mutations.Count);
    }

    // Packed files are damaged before and after packing in turns: damage after it seldom gets past the checksum of gzip.
    private static byte[] Damage(FuzzedReader reader, byte[] sound, bool gzip, int number) =>
        !gzip ? reader.Finish(Mutations.Mutate(sound, number))
        : (number / 3) % 2 == 0 ? IdxBytes.Gzip(Mutations.Mutate(sound, number))
        : Mutations.Mutate(IdxBytes.Gzip(sound), number);

    private static bool IsRefused(FuzzedReader reader, string directory)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            reader.Read(directory);
            return false;
        }
        catch (Exception exception) when (exception is DataFormatException or ModelFileException)
        {
            Assert.NotEmpty(exception.Message);
            Assert.DoesNotContain('\n', exception.Message);
            Assert.DoesNotContain('\r', exception.Message);
            return true;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostMemory);
        }
    }
}
