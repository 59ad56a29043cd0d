using System.Buffers;
using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Whittle;

/// <summary>
/// A safetensors file that is open for reading, verified as a whole: structure, checksum, and every value finite. The
/// checksum is the SHA-256 of the file with zeros in the checksum's place.
/// </summary>
internal sealed class SafetensorsFile : IDisposable
{
    private const int LengthBytes = 8;
    private const int BufferBytes = 1 << 18;

    private readonly string path;
    private readonly FileStream stream;
    private readonly long dataStart;

    private SafetensorsFile(string path, FileStream stream, SafetensorsHeader header, long dataStart)
    {
        this.path = path;
        this.stream = stream;
        this.dataStart = dataStart;
        Header = header;
    }

    /// <summary>What the file says about its tensors.</summary>
    public SafetensorsHeader Header { get; }

    /// <summary>Opens and verifies a file.</summary>
    /// <exception cref="ModelFileException">It cannot be read, or is not a whole and unaltered file of this library.</exception>
    public static SafetensorsFile Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw new ModelFileException(path, "is a directory; give the path of a file in it.");
        }

        FileStream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
            var file = Open(path, stream);
            stream = null;
            return file;
        }
        catch (FormatException exception)
        {
            throw new ModelFileException(path, exception.Message, exception.InnerException);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFileException(path, "does not exist.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ModelFileException(path, $"cannot be read: {exception.Message}", exception);
        }
        finally
        {
            stream?.Dispose();
        }
    }

    /// <summary>Writes a file in full or not at all: beside the final name, flushed to the disk, then renamed.</summary>
    /// <exception cref="ModelFileException">It cannot be written, or a value is not finite.</exception>
    public static void Save(string path, IEnumerable<KeyValuePair<string, string>> metadata, IReadOnlyList<FileTensor> tensors)
    {
        var header = SafetensorsHeader.Write(metadata, tensors);
        string? temporary = null;
        try
        {
            var target = Path.GetFullPath(path);
            var name = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
            using (var stream = new FileStream(name, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes))
            {
                temporary = name;
                Write(stream, header, tensors);
                stream.Flush(flushToDisk: true);
            }

            File.Move(name, target, overwrite: true);
            temporary = null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException or FormatException)
        {
            throw new ModelFileException(path, $"cannot be written: {exception.Message}", exception);
        }
        finally
        {
            if (temporary is not null)
            {
                File.Delete(temporary);
            }
        }
    }

    /// <summary>Checks that the file has tensors of the names and shapes that the model needs, before any is changed.</summary>
    /// <exception cref="ModelFileException">A tensor is missing or has another shape.</exception>
    public void Check(IEnumerable<FileTensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            if (!Header.Tensors.TryGetValue(tensor.Name, out var entry))
            {
                throw new ModelFileException(path, $"has no tensor '{tensor.Name}'.");
            }

            if (!entry.Shape.SequenceEqual(tensor.Shape.Select(extent => (long)extent)))
            {
                throw new ModelFileException(
                    path, $"holds '{tensor.Name}' as [{string.Join(", ", entry.Shape)}]; the network needs [{string.Join(", ", tensor.Shape)}].");
            }
        }
    }

    /// <summary>Fills tensors of the model, which were checked, from the file.</summary>
    /// <exception cref="ModelFileException">The file cannot be read.</exception>
    public void Fill(IEnumerable<FileTensor> tensors)
    {
        try
        {
            foreach (var tensor in tensors)
            {
                var row = new float[tensor.RowLength];
                stream.Position = dataStart + Header.Tensors[tensor.Name].Begin;
                for (var index = 0; index < tensor.RowCount; index++)
                {
                    stream.ReadExactly(MemoryMarshal.AsBytes(row.AsSpan()));
                    tensor.WriteRow(index, row);
                }
            }
        }
        catch (IOException exception)
        {
            throw new ModelFileException(path, $"cannot be read: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    private static SafetensorsFile Open(string path, FileStream stream)
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new NotSupportedException("The format is little-endian and this processor is not.");
        }

        var length = stream.Length;
        Span<byte> prefix = stackalloc byte[LengthBytes];
        if (length < LengthBytes)
        {
            throw new FormatException($"is truncated or not a safetensors file: it has {length} bytes.");
        }

        stream.ReadExactly(prefix);
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > SafetensorsHeader.MostBytes || (long)headerLength > length - LengthBytes)
        {
            throw new FormatException($"is truncated or not a safetensors file: it promises a header of {headerLength:N0} bytes and has {length - LengthBytes:N0} bytes in all.");
        }

        var headerBytes = new byte[headerLength];
        stream.ReadExactly(headerBytes);
        var dataStart = LengthBytes + (long)headerLength;
        var header = SafetensorsHeader.Read(headerBytes, length - dataStart);
        if (header.ChecksumStart < 0)
        {
            throw new FormatException("was not saved by this library: it carries no checksum.");
        }

        headerBytes.AsSpan(header.ChecksumStart, SafetensorsHeader.ChecksumLength).Fill((byte)'0');
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(prefix);
        hash.AppendData(headerBytes);
        var firstNotFinite = HashData(stream, length - dataStart, hash);
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != header.Metadata[SafetensorsHeader.ChecksumKey])
        {
            throw new FormatException("is damaged or was altered: its checksum does not match.");
        }

        if (firstNotFinite >= 0)
        {
            var tensor = header.Tensors.First(entry => entry.Value.Begin <= firstNotFinite && firstNotFinite < entry.Value.End).Key;
            throw new FormatException($"holds a value in '{tensor}' that is not finite (NaN or infinity).");
        }

        return new SafetensorsFile(path, stream, header, dataStart);
    }

    // Returns the offset of the first value that is not finite, or -1.
    private static long HashData(FileStream stream, long length, IncrementalHash hash)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var firstNotFinite = -1L;
            for (long done = 0; done < length;)
            {
                var chunk = buffer.AsSpan(0, (int)Math.Min(BufferBytes, length - done));
                stream.ReadExactly(chunk);
                hash.AppendData(chunk);
                var values = MemoryMarshal.Cast<byte, float>(chunk);
                if (firstNotFinite < 0 && !TensorPrimitives.IsFiniteAll<float>(values))
                {
                    var index = 0;
                    while (float.IsFinite(values[index]))
                    {
                        index++;
                    }

                    firstNotFinite = done + (index * sizeof(float));
                }

                done += chunk.Length;
            }

            return firstNotFinite;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Write(FileStream stream, byte[] header, IReadOnlyList<FileTensor> tensors)
    {
        Span<byte> prefix = stackalloc byte[LengthBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(stream, hash, prefix);
        Append(stream, hash, header);
        foreach (var tensor in tensors)
        {
            var row = new float[tensor.RowLength];
            for (var index = 0; index < tensor.RowCount; index++)
            {
                tensor.ReadRow(index, row);
                if (!TensorPrimitives.IsFiniteAll<float>(row))
                {
                    // Such a file would not be read again.
                    throw new FormatException($"'{tensor.Name}' has a value that is not finite (NaN or infinity).");
                }

                Append(stream, hash, MemoryMarshal.AsBytes(row.AsSpan()));
            }
        }

        var checksum = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetHashAndReset()));
        stream.Position = LengthBytes + SafetensorsHeader.Read(header, tensors.Sum(tensor => tensor.Bytes)).ChecksumStart;
        stream.Write(checksum);
    }

    private static void Append(FileStream stream, IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        hash.AppendData(bytes);
        stream.Write(bytes);
    }
}
