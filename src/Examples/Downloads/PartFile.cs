using System.Security.Cryptography;

namespace Whittle.Examples.Downloads;

/// <summary>
/// A file that grows beside its final name, in NAME.part, until it is whole. What the disk refuses is a
/// <see cref="UserErrorException"/>: it does not get better by another attempt.
/// </summary>
/// <param name="path">The final name.</param>
internal sealed class PartFile(string path)
{
    private readonly string part = path + ".part";

    /// <summary>Bytes that are here.</summary>
    public long Length => new FileInfo(part) is { Exists: true } file ? file.Length : 0;

    /// <summary>Opens it to write at its end, or from the start.</summary>
    public Stream Open(bool append) =>
        Guarded(() => new FileStream(part, append ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0));

    /// <summary>Writes bytes to what <see cref="Open"/> opened.</summary>
    public void Write(Stream target, byte[] buffer, int count) => Guarded(() =>
    {
        target.Write(buffer, 0, count);
        return count;
    });

    /// <summary>The SHA-256 of what is here.</summary>
    public string Checksum(CancellationToken cancellation)
    {
        using var stream = Guarded(() => File.OpenRead(part));
        return Convert.ToHexStringLower(SHA256.HashDataAsync(stream, cancellation).AsTask().GetAwaiter().GetResult());
    }

    /// <summary>Gives it its final name.</summary>
    public void Publish() => Guarded(() =>
    {
        File.Move(part, path, overwrite: true);
        return path;
    });

    /// <summary>Removes it.</summary>
    public void Discard() => Guarded(() =>
    {
        File.Delete(part);
        return part;
    });

    private T Guarded<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new UserErrorException($"{path} cannot be written: {exception.Message}");
        }
    }
}
