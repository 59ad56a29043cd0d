using System.IO.Compression;
using System.Security.Cryptography;

namespace Whittle.Examples.DataSets;

/// <summary>A file of a data set as it lies on the disk.</summary>
/// <param name="Name">Its name, with .gz if it is published so.</param>
/// <param name="Sha256">SHA-256 of the file as it is published; null if it comes out of an archive.</param>
/// <param name="ContentSha256">SHA-256 of what it holds, unpacked; null if not known.</param>
public sealed record SetFile(string Name, string? Sha256, string? ContentSha256 = null)
{
    private const string Packed = ".gz";

    /// <summary>Where it is in a directory, packed or not; null if it is not there.</summary>
    public string? Find(string directory)
    {
        var plain = Name.EndsWith(Packed, StringComparison.Ordinal) ? Name[..^Packed.Length] : Name;
        return new[] { Name, plain, plain + Packed }.Select(name => Path.Combine(directory, name)).FirstOrDefault(File.Exists);
    }

    /// <summary>Compares it with the checksums that are known.</summary>
    /// <exception cref="UserErrorException">It cannot be read.</exception>
    public FileState Check(string directory)
    {
        if (Find(directory) is not { } path)
        {
            return FileState.Missing;
        }

        try
        {
            var checksum = Checksum(path);
            if (checksum == Sha256)
            {
                return FileState.Published;
            }

            if (ContentSha256 is not null)
            {
                return (path.EndsWith(Packed, StringComparison.Ordinal) ? ContentChecksum(path) : checksum) == ContentSha256 ? FileState.Published : FileState.Different;
            }

            return ChecksumList.Read(directory).TryGetValue(Path.GetFileName(path), out var recorded)
                ? (checksum == recorded ? FileState.Recorded : FileState.Different)
                : Sha256 is not null && Path.GetFileName(path) == Name ? FileState.Different : FileState.Unknown;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path} cannot be read: {exception.Message}");
        }
    }

    /// <summary>The SHA-256 of a file.</summary>
    public static string Checksum(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    // Damaged gzip data has no checksum that is known.
    private static string? ContentChecksum(string path)
    {
        try
        {
            using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
