using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Whittle.Runtime.Tests.Files;

public sealed class ModelFileTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("whittle-files-").FullName;

    private string File => Path.Combine(directory, "model.safetensors");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_network_comes_back_with_its_depth_weights_and_scaling(int depth)
    {
        using var network = new TinyNetwork(seed: 4, depth);
        network.SetBiases(1, [1, 2, 3, 4, 5]);
        network.InputScaling = Scaling.PerFeature([1, 2, 3], [4, 5, 6]);
        network.Save(File);
        using var loaded = ModelFile.Load<TinyNetwork>(File);
        Assert.Equal(depth + 2, loaded.Architecture.Layers.Count);
        AssertSameParameters(network, loaded);
        Assert.Equal(network.InputScaling.Offsets.ToArray(), loaded.InputScaling!.Offsets.ToArray());
        Assert.Equal(network.InputScaling.Factors.ToArray(), loaded.InputScaling.Factors.ToArray());
        Assert.Equal([File], Directory.GetFiles(directory));
    }

    [Fact]
    public void The_file_is_safetensors_with_weights_by_output_unit()
    {
        using var network = new TinyNetwork(seed: 4, 1);
        network.Save(File);
        var bytes = System.IO.File.ReadAllBytes(File);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, length));
        var weight = header.RootElement.GetProperty("layers.0.weight");
        Assert.Equal("F32", weight.GetProperty("dtype").GetString());
        Assert.Equal([6, 3], weight.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt32()));
        var start = 8 + length + weight.GetProperty("data_offsets")[0].GetInt32();
        var expected = new float[18];
        network.GetWeights(0, expected);
        Assert.Equal(expected, Enumerable.Range(0, 18).Select(index => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(start + (4 * index)))));
        Assert.All(header.RootElement.GetProperty("__metadata__").EnumerateObject(), entry => Assert.Equal(JsonValueKind.String, entry.Value.ValueKind));
    }

    [Fact]
    public void A_training_resumes_with_the_same_bits()
    {
        var (inputs, labels) = (Network.PredictionTests.Random(12), new[] { 0, 1, 1, 0 });
        using var network = new TinyNetwork(seed: 4);
        using var session = new TrainingSession(network);
        Steps(session);
        session.Save(File);
        Steps(session);
        using var other = new TinyNetwork(seed: 9);
        using var resumed = new TrainingSession(other);
        resumed.Load(File);
        Assert.Equal(5, resumed.StepCount);
        Steps(resumed);
        AssertSameParameters(network, other);
        using var alone = ModelFile.Load<TinyNetwork>(File);
        using var sgd = new TrainingSession(alone, new StepOptions { Optimizer = Optimizer.Sgd() });
        Assert.Contains("the optimiser 'adam'; this session uses 'sgd'", Assert.Throws<ModelFileException>(() => sgd.Load(File)).Message);
        alone.Save(File);
        Assert.Contains("no training to resume", Assert.Throws<ModelFileException>(() => resumed.Load(File)).Message);

        void Steps(TrainingSession session)
        {
            for (var step = 0; step < 5; step++)
            {
                session.Step(inputs, labels);
            }
        }
    }

    [Fact]
    public void Another_architecture_is_refused_with_the_first_difference()
    {
        using var network = new TinyNetwork(seed: 4);
        network.Save(File);
        Assert.Contains("its layer 0 has 6 units and that of OtherUnits has 7", Refusal<OtherUnits>());
        Assert.Contains("its layer 0 has the activation Tanh and", Refusal<OtherActivation>());
        Assert.Contains("LeakyRelu with slope 0.2 and that of OtherSlope has LeakyRelu with slope 0.3", Refusal<OtherSlope>());
        Assert.Contains("it has 5 layers and Shallow has 1", Refusal<Shallow>());
    }

    [Fact]
    public void A_residual_connection_belongs_to_the_architecture()
    {
        using var plain = new TinyNetwork(seed: 4);
        plain.Save(File);
        Assert.DoesNotContain("residual", Header());
        Assert.Contains("its layer 2 has no residual connection and that of OtherResidual has the residual factor 0.4", Refusal<OtherResidual>());
        using var network = new OtherResidual(seed: 4);
        network.Save(File);
        Assert.Contains("its layer 2 has the residual factor 0.4 and that of TinyNetwork has no residual connection", Refusal<TinyNetwork>());
        using var loaded = ModelFile.Load<OtherResidual>(File);
        AssertSameParameters(network, loaded);
    }

    [Fact]
    public void Weights_mean_the_same_however_a_layer_is_sampled()
    {
        using var dense = new TinyNetwork(seed: 4);
        dense.Save(File);
        using var sampled = ModelFile.Load<SampledTiny>(File);
        AssertSameParameters(dense, sampled);
        sampled.SetBiases(1, [5, 4, 3, 2, 1]);
        sampled.Save(File);
        Assert.Equal(["nodeSampled", "inputSampled", "inputSampled", "inputSampled", "dense"], Kinds());
        using var back = ModelFile.Load<TinyNetwork>(File);
        AssertSameParameters(sampled, back);

        IEnumerable<string?> Kinds()
        {
            using var header = JsonDocument.Parse(Header());
            using var architecture = JsonDocument.Parse(header.RootElement.GetProperty("__metadata__").GetProperty("whittle.architecture").GetString()!);
            return [.. architecture.RootElement.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("kind").GetString())];
        }
    }

    [Fact]
    public void Files_that_cannot_be_read_or_written_are_one_line_errors()
    {
        Assert.Contains("does not exist", Refusal<TinyNetwork>());
        using var network = new TinyNetwork();
        foreach (var path in new[] { directory, Path.Combine(directory, "no", "such", "directory"), "" })
        {
            Assert.Contains("cannot be written", Assert.Throws<ModelFileException>(() => network.Save(path)).Message);
        }

        Assert.Contains("is a directory", Assert.Throws<ModelFileException>(() => ModelFile.Load<TinyNetwork>(directory)).Message);
        Assert.Empty(Directory.GetFiles(directory));
    }

    [Fact]
    public void A_failed_save_leaves_the_old_file()
    {
        using var network = new TinyNetwork(seed: 1);
        network.Save(File);
        var before = System.IO.File.ReadAllBytes(File);
        var disposed = new TinyNetwork(seed: 2);
        disposed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => disposed.Save(File));
        network.SetBiases(0, [0, float.NaN, 0, 0, 0, 0]);
        Assert.Contains("'layers.0.bias' has a value that is not finite", Assert.Throws<ModelFileException>(() => network.Save(File)).Message);
        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
        Assert.Equal([File], Directory.GetFiles(directory));
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        using var network = new TinyNetwork(seed: 4, 1);
        network.Save(File);
        var bytes = System.IO.File.ReadAllBytes(File);
        for (var length = 0; length < bytes.Length; length += length < 1200 ? 1 : 7)
        {
            System.IO.File.WriteAllBytes(File, bytes[..length]);
            Refusal<TinyNetwork>();
        }
    }

    [Fact]
    public void Every_flipped_byte_is_refused()
    {
        using var network = new TinyNetwork(seed: 4, 1);
        network.InputScaling = Scaling.Constant(1, 2);
        using var session = new TrainingSession(network);
        session.Save(File);
        var bytes = System.IO.File.ReadAllBytes(File);
        for (var position = 0; position < bytes.Length; position++)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[position] ^= (byte)(1 << (position % 8));
            System.IO.File.WriteAllBytes(File, flipped);
            Refusal<TinyNetwork>();
        }
    }

    [Theory]
    [InlineData("\"data_offsets\":[0,72]", "\"data_offsets\":[4,76]", "follows a gap")]
    [InlineData("\"data_offsets\":[72,96]", "\"data_offsets\":[68,92]", "overlaps")]
    [InlineData("\"data_offsets\":[0,72]", "\"data_offsets\":[72,0]", "no valid shape and place")]
    [InlineData("\"shape\":[6,3]", "\"shape\":[6,4]", "takes 96 bytes")]
    [InlineData("\"shape\":[6,3]", "\"shape\":[9223372036854775807,3]", "shape of 'layers.0.weight' is out of range")]
    [InlineData("\"shape\":[6,3]", "\"shape\":[3,6]", "as [3, 6]; the network needs [6, 3]")]
    [InlineData("\"F32\"", "\"F16\"", "only F32")]
    [InlineData("layers.0.bias", "layers.0.bios", "has no tensor 'layers.0.bias'")]
    [InlineData("layers.0.bias", "layers.0.weight", "two tensors 'layers.0.weight'")]
    [InlineData("\"whittle.format\":\"1\"", "\"whittle.format\":\"2\"", "format version 2")]
    [InlineData("whittle.architecture", "some.architecture", "carries no architecture")]
    [InlineData("whittle.sha256", "some.sha256", "carries no checksum")]
    [InlineData("\\\"kind\\\":\\\"dense\\\"", "\\\"kind\\\":\\\"other\\\"", "does not understand")]
    public void A_crafted_header_is_refused_with_the_reason(string text, string replacement, string reason)
    {
        using var network = new TinyNetwork(seed: 4, 1);
        network.Save(File);
        var bytes = System.IO.File.ReadAllBytes(File);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var header = Encoding.UTF8.GetString(bytes, 8, length);
        Assert.Contains(text, header);
        var at = header.IndexOf(text, StringComparison.Ordinal);
        WriteSigned(header[..at] + replacement + header[(at + text.Length)..], bytes[(8 + length)..]);
        Assert.Contains(reason, Refusal<TinyNetwork>());
    }

    [Fact]
    public void Values_that_are_not_finite_are_refused_with_their_tensor()
    {
        using var network = new TinyNetwork(seed: 4, 1);
        network.SetBiases(1, [1, 2, 12345, 4, 5]);
        network.Save(File);
        var bytes = System.IO.File.ReadAllBytes(File);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var data = bytes[(8 + length)..];
        BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(data.AsSpan().IndexOf(BitConverter.GetBytes(12345f))), float.NaN);
        WriteSigned(Encoding.UTF8.GetString(bytes, 8, length), data);
        Assert.Contains("'layers.1.bias' that is not finite", Refusal<TinyNetwork>());
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    [InlineData(100_000_001UL)]
    [InlineData(50_000UL)]
    public void An_absurd_header_length_is_refused_before_memory_is_taken(ulong length)
    {
        var bytes = new byte[1000];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        System.IO.File.WriteAllBytes(File, bytes);
        Assert.Contains("promises a header", Refusal<TinyNetwork>());
    }

    // Writes a file whose checksum is right for its content.
    private void WriteSigned(string header, byte[] data)
    {
        var zeros = new string('0', 64);
        const string Key = "whittle.sha256\":\"";
        var at = header.IndexOf(Key, StringComparison.Ordinal);
        if (at >= 0)
        {
            header = header[..(at + Key.Length)] + zeros + header[(at + Key.Length + 64)..];
        }

        var bytes = new byte[8 + header.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        Encoding.UTF8.GetBytes(header, bytes.AsSpan(8));
        data.CopyTo(bytes, 8 + header.Length);
        var checksum = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (at >= 0)
        {
            Encoding.ASCII.GetBytes(checksum, bytes.AsSpan(8 + at + Key.Length));
        }

        System.IO.File.WriteAllBytes(File, bytes);
    }

    private string Header()
    {
        var bytes = System.IO.File.ReadAllBytes(File);
        return Encoding.UTF8.GetString(bytes, 8, (int)BinaryPrimitives.ReadInt64LittleEndian(bytes));
    }

    private string Refusal<TNetwork>()
        where TNetwork : CompiledNetwork, INetwork<TNetwork>
    {
        var message = Assert.Throws<ModelFileException>(() => ModelFile.Load<TNetwork>(File)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private static void AssertSameParameters(CompiledNetwork expected, CompiledNetwork actual)
    {
        for (var layer = 0; layer < expected.Architecture.Layers.Count; layer++)
        {
            var (inputs, outputs) = (expected.Architecture.Layers[layer].Inputs, expected.Architecture.Layers[layer].Outputs);
            var (first, second) = (new float[inputs * outputs], new float[inputs * outputs]);
            expected.GetWeights(layer, first);
            actual.GetWeights(layer, second);
            Assert.Equal(first, second);
            expected.GetBiases(layer, first.AsSpan(0, outputs));
            actual.GetBiases(layer, second.AsSpan(0, outputs));
            Assert.Equal(first, second);
        }
    }
}
