using System.Text.RegularExpressions;

namespace Whittle;

/// <summary>A directory with a training and a test set in IDX files under their usual names.</summary>
public static partial class IdxDataset
{
    /// <summary>
    /// Reads the four files of a data set: train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and
    /// t10k-labels-idx1-ubyte, also with a dot before idx, "test" for "t10k", a prefix, or .gz at the end.
    /// </summary>
    /// <param name="directory">Where the files are.</param>
    /// <param name="options">How to read them; <see cref="IdxOptions.Default"/> if left out.</param>
    /// <exception cref="DataFormatException">A file is missing, not readable, damaged, or they do not fit each other.</exception>
    public static (Dataset Train, Dataset Test) Load(string directory, IdxOptions? options = null)
    {
        options ??= IdxOptions.Default;
        var names = DataDirectory.FileNames(directory);
        string Find(string part, string kind, string usual) => Choose(directory, names, options.Prefix, part, kind, usual);
        var trainImages = Find("train", "images", "train-images-idx3-ubyte.gz");
        var trainLabels = Find("train", "labels", "train-labels-idx1-ubyte.gz");
        var testImages = Find("test", "images", "t10k-images-idx3-ubyte.gz");
        var testLabels = Find("test", "labels", "t10k-labels-idx1-ubyte.gz");

        var train = IdxFile.Load(trainImages, trainLabels, options);
        var test = IdxFile.Load(testImages, testLabels, options with { Classes = train.Classes });
        return train.Features == test.Features && train.ImageSize == test.ImageSize
            ? (train, test)
            : throw new DataFormatException($"{testImages} has images of {test.Features} pixels but those of {trainImages} have {train.Features}; they do not belong together.");
    }

    private static string Choose(string directory, string[] names, string? prefix, string part, string kind, string usual)
    {
        var found = names
            .Select(name => UsualName().Match(name))
            .Where(match => match.Success
                && match.Groups["kind"].Value == kind
                && (match.Groups["part"].Value == "train") == (part == "train")
                && (prefix is null || match.Groups["prefix"].Value == prefix))
            .ToArray();
        if (found.Length == 0)
        {
            throw new DataFormatException($"{directory} has no file {prefix}{usual} (or the like); check the directory, or get the file.");
        }

        var prefixes = found.Select(match => match.Groups["prefix"].Value).Distinct().ToArray();
        return prefixes.Length == 1
            ? Path.Combine(directory, found[0].Value)
            : throw new DataFormatException($"{directory} holds more than one data set ({string.Join(", ", prefixes.Select(name => $"\"{name}\""))}); choose one by its prefix.");
    }

    [GeneratedRegex(@"^(?<prefix>.*?)(?<part>train|t10k|test)-(?<kind>images|labels)[-.]idx[1-4]-ubyte(\.gz)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex UsualName();
}
