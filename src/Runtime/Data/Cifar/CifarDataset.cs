namespace Whittle;

/// <summary>A directory with the binary version of CIFAR-10: 50,000 training and 10,000 test images of 32x32 pixels in ten classes.</summary>
public static class CifarDataset
{
    // Where the published archive puts its files.
    private const string ArchiveDirectory = "cifar-10-batches-bin";
    private const string TestFile = "test_batch.bin";

    private static readonly string[] TrainingFiles = [.. Enumerable.Range(1, 5).Select(number => $"data_batch_{number}.bin")];

    /// <summary>
    /// Reads data_batch_1.bin to data_batch_5.bin and test_batch.bin, plain or with .gz at the end, from the directory or
    /// from cifar-10-batches-bin in it.
    /// </summary>
    /// <param name="directory">Where the files are.</param>
    /// <param name="grey">False: 3072 features per image, red, green and blue. True: 1024 features, grey; see <see cref="CifarFile.Load"/>.</param>
    /// <exception cref="DataFormatException">A file is missing, not readable, truncated, or not of this format.</exception>
    public static (Dataset Train, Dataset Test) Load(string directory, bool grey = false)
    {
        var names = DataDirectory.FileNames(directory);
        var unpacked = Path.Combine(directory, ArchiveDirectory);
        if (!names.Any(IsBatch) && Directory.Exists(unpacked))
        {
            (directory, names) = (unpacked, DataDirectory.FileNames(unpacked));
        }

        string[] missing = [.. TrainingFiles.Append(TestFile).Where(name => Find(name) is null)];
        if (missing.Length > 0)
        {
            throw new DataFormatException(
                $"{directory} has no file {string.Join(", ", missing)} (plain or .gz); the binary version of CIFAR-10 has {TrainingFiles[0]} to {TrainingFiles[^1]} and {TestFile}.");
        }

        string[] training = [.. TrainingFiles.Select(name => Path.Combine(directory, Find(name)!))];
        return (CifarFile.LoadAll(training, grey), CifarFile.Load(Path.Combine(directory, Find(TestFile)!), grey));

        string? Find(string name) => names.FirstOrDefault(candidate => candidate == name || candidate == name + ".gz");
    }

    private static bool IsBatch(string name) => TrainingFiles.Append(TestFile).Any(batch => name == batch || name == batch + ".gz");
}
