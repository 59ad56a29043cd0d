using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Whittle.Examples.Tests.Downloads;

/// <summary>A request that a server got.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Target">What stands after GET.</param>
/// <param name="Start">The first byte of the range that it asks for; null if it asks for the file.</param>
internal sealed record ServedRequest(int Number, string Target, int? Start);

/// <summary>
/// A web server that does what a test says, byte for byte: each connection brings one request, is answered, and closed.
/// </summary>
internal sealed class FaultyServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Func<ServedRequest, Reply> answer;
    private readonly List<ServedRequest> requests = [];
    private readonly Task serving;

    public FaultyServer(Func<ServedRequest, Reply> answer)
    {
        this.answer = answer;
        listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        serving = ServeAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>What it was asked for.</summary>
    public IReadOnlyList<ServedRequest> Requests => requests;

    /// <summary>Answers as a sound server does: the file, or the rest of it.</summary>
    public static Reply Sound(byte[] content, ServedRequest request) =>
        request.Start is not { } start ? new Reply("200 OK", content)
        : start < content.Length ? new Reply("206 Partial Content", content[start..]) { Headers = [$"Content-Range: bytes {start}-{content.Length - 1}/{content.Length}"] }
        : new Reply("416 Range Not Satisfiable", []);

    public void Dispose()
    {
        stop.Cancel();
        serving.GetAwaiter().GetResult();
        listener.Dispose();
        stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var connection = await listener.AcceptTcpClientAsync(stop.Token);
                try
                {
                    await AnswerAsync(connection.GetStream());
                }
                catch (IOException)
                {
                    // The client has gone; that is its right.
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        var lines = new List<string>();
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        while (await reader.ReadLineAsync(stop.Token) is { Length: > 0 } line)
        {
            lines.Add(line);
        }

        if (lines.Count == 0)
        {
            return;
        }

        var range = lines.FirstOrDefault(line => line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase));
        var start = range is null ? (int?)null : int.Parse(range["Range: bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
        var request = new ServedRequest(requests.Count, lines[0].Split(' ')[1], start);
        requests.Add(request);
        var reply = answer(request);
        var length = reply.Length < 0 ? [] : new[] { $"Content-Length: {(reply.Length == 0 ? reply.Body.Length : reply.Length)}" };
        var head = string.Join("\r\n", [$"HTTP/1.1 {reply.Status}", "Connection: close", .. length, .. reply.Headers, "", ""]);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), stop.Token);
        await stream.WriteAsync(reply.Body.AsMemory(0, Math.Min(reply.Sent, reply.Body.Length)), stop.Token);
        await stream.FlushAsync(stop.Token);
        if (reply.Hangs)
        {
            // Until the client has had enough: it closes, and there is nothing more to read.
            await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, stop.Token);
        }
    }
}

/// <summary>An answer.</summary>
/// <param name="Status">Such as "200 OK".</param>
/// <param name="Body">What is sent.</param>
internal sealed record Reply(string Status, byte[] Body)
{
    /// <summary>How much of the body is sent before the connection is closed.</summary>
    public int Sent { get; init; } = int.MaxValue;

    /// <summary>The length that is claimed; 0 for the truth, -1 for none.</summary>
    public int Length { get; init; }

    /// <summary>Further headers.</summary>
    public string[] Headers { get; init; } = [];

    /// <summary>Whether it falls silent instead of closing.</summary>
    public bool Hangs { get; init; }
}
