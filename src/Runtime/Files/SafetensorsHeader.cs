using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Whittle;

/// <summary>
/// The JSON header of a safetensors file (format of https://github.com/huggingface/safetensors): for each tensor its
/// type, shape and place in the data, and a dictionary of strings. Only 32-bit floats are known here.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>Longest header that is read, as in the reference implementation.</summary>
    public const int MostBytes = 100_000_000;

    /// <summary>Metadata key of the checksum.</summary>
    public const string ChecksumKey = "whittle.sha256";

    /// <summary>Hexadecimal digits of the checksum.</summary>
    public const int ChecksumLength = 64;

    private const string MetadataKey = "__metadata__";

    /// <summary>The dictionary of strings.</summary>
    public Dictionary<string, string> Metadata { get; } = [];

    /// <summary>The tensors by name.</summary>
    public Dictionary<string, Entry> Tensors { get; } = [];

    /// <summary>Index in the header of the checksum's first digit; -1 if it has none.</summary>
    public int ChecksumStart { get; private set; } = -1;

    /// <summary>Makes the header of tensors that follow one another, padded with spaces to a multiple of 8 bytes; the checksum is zeros.</summary>
    public static byte[] Write(IEnumerable<KeyValuePair<string, string>> metadata, IEnumerable<FileTensor> tensors)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartObject(MetadataKey);
            foreach (var (key, value) in metadata)
            {
                json.WriteString(key, value);
            }

            json.WriteString(ChecksumKey, new string('0', ChecksumLength));
            json.WriteEndObject();
            long offset = 0;
            foreach (var tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (var extent in tensor.Shape)
                {
                    json.WriteNumberValue(extent);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset + tensor.Bytes);
                json.WriteEndArray();
                json.WriteEndObject();
                offset += tensor.Bytes;
            }

            json.WriteEndObject();
        }

        var header = new byte[(buffer.WrittenCount + 7) / 8 * 8];
        header.AsSpan().Fill((byte)' ');
        buffer.WrittenSpan.CopyTo(header);
        return header;
    }

    /// <summary>Reads a header and checks that its tensors fill <paramref name="dataLength"/> bytes without gap or overlap.</summary>
    /// <exception cref="FormatException">The header is not valid; the message ends a sentence that starts with the file's name.</exception>
    public static SafetensorsHeader Read(ReadOnlySpan<byte> bytes, long dataLength)
    {
        var header = new SafetensorsHeader();
        try
        {
            header.ReadObject(bytes);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FormatException("is not a safetensors file, or damaged: its header is not valid JSON.", exception);
        }

        long end = 0;
        foreach (var (name, entry) in header.Tensors.OrderBy(tensor => tensor.Value.Begin).ThenBy(tensor => tensor.Value.End))
        {
            if (entry.Begin != end)
            {
                throw new FormatException($"is damaged: the data of '{name}' {(entry.Begin < end ? "overlaps another tensor" : "follows a gap")}.");
            }

            end = entry.End;
        }

        if (end != dataLength)
        {
            throw new FormatException(end > dataLength
                ? $"is truncated: it promises {end:N0} bytes of data and has {dataLength:N0}."
                : $"is damaged: it has {dataLength - end:N0} bytes that belong to no tensor.");
        }

        return header;
    }

    private void ReadObject(ReadOnlySpan<byte> bytes)
    {
        var json = new Utf8JsonReader(bytes);
        Expect(ref json, JsonTokenType.StartObject);
        while (NextProperty(ref json) is { } name)
        {
            if (name == MetadataKey)
            {
                ReadMetadata(ref json, bytes);
            }
            else if (!Tensors.TryAdd(name, ReadEntry(ref json, name)))
            {
                throw new FormatException($"is damaged: it has two tensors '{name}'.");
            }
        }

        if (json.Read())
        {
            throw new JsonException();
        }
    }

    private void ReadMetadata(ref Utf8JsonReader json, ReadOnlySpan<byte> bytes)
    {
        Expect(ref json, JsonTokenType.StartObject);
        while (NextProperty(ref json) is { } key)
        {
            Expect(ref json, JsonTokenType.String);
            var value = json.GetString()!;
            if (!Metadata.TryAdd(key, value))
            {
                throw new FormatException($"is damaged: its metadata has two entries '{key}'.");
            }

            var start = (int)json.TokenStartIndex + 1;
            if (key == ChecksumKey && Encoding.UTF8.GetBytes(value).AsSpan().SequenceEqual(bytes.Slice(start, Math.Min(ChecksumLength, bytes.Length - start))))
            {
                ChecksumStart = start;
            }
        }
    }

    private static Entry ReadEntry(ref Utf8JsonReader json, string name)
    {
        string? type = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        Expect(ref json, JsonTokenType.StartObject);
        while (NextProperty(ref json) is { } key)
        {
            switch (key)
            {
                case "dtype":
                    Expect(ref json, JsonTokenType.String);
                    type = json.GetString();
                    break;
                case "shape":
                    shape = ReadNumbers(ref json);
                    break;
                case "data_offsets":
                    offsets = ReadNumbers(ref json);
                    break;
                default:
                    throw new JsonException();
            }
        }

        if (type != "F32")
        {
            throw new FormatException($"holds '{name}' as {type ?? "nothing"}; only F32 is supported.");
        }

        if (shape is null || offsets is not [var begin, var end] || begin < 0 || end < begin)
        {
            throw new FormatException($"is damaged: the tensor '{name}' has no valid shape and place.");
        }

        long bytes = sizeof(float);
        foreach (var extent in shape)
        {
            bytes = extent >= 0 && (bytes == 0 || extent <= long.MaxValue / bytes)
                ? bytes * extent
                : throw new FormatException($"is damaged: the shape of '{name}' is out of range.");
        }

        return bytes == end - begin
            ? new Entry([.. shape], begin, end)
            : throw new FormatException($"is damaged: the shape of '{name}' takes {bytes:N0} bytes, but its data has {end - begin:N0}.");
    }

    private static List<long> ReadNumbers(ref Utf8JsonReader json)
    {
        var numbers = new List<long>();
        Expect(ref json, JsonTokenType.StartArray);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            numbers.Add(json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var number) ? number : throw new JsonException());
        }

        return numbers;
    }

    private static string? NextProperty(ref Utf8JsonReader json)
    {
        if (!json.Read())
        {
            throw new JsonException();
        }

        return json.TokenType == JsonTokenType.EndObject ? null
            : json.TokenType == JsonTokenType.PropertyName ? json.GetString()
            : throw new JsonException();
    }

    private static void Expect(ref Utf8JsonReader json, JsonTokenType type)
    {
        if (!json.Read() || json.TokenType != type)
        {
            throw new JsonException();
        }
    }

    /// <summary>Where a tensor lies.</summary>
    /// <param name="Shape">Its extents.</param>
    /// <param name="Begin">First byte, from the start of the data.</param>
    /// <param name="End">One past the last byte.</param>
    public sealed record Entry(long[] Shape, long Begin, long End);
}
