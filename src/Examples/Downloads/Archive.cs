using System.Formats.Tar;
using System.IO.Compression;

namespace Whittle.Examples.Downloads;

/// <summary>Unpacks files of an archive, .tar.gz or .zip.</summary>
public static class Archive
{
    /// <summary>Unpacks the files of these names, whatever their folder in the archive. A final name appears when all of them are unpacked.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="directory">Where they go; exists.</param>
    /// <param name="names">Names without folders.</param>
    /// <exception cref="UserErrorException">The archive is damaged or lacks a file, or one cannot be written.</exception>
    public static void Unpack(string path, string directory, IReadOnlyCollection<string> names)
    {
        var unpacked = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            foreach (var (name, content) in Entries(path).Where(entry => names.Contains(entry.Name)))
            {
                // Beside the final name; what an earlier run left there is overwritten.
                var temporary = Path.Combine(directory, name + ".unpacked");
                unpacked[name] = temporary;
                using var target = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None);
                content.CopyTo(target);
                target.Flush(flushToDisk: true);
            }

            if (names.Except(unpacked.Keys).ToArray() is { Length: > 0 } missing)
            {
                throw new UserErrorException($"{path} does not hold {string.Join(", ", missing)}; check that it is the right archive.");
            }

            foreach (var (name, temporary) in unpacked)
            {
                File.Move(temporary, Path.Combine(directory, name), overwrite: true);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw new UserErrorException($"{path} is damaged and cannot be unpacked ({exception.Message.TrimEnd('.')}); get it again.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path} cannot be unpacked to {directory}: {exception.Message}");
        }
        finally
        {
            foreach (var temporary in unpacked.Values)
            {
                File.Delete(temporary);
            }
        }
    }

    // Regular files only; names without their folders, so that none can point out of the directory.
    private static IEnumerable<(string Name, Stream Content)> Entries(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read);
            foreach (var entry in zip.Entries.Where(entry => entry.Name.Length > 0))
            {
                using var content = entry.Open();
                yield return (entry.Name, content);
            }

            yield break;
        }

        using var plain = new GZipStream(file, CompressionMode.Decompress);
        using var tar = new TarReader(plain);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry is { EntryType: TarEntryType.RegularFile or TarEntryType.V7RegularFile, DataStream: { } content })
            {
                yield return (Path.GetFileName(entry.Name), content);
            }
        }
    }
}
