using System.Formats.Tar;
using System.IO.Compression;
using Whittle.Examples.DataSets;
using Whittle.Examples.Downloads;

namespace Whittle.Examples.Tests.Downloads;

public sealed class SetDownloadTests : IDisposable
{
    private static readonly byte[] First = DownloaderTests.Bytes(5_000, seed: 1);
    private static readonly byte[] Second = DownloaderTests.Bytes(3_000, seed: 2);

    private readonly string root = Directory.CreateTempSubdirectory("whittle-set-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData("set.tar.gz")]
    [InlineData("set.zip")]
    public async Task An_archive_is_unpacked_its_files_recorded_and_itself_removed(string name)
    {
        // What stands in other folders, or points out of the directory, lands in it or nowhere.
        var archive = Pack(name, ("folder/one", First), ("../two", Second), ("../../three", Second));
        var set = SetOf(name, archive);
        using var server = new FaultyServer(request => FaultyServer.Sound(archive, request) with { Sent = 4_000 });
        await Run(set, server);

        Assert.Equal(["SHA256SUMS", "one", "two"], Names());
        Assert.Equal(First, await File.ReadAllBytesAsync(Path.Combine(root, "set", "one"), TestContext.Current.CancellationToken));
        Assert.Equal($"{DownloaderTests.Checksum(First)}  one\n{DownloaderTests.Checksum(Second)}  two\n", await File.ReadAllTextAsync(Path.Combine(root, "set", "SHA256SUMS"), TestContext.Current.CancellationToken));
        Assert.Equal([FileState.Recorded, FileState.Recorded], set.Files.Select(file => file.Check(Path.Combine(root, "set"))));
        Assert.Empty(await Run(set, server));

        await File.WriteAllBytesAsync(Path.Combine(root, "set", "two"), First, TestContext.Current.CancellationToken);
        Assert.Equal(FileState.Different, set.Files[1].Check(Path.Combine(root, "set")));
        Assert.Single(await Run(set, server));
        Assert.Equal(FileState.Recorded, set.Files[1].Check(Path.Combine(root, "set")));
    }

    [Theory]
    [InlineData("set.tar.gz")]
    [InlineData("set.zip")]
    public async Task An_archive_without_a_file_or_damaged_leaves_nothing_under_a_final_name(string name)
    {
        var incomplete = Pack(name, ("one", First));
        using var server = new FaultyServer(request => FaultyServer.Sound(incomplete, request));
        Assert.Contains("does not hold two", await Refusal(SetOf(name, incomplete), server), StringComparison.Ordinal);
        Assert.Equal([name], Names());

        var truncated = Pack(name, ("one", First), ("two", Second))[..6_000];
        using var other = new FaultyServer(request => FaultyServer.Sound(truncated, request));
        Assert.Contains("is damaged and cannot be unpacked", await Refusal(SetOf(name, truncated), other), StringComparison.Ordinal);
        Assert.Equal([name], Names());
    }

    [Fact]
    public async Task Only_files_that_are_missing_or_different_are_fetched()
    {
        var set = new PublicSet("set", 1, 1, "bytes", 2)
        {
            Downloads = [Published("one.gz", First), Published("two.gz", Second)],
            Files = [new("one.gz", DownloaderTests.Checksum(First)), new("two.gz", DownloaderTests.Checksum(Second))],
        };
        using var server = new FaultyServer(request => FaultyServer.Sound(request.Target.EndsWith("one.gz", StringComparison.Ordinal) ? First : Second, request));
        Assert.Equal(["one.gz", "two.gz"], (await Run(set, server)).Select(file => file.Name));
        Assert.Empty(await Run(set, server));
        File.Delete(Path.Combine(root, "set", "one.gz"));
        Assert.Equal(["one.gz"], (await Run(set, server)).Select(file => file.Name));
        await File.AppendAllTextAsync(Path.Combine(root, "set", "two.gz"), "x", TestContext.Current.CancellationToken);
        Assert.Equal(["two.gz"], (await Run(set, server)).Select(file => file.Name));
        Assert.Equal(["/below/one.gz", "/below/two.gz", "/below/one.gz", "/below/two.gz"], server.Requests.Select(request => request.Target));
    }

    [Fact]
    public async Task Content_that_is_packed_in_another_way_or_not_at_all_is_the_published_one()
    {
        var file = new SetFile("one.gz", new string('0', 64), DownloaderTests.Checksum(First));
        Assert.Equal(FileState.Missing, file.Check(root));
        await File.WriteAllBytesAsync(Path.Combine(root, "one"), First, TestContext.Current.CancellationToken);
        Assert.Equal(FileState.Published, file.Check(root));
        await File.WriteAllBytesAsync(Path.Combine(root, "one.gz"), Gzip(First), TestContext.Current.CancellationToken);
        Assert.Equal(FileState.Published, file.Check(root));
        await File.WriteAllBytesAsync(Path.Combine(root, "one.gz"), Gzip(Second), TestContext.Current.CancellationToken);
        Assert.Equal(FileState.Different, file.Check(root));
        await File.WriteAllBytesAsync(Path.Combine(root, "one.gz"), First, TestContext.Current.CancellationToken);
        Assert.Equal(FileState.Different, file.Check(root));
        Assert.Equal(FileState.Unknown, new SetFile("one", null).Check(root));
        Assert.Equal(FileState.Different, new SetFile("one.gz", new string('0', 64)).Check(root));
    }

    [Fact]
    public async Task The_next_address_is_tried_when_one_fails()
    {
        var archive = Pack("set.zip", ("one", First), ("two", Second));
        using var broken = new FaultyServer(_ => new Reply("404 Not Found", []));
        using var server = new FaultyServer(request => FaultyServer.Sound(archive, request));
        await Run(SetOf("set.zip", archive), broken, server);
        Assert.Equal(["SHA256SUMS", "one", "two"], Names());
        Assert.Single(broken.Requests);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_made_is_told()
    {
        await File.WriteAllTextAsync(Path.Combine(root, "set"), "a file", TestContext.Current.CancellationToken);
        var archive = Pack("set.zip", ("one", First), ("two", Second));
        using var server = new FaultyServer(request => FaultyServer.Sound(archive, request));
        Assert.Contains("cannot be made", await Refusal(SetOf("set.zip", archive), server), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void Every_known_set_is_complete()
    {
        Assert.All(PublicSet.All, set =>
        {
            Assert.NotEmpty(set.Files);
            Assert.Equal(set.Downloads.Count > 0, set.Addresses.Count > 0);
            Assert.All(set.Addresses, address => Assert.True(Uri.IsWellFormedUriString(address, UriKind.Absolute) && address.EndsWith('/')));
            Assert.All(set.Downloads, file => Assert.Matches("^[0-9a-f]{64}$", file.Sha256));
            Assert.All(set.Files, file => Assert.All([file.Sha256, file.ContentSha256], checksum => Assert.Matches("^([0-9a-f]{64})?$", checksum ?? "")));
            Assert.All(set.Downloads.Where(file => !file.IsArchive), file => Assert.Equal(file.Sha256, Assert.Single(set.Files, part => part.Name == file.Name).Sha256));
        });
        var checksums = PublicSet.All.SelectMany(set => set.Downloads.Select(file => file.Sha256).Concat(set.Files.Select(file => file.ContentSha256)).OfType<string>()).ToArray();
        Assert.Equal(checksums.Length, checksums.Distinct().Count());
    }

    private async Task<IReadOnlyList<PublishedFile>> Run(PublicSet set, params FaultyServer[] servers)
    {
        using var client = Downloader.CreateClient(null, TimeSpan.FromSeconds(10));
        var downloader = new Downloader(client, new DownloadOptions { Attempts = 3, FirstDelay = TimeSpan.FromMilliseconds(1) });
        var download = new SetDownload(downloader, set, Path.Combine(root, "set"), [.. servers.Select(server => server.Address + "below")]);
        var missing = download.Missing();
        await download.RunAsync(missing, null, TestContext.Current.CancellationToken);
        return missing;
    }

    private async Task<string> Refusal(PublicSet set, FaultyServer server)
    {
        var message = (await Assert.ThrowsAsync<UserErrorException>(() => Run(set, server))).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private string[] Names() => [.. Directory.GetFileSystemEntries(Path.Combine(root, "set")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static PublicSet SetOf(string name, byte[] archive) => new("set", 1, 1, "bytes", 2) { Downloads = [Published(name, archive)], Files = [new("one", null), new("two", null)] };

    private static PublishedFile Published(string name, byte[] content) => new(name, content.Length, DownloaderTests.Checksum(content));

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest))
        {
            stream.Write(content);
        }

        return packed.ToArray();
    }

    private static byte[] Pack(string name, params (string Name, byte[] Content)[] files)
    {
        using var packed = new MemoryStream();
        if (name.EndsWith(".zip", StringComparison.Ordinal))
        {
            using var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true);
            foreach (var file in files)
            {
                using var entry = zip.CreateEntry(file.Name).Open();
                entry.Write(file.Content);
            }
        }
        else
        {
            using var tar = new TarWriter(packed, leaveOpen: true);
            tar.WriteEntry(new UstarTarEntry(TarEntryType.Directory, "folder/"));
            foreach (var file in files)
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, file.Name) { DataStream = new MemoryStream(file.Content) });
            }
        }

        return name.EndsWith(".zip", StringComparison.Ordinal) ? packed.ToArray() : Gzip(packed.ToArray());
    }
}
