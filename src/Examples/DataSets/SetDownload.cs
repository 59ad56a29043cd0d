using Whittle.Examples.Downloads;

namespace Whittle.Examples.DataSets;

/// <summary>Brings a data set into its directory: fetches what is missing or different, unpacks archives and records the checksums of what was in them.</summary>
/// <param name="downloader">Fetches single files.</param>
/// <param name="set">The set.</param>
/// <param name="directory">The directory of the set; made if need be.</param>
/// <param name="addresses">Where its files are published, to try in turn; null for the set's own.</param>
public sealed class SetDownload(Downloader downloader, PublicSet set, string directory, IReadOnlyList<string>? addresses = null)
{
    /// <summary>What has to be fetched: nothing if all files are here and as they should be.</summary>
    public IReadOnlyList<PublishedFile> Missing() =>
        [.. set.Downloads.Where(file => FilesOf(file).Any(part => part.Check(directory) is FileState.Missing or FileState.Different))];

    /// <summary>Fetches files and unpacks archives.</summary>
    /// <param name="files">Of the set's downloads.</param>
    /// <param name="progress">Is told how far each file is.</param>
    /// <param name="cancellation">Ends it; what has come so far stays for the next time.</param>
    /// <exception cref="UserErrorException">Nothing at the addresses is what it must be, or it cannot be written.</exception>
    public async Task RunAsync(IReadOnlyList<PublishedFile> files, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The directory {directory} cannot be made: {exception.Message}");
        }

        foreach (var file in files)
        {
            await FetchAsync(file, progress, cancellation);
            if (file.IsArchive)
            {
                Unpack(file);
            }
        }
    }

    private IEnumerable<SetFile> FilesOf(PublishedFile file) => file.IsArchive ? set.Files : set.Files.Where(part => part.Name == file.Name);

    private async Task FetchAsync(PublishedFile file, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        var all = addresses ?? set.Addresses;
        for (var index = 0; ; index++)
        {
            try
            {
                await downloader.FetchAsync(new Uri(new Uri(all[index].TrimEnd('/') + '/'), file.Name), file, directory, progress, cancellation);
                return;
            }
            catch (UserErrorException exception) when (index + 1 < all.Count)
            {
                progress?.Report(new DownloadProgress(file, 0, $"{exception.Message} Trying {all[index + 1]}"));
            }
        }
    }

    private void Unpack(PublishedFile file)
    {
        var archive = Path.Combine(directory, file.Name);
        Archive.Unpack(archive, directory, [.. set.Files.Select(part => part.Name)]);
        ChecksumList.Add(directory, set.Files.ToDictionary(part => part.Name, part => SetFile.Checksum(Path.Combine(directory, part.Name))));
        File.Delete(archive);
    }
}
