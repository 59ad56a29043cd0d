using System.Security.Cryptography;
using Whittle.Examples.Downloads;

namespace Whittle.Examples.Tests.Downloads;

public sealed class DownloaderTests : IDisposable
{
    private static readonly byte[] Content = Bytes(300_000, seed: 1);
    private static readonly PublishedFile File = new("file.bin", Content.Length, Checksum(Content));

    private readonly string directory = Directory.CreateTempSubdirectory("whittle-download-").FullName;

    private string Final => Path.Combine(directory, File.Name);

    private string Part => Final + ".part";

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task A_file_comes_with_one_request()
    {
        using var server = new FaultyServer(request => FaultyServer.Sound(Content, request));
        var reports = await Fetch(server);
        AssertWhole();
        Assert.Equal([new ServedRequest(0, "/file.bin", null)], server.Requests);
        Assert.Equal(Content.Length, reports[^1].Bytes);
        Assert.Equal(reports.Select(report => report.Bytes).Order(), reports.Select(report => report.Bytes));
    }

    [Fact]
    public async Task Dropped_connections_are_gone_on_from_where_they_ended()
    {
        using var server = new FaultyServer(request => FaultyServer.Sound(Content, request) with { Sent = 70_000 });
        await Fetch(server);
        AssertWhole();
        Assert.Equal([null, 70_000, 140_000, 210_000, 280_000], server.Requests.Select(request => request.Start));
    }

    [Fact]
    public async Task A_server_that_knows_no_ranges_sends_all_again()
    {
        using var server = new FaultyServer(request => new Reply("200 OK", Content) { Sent = request.Number < 2 ? 200_000 : int.MaxValue });
        await Fetch(server);
        AssertWhole();
        Assert.Equal(3, server.Requests.Count);
    }

    [Theory]
    [InlineData(1_000_000)] // Claims more than it has.
    [InlineData(-1)] // Claims nothing.
    public async Task A_claimed_length_that_is_too_long_or_missing_does_not_matter(int claimed)
    {
        using var server = new FaultyServer(_ => new Reply("200 OK", Content) { Length = claimed });
        await Fetch(server);
        AssertWhole();
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task What_comes_after_the_end_is_left_out()
    {
        using var server = new FaultyServer(_ => new Reply("200 OK", [.. Content, .. Bytes(5_000, seed: 2)]));
        await Fetch(server);
        AssertWhole();
    }

    [Fact]
    public async Task A_claimed_length_that_is_too_short_is_made_good_by_asking_for_the_rest()
    {
        using var server = new FaultyServer(request =>
        {
            var reply = FaultyServer.Sound(Content, request);
            return reply with { Length = Math.Max(1, reply.Body.Length / 2), Sent = Math.Max(1, reply.Body.Length / 2) };
        });
        await Fetch(server);
        AssertWhole();
    }

    [Fact]
    public async Task A_server_that_never_sends_the_rest_is_given_up()
    {
        using var server = new FaultyServer(_ => new Reply("200 OK", Content[..1000]));
        await Refuses(server, "the server ended too soon; 1,000 of 300,000 bytes came");
        Assert.Equal(5, server.Requests.Count);
    }

    [Fact]
    public async Task A_corrupt_file_is_refused_and_removed()
    {
        var corrupt = (byte[])Content.Clone();
        corrupt[150_000] ^= 1;
        using var server = new FaultyServer(request => FaultyServer.Sound(corrupt, request));
        await Refuses(server, $"is not the published file: its SHA-256 is {Checksum(corrupt)}, not {File.Sha256}");
        Assert.Empty(Directory.GetFiles(directory));
    }

    [Fact]
    public async Task A_corrupt_file_in_pieces_is_refused_too()
    {
        using var server = new FaultyServer(request => FaultyServer.Sound(Bytes(300_000, seed: 3), request) with { Sent = 100_000 });
        await Refuses(server, "is not the published file");
        Assert.Equal(3, server.Requests.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(299_999)]
    [InlineData(300_000)]
    [InlineData(400_000)]
    public async Task What_an_earlier_run_left_of_another_file_is_found_out(int length)
    {
        await System.IO.File.WriteAllBytesAsync(Part, Bytes(length, seed: 4), TestContext.Current.CancellationToken);
        using var server = new FaultyServer(request => FaultyServer.Sound(Content, request));
        await Fetch(server);
        AssertWhole();
    }

    [Fact]
    public async Task Cancelled_it_keeps_what_came_and_goes_on_in_the_next_run()
    {
        using var cancellation = new CancellationTokenSource();
        using var server = new FaultyServer(request => FaultyServer.Sound(Content, request) with { Sent = request.Number == 0 ? 120_000 : int.MaxValue, Hangs = request.Number == 0 });
        var progress = new Reports(report =>
        {
            if (report.Bytes == 120_000)
            {
                cancellation.Cancel();
            }
        });
        using var client = Downloader.CreateClient(null, TimeSpan.FromSeconds(10));
        var downloader = new Downloader(client, new DownloadOptions());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => downloader.FetchAsync(new Uri(server.Address, File.Name), File, directory, progress, cancellation.Token));
        Assert.Equal([Part], Directory.GetFiles(directory));
        await Fetch(server);
        AssertWhole();
        Assert.Equal([null, 120_000], server.Requests.Select(request => request.Start));
    }

    [Theory]
    [InlineData("404 Not Found")]
    [InlineData("403 Forbidden")]
    [InlineData("304 Not Modified")]
    public async Task An_answer_that_will_not_change_ends_it_at_once(string status)
    {
        using var server = new FaultyServer(_ => new Reply(status, []));
        await Refuses(server, $"the server answers {status}");
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("500 Internal Server Error")]
    [InlineData("503 Service Unavailable")]
    [InlineData("429 Too Many Requests")]
    public async Task An_answer_that_may_change_is_asked_for_again(string status)
    {
        using var server = new FaultyServer(request => request.Number < 3 ? new Reply(status, []) { Headers = ["Retry-After: 0"] } : FaultyServer.Sound(Content, request));
        var reports = await Fetch(server);
        AssertWhole();
        Assert.Equal(3, reports.Count(report => report.Trouble?.Contains(status, StringComparison.Ordinal) == true));

        using var broken = new FaultyServer(_ => new Reply(status, []));
        System.IO.File.Delete(Final);
        await Refuses(broken, $"the server answers {status}; 0 of 300,000 bytes came");
        Assert.Equal(4, broken.Requests.Count);
    }

    [Fact]
    public async Task A_redirect_is_followed_and_a_circle_is_not()
    {
        using var server = new FaultyServer(request =>
            request.Target == "/file.bin" ? new Reply("302 Found", []) { Headers = ["Location: /elsewhere"] } : FaultyServer.Sound(Content, request) with { Sent = 200_000 });
        await Fetch(server);
        AssertWhole();
        Assert.Equal([null, null, 200_000, 200_000], server.Requests.Select(request => request.Start));

        using var circle = new FaultyServer(_ => new Reply("302 Found", []) { Headers = ["Location: /file.bin"] });
        System.IO.File.Delete(Final);
        await Refuses(circle, "the server answers 302 Found");
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_asked_again()
    {
        using var server = new FaultyServer(request => FaultyServer.Sound(Content, request) with { Sent = 100_000, Hangs = true });
        var reports = await Fetch(server, silence: 0.3);
        AssertWhole();
        Assert.Contains(reports, report => report.Trouble == "the server was silent for 0.3 s; trying again");
    }

    [Fact]
    public async Task A_server_that_stays_silent_is_given_up()
    {
        using var server = new FaultyServer(_ => new Reply("200 OK", Content) { Sent = 0, Hangs = true });
        await Refuses(server, "the server was silent for 0.2 s; 0 of 300,000 bytes came", silence: 0.2);
    }

    [Fact]
    public async Task Another_part_than_asked_for_is_not_taken()
    {
        using var server = new FaultyServer(request => request.Number switch
        {
            0 => FaultyServer.Sound(Content, request) with { Sent = 100_000 },
            1 => new Reply("206 Partial Content", Content[50_000..]) { Headers = ["Content-Range: bytes 50000-299999/300000"] },
            2 => new Reply("206 Partial Content", Content[50_000..]),
            _ => FaultyServer.Sound(Content, request),
        });
        await Fetch(server);
        AssertWhole();
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_named()
    {
        FaultyServer gone;
        using (gone = new FaultyServer(_ => new Reply("200 OK", [])))
        {
        }

        await Refuses(gone, "Connection refused");
    }

    [Fact]
    public async Task A_full_disk_is_told_at_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /dev/full");
        System.IO.File.CreateSymbolicLink(Part, "/dev/full");
        using var server = new FaultyServer(request => FaultyServer.Sound(Content, request));
        await Refuses(server, "cannot be written: No space left on device");
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_is_told_at_once()
    {
        Directory.CreateDirectory(Part);
        using var server = new FaultyServer(request => FaultyServer.Sound(Content, request));
        await Refuses(server, $"{Final} cannot be written");
        Assert.Single(server.Requests);

        Directory.Delete(Part);
        Directory.CreateDirectory(Final);
        await Refuses(server, $"{Final} cannot be written");
    }

    [Fact]
    public async Task A_directory_without_permission_is_told()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("needs a directory that this user may not write");
            return;
        }

        System.IO.File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var server = new FaultyServer(request => FaultyServer.Sound(Content, request));
        await Refuses(server, $"{Final} cannot be written");
        System.IO.File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task It_goes_through_a_proxy_if_it_is_told_to()
    {
        using var proxy = new FaultyServer(request => FaultyServer.Sound(Content, request));
        using var client = Downloader.CreateClient(proxy.Address, TimeSpan.FromSeconds(10));
        await new Downloader(client, Options(10)).FetchAsync(new Uri("http://data.invalid/file.bin"), File, directory, null, TestContext.Current.CancellationToken);
        AssertWhole();
        Assert.Equal("http://data.invalid/file.bin", Assert.Single(proxy.Requests).Target);
    }

    [Fact]
    public async Task Whatever_the_faults_a_file_that_comes_is_the_right_one()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            using var server = new FaultyServer(request => random.Next(8) switch
            {
                0 => new Reply("503 Service Unavailable", []),
                1 => new Reply("200 OK", Content) { Sent = random.Next(Content.Length + 1) },
                2 => FaultyServer.Sound(Content, request) with { Length = 10_000_000, Sent = random.Next(100_000) },
                3 => FaultyServer.Sound(Bytes(300_000, seed), request) with { Sent = random.Next(20_000) },
                4 => new Reply("206 Partial Content", Content) { Headers = ["Content-Range: bytes 7-299999/300000"] },
                _ => FaultyServer.Sound(Content, request) with { Sent = 40_000 + random.Next(100_000) },
            });
            try
            {
                await Fetch(server);
                AssertWhole();
                System.IO.File.Delete(Final);
            }
            catch (UserErrorException exception)
            {
                Assert.DoesNotContain('\n', exception.Message);
                Assert.False(System.IO.File.Exists(Final));
            }
        }
    }

    private static DownloadOptions Options(double silence) =>
        new() { Attempts = 4, FirstDelay = TimeSpan.FromMilliseconds(1), Silence = TimeSpan.FromSeconds(silence) };

    private async Task<List<DownloadProgress>> Fetch(FaultyServer server, double silence = 20)
    {
        using var client = Downloader.CreateClient(null, TimeSpan.FromSeconds(10));
        var reports = new List<DownloadProgress>();
        await new Downloader(client, Options(silence))
            .FetchAsync(new Uri(server.Address, File.Name), File, directory, new Reports(reports.Add), TestContext.Current.CancellationToken);
        return reports;
    }

    private async Task Refuses(FaultyServer server, string reason, double silence = 20)
    {
        var message = (await Assert.ThrowsAsync<UserErrorException>(() => Fetch(server, silence))).Message;
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.False(System.IO.File.Exists(Final));
    }

    private void AssertWhole()
    {
        Assert.Equal([Final], Directory.GetFileSystemEntries(directory));
        Assert.True(Content.AsSpan().SequenceEqual(System.IO.File.ReadAllBytes(Final)));
    }

    internal static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    internal static string Checksum(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    // Unlike Progress<T>, reports in order, on the thread that makes them.
    private sealed class Reports(Action<DownloadProgress> report) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => report(value);
    }
}
