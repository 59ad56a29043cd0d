using System.Net;
using System.Net.Http.Headers;

namespace Whittle.Examples.Downloads;

/// <summary>
/// Fetches files of known length and checksum. What has come so far lies beside the final name, in NAME.part, and is gone
/// on from, also by a later run; the final name appears when the checksum is right.
/// </summary>
/// <param name="client">Makes the requests; without a time limit of its own, as <see cref="CreateClient"/> makes it.</param>
/// <param name="options">How long to try.</param>
public sealed class Downloader(HttpClient client, DownloadOptions options)
{
    private const int BufferBytes = 1 << 17;

    /// <summary>A client for a downloader.</summary>
    /// <param name="proxy">The proxy; null for what the system, or HTTP_PROXY, HTTPS_PROXY and NO_PROXY, say.</param>
    /// <param name="connectTimeout">How long a connection may take.</param>
    public static HttpClient CreateClient(Uri? proxy, TimeSpan connectTimeout)
    {
        var handler = new SocketsHttpHandler { ConnectTimeout = connectTimeout };
        if (proxy is not null)
        {
            handler.Proxy = new WebProxy(proxy);
        }

        // The silence of a server is timed for each read: a large file may take hours.
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Fetches a file.</summary>
    /// <param name="address">Where it is published.</param>
    /// <param name="file">What it must be.</param>
    /// <param name="directory">Where it goes; exists.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <param name="cancellation">Ends it; what has come so far stays for the next time.</param>
    /// <exception cref="UserErrorException">It cannot be fetched or written, or is not what it must be.</exception>
    public async Task FetchAsync(Uri address, PublishedFile file, string directory, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        var part = new PartFile(Path.Combine(directory, file.Name));
        var best = part.Length;

        // Bytes of an earlier run may be of another version of the file: if so, one more try from the start.
        var isInherited = best > 0;
        for (var failures = 0; ;)
        {
            var (problem, wait) = await AttemptAsync(address, file, part, progress, cancellation);
            if (problem is null)
            {
                var checksum = part.Checksum(cancellation);
                if (checksum == file.Sha256)
                {
                    part.Publish();
                    return;
                }

                part.Discard();
                problem = isInherited
                    ? "what an earlier run left does not fit"
                    : throw new UserErrorException(
                        $"{address} is not the published file: its SHA-256 is {checksum}, not {file.Sha256}. It was removed; give another address with --mirror.");
                (isInherited, best) = (false, 0);
            }

            var length = part.Length;
            failures = length > best ? 0 : failures + 1;
            best = Math.Max(best, length);
            if (failures >= options.Attempts)
            {
                throw new UserErrorException(FormattableString.Invariant(
                    $"{address} cannot be fetched: {problem}; {length:N0} of {file.Bytes:N0} bytes came. Run it again to go on, or give another address with --mirror."));
            }

            progress?.Report(new DownloadProgress(file, length, $"{problem}; trying again"));
            await Task.Delay(Delay(failures, wait), cancellation);
        }
    }

    private TimeSpan Delay(int failures, TimeSpan? asked)
    {
        var delay = asked ?? (options.FirstDelay * Math.Pow(2, Math.Max(0, failures - 1)));
        return delay < options.LongestDelay ? delay : options.LongestDelay;
    }

    /// <summary>Makes one request for what is missing.</summary>
    /// <returns>What went wrong and, if the server says so, how long to wait; no problem means that all bytes are there.</returns>
    private async Task<(string? Problem, TimeSpan? Wait)> AttemptAsync(
        Uri address, PublishedFile file, PartFile part, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        if (part.Length > file.Bytes)
        {
            part.Discard();
        }

        var start = part.Length;
        if (start == file.Bytes)
        {
            return (null, null);
        }

        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(options.Silence);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("whittle", null));
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
            request.Headers.Range = start > 0 ? new RangeHeaderValue(start, null) : null;
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token);
            if (response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From != start)
            {
                part.Discard();
                return ("the server sent another part than it was asked for", null);
            }

            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                part.Discard();
                return ("the server's file is shorter than what is here", null);
            }

            if (!response.IsSuccessStatusCode)
            {
                return (PassingError(address, response), response.Headers.RetryAfter?.Delta);
            }

            // A server that knows no ranges sends the file from its start.
            start = response.StatusCode == HttpStatusCode.PartialContent ? start : 0;
            using var body = await response.Content.ReadAsStreamAsync(silence.Token);
            return await CopyAsync(body, file, part, start, progress, silence) ? (null, null) : ("the server ended too soon", null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (FormattableString.Invariant($"the server was silent for {options.Silence.TotalSeconds:G3} s"), null);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return (exception.Message.TrimEnd('.'), null);
        }
    }

    private static string PassingError(Uri address, HttpResponseMessage response)
    {
        var answer = $"the server answers {(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
        return response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError
            ? answer
            : throw new UserErrorException($"{address} cannot be fetched: {answer}. Give another address with --mirror.");
    }

    // Takes as much as the file has, whatever the server says or sends: the checksum decides.
    private async Task<bool> CopyAsync(
        Stream body, PublishedFile file, PartFile part, long start, IProgress<DownloadProgress>? progress, CancellationTokenSource silence)
    {
        using var target = part.Open(append: start > 0);
        var buffer = new byte[BufferBytes];
        progress?.Report(new DownloadProgress(file, start));
        for (var length = start; length < file.Bytes;)
        {
            silence.CancelAfter(options.Silence);
            var count = await body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, file.Bytes - length)), silence.Token);
            if (count == 0)
            {
                return false;
            }

            part.Write(target, buffer, count);
            length += count;
            progress?.Report(new DownloadProgress(file, length));
        }

        return true;
    }
}
