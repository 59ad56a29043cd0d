using System.IO.Compression;

namespace Whittle;

/// <summary>Opens files of data, unpacks gzip, and turns what the system reports into one line for the user.</summary>
internal static class DataFile
{
    private static ReadOnlySpan<byte> GzipMagic => [0x1F, 0x8B];

    /// <summary>Reads a file, plain or gzip (told by its first bytes, whatever its name).</summary>
    /// <exception cref="DataFormatException">The file is missing, not readable, or its gzip data is damaged.</exception>
    public static T Read<T>(string path, Func<Stream, T> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new DataFormatException($"{path} is a directory; give the path of a file in it.");
        }

        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            if (!IsGzip(file))
            {
                return read(file);
            }

            using var unpacked = new GZipStream(file, CompressionMode.Decompress);
            return read(unpacked);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataFormatException($"{path} does not exist; check the path.", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new DataFormatException($"There is no permission to read {path}; check its access rights.", exception);
        }
        catch (InvalidDataException exception)
        {
            throw new DataFormatException($"{path} is damaged: its gzip data cannot be unpacked; get it again.", exception);
        }
        catch (IOException exception)
        {
            throw new DataFormatException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    private static bool IsGzip(FileStream file)
    {
        Span<byte> start = stackalloc byte[2];
        var length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return start[..length].SequenceEqual(GzipMagic);
    }
}
