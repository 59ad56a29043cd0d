using System.Text.RegularExpressions;

namespace Whittle;

/// <summary>
/// A directory with small NORB: 24,300 training and 24,300 test scenes of toys in five classes, each seen by two cameras
/// in images of 96x96 pixels. The two parts show different toys.
/// </summary>
public static partial class NorbDataset
{
    /// <summary>
    /// Reads the -dat and -cat files of both archives under their published names, smallnorb-...-training-dat.mat and so
    /// on, plain or with .gz at the end.
    /// </summary>
    /// <param name="directory">Where the files are.</param>
    /// <param name="options">Which camera, and how small; the left one and 96x96 if left out.</param>
    /// <exception cref="DataFormatException">A file is missing, not readable, damaged, or they do not fit each other.</exception>
    public static (Dataset Train, Dataset Test) Load(string directory, NorbOptions? options = null)
    {
        var names = DataDirectory.FileNames(directory);
        var (trainImages, trainClasses) = (Find("training", "dat"), Find("training", "cat"));
        var (testImages, testClasses) = (Find("testing", "dat"), Find("testing", "cat"));
        var train = NorbFile.Load(trainImages, trainClasses, options);
        var test = NorbFile.Load(testImages, testClasses, options);
        return train.ImageSize == test.ImageSize
            ? (train, test)
            : throw new DataFormatException($"{testImages} has images of {test.Features} pixels but those of {trainImages} have {train.Features}; they do not belong together.");

        string Find(string part, string kind)
        {
            var found = names.FirstOrDefault(name => UsualName().Match(name) is { Success: true } match && match.Groups["part"].Value == part && match.Groups["kind"].Value == kind);
            return found is not null
                ? Path.Combine(directory, found)
                : throw new DataFormatException($"{directory} has no file smallnorb-...-{part}-{kind}.mat.gz (or without .gz); check the directory, or get the file.");
        }
    }

    [GeneratedRegex(@"^smallnorb-.*-(?<part>training|testing)-(?<kind>dat|cat)\.mat(\.gz)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex UsualName();
}
