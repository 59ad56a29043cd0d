namespace Whittle;

/// <summary>Lists directories of data, and turns what the system reports into one line for the user.</summary>
internal static class DataDirectory
{
    /// <summary>
    /// The names of the files in a directory, in ordinal order: a plain file comes before its packed copy, which takes
    /// longer to read.
    /// </summary>
    /// <exception cref="DataFormatException">The directory does not exist or cannot be read.</exception>
    public static string[] FileNames(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (File.Exists(directory))
        {
            throw new DataFormatException($"{directory} is a file; give the directory that holds the files of the data set.");
        }

        try
        {
            return [.. Directory.EnumerateFiles(directory).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        }
        catch (DirectoryNotFoundException exception)
        {
            throw new DataFormatException($"{directory} does not exist; give the directory that holds the files of the data set.", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new DataFormatException($"There is no permission to read the directory {directory}; check its access rights.", exception);
        }
        catch (IOException exception)
        {
            throw new DataFormatException($"{directory} cannot be read: {exception.Message}", exception);
        }
    }
}
