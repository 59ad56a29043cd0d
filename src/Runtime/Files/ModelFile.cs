using System.Globalization;

namespace Whittle;

/// <summary>
/// Networks and trainings as safetensors files: weights as <c>layers.N.weight</c> [nOut, nIn] and <c>layers.N.bias</c>
/// [nOut], so that other tools can read them; the architecture, a version and a checksum in the metadata; the moments
/// of an optimiser, where saved, as <c>optimizer.first.layers.N.weight</c> and so on.
/// </summary>
public static class ModelFile
{
    private const string FormatKey = "whittle.format";
    private const string ArchitectureKey = "whittle.architecture";
    private const string OptimizerKey = "whittle.optimizer";
    private const string StepKey = "whittle.step";
    private const string SampledStepsKey = "whittle.sampled.steps";
    private const string SampledSamplesKey = "whittle.sampled.samples";
    private const string OffsetTensor = "input.offset";
    private const string FactorTensor = "input.factor";
    private const string Format = "1";

    /// <summary>Makes a network from a file; its depth is that of the saved network.</summary>
    /// <typeparam name="TNetwork">The declared class; its name may differ from that of the saved one.</typeparam>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelFileException">The file cannot be read, is truncated, was altered, or holds another architecture.</exception>
    public static TNetwork Load<TNetwork>(string path)
        where TNetwork : CompiledNetwork, INetwork<TNetwork>
    {
        ArgumentNullException.ThrowIfNull(path);
        using var file = SafetensorsFile.Open(path);
        var saved = ReadArchitecture(path, file.Header);
        var declaration = TNetwork.Declaration;
        var depth = declaration.RepeatCount == 0 ? 0 : declaration.RepeatCount - (declaration.Layers.Count - saved.Layers.Count);
        ThrowIfDifferent(path, saved, depth > 0 && depth < declaration.RepeatCount ? declaration.WithDepth(depth) : declaration);
        var network = TNetwork.Create(0, depth);
        try
        {
            Fill(path, file, network);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Writes a network and, if there is one, the state of its training.</summary>
    internal static void Save(string path, CompiledNetwork network, TrainingSession? session)
    {
        ArgumentNullException.ThrowIfNull(path);
        network.ThrowIfWeightsMissing();
        var metadata = new Dictionary<string, string>
        {
            [FormatKey] = Format,
            [ArchitectureKey] = ArchitectureText.Of(network.Architecture).ToString(),
        };
        var tensors = ParameterTensors(network, network.Parameters, "");
        if (network.InputScaling is { } scaling)
        {
            tensors.Add(new ArrayTensor(OffsetTensor, scaling.Offsets.ToArray()));
            tensors.Add(new ArrayTensor(FactorTensor, scaling.Factors.ToArray()));
        }

        if (session is not null)
        {
            metadata[OptimizerKey] = session.Options.Optimizer.Name;
            metadata[StepKey] = session.StepCount.ToString(CultureInfo.InvariantCulture);
            if (session.Sampling is { } sampling)
            {
                metadata[SampledStepsKey] = sampling.Step.ToString(CultureInfo.InvariantCulture);
                metadata[SampledSamplesKey] = sampling.Samples.ToString(CultureInfo.InvariantCulture);
            }

            tensors.AddRange(MomentTensors(session));
        }

        using var lease = network.UseParameters();
        SafetensorsFile.Save(path, metadata, tensors);
    }

    /// <summary>Replaces a network's parameters and the state of its training by those of a file.</summary>
    internal static void Restore(string path, TrainingSession session)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var file = SafetensorsFile.Open(path);
        ThrowIfDifferent(path, ReadArchitecture(path, file.Header), session.Network.Architecture);
        var optimizer = session.Options.Optimizer.Name;
        if (!file.Header.Metadata.TryGetValue(OptimizerKey, out var saved) || !file.Header.Metadata.TryGetValue(StepKey, out var step))
        {
            throw new ModelFileException(path, "holds a network but no training to resume; load it as a network.");
        }

        if (saved != optimizer)
        {
            throw new ModelFileException(path, $"holds a training with the optimiser '{saved}'; this session uses '{optimizer}'.");
        }

        var stepCount = ReadCount(path, "steps", step);
        var (sampledSteps, samples) = session.Sampling is null ? (0, 0) : (
            ReadCount(path, "sampled steps", file.Header.Metadata.GetValueOrDefault(SampledStepsKey)),
            ReadCount(path, "samples", file.Header.Metadata.GetValueOrDefault(SampledSamplesKey)));
        var moments = MomentTensors(session);
        file.Check(moments);
        Fill(path, file, session.Network);
        file.Fill(moments);
        session.StepCount = stepCount;
        session.Sampling?.ContinueAfter(sampledSteps, samples);
    }

    private static long ReadCount(string path, string what, string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        ? count
        : throw new ModelFileException(path, $"is damaged: its number of {what} is '{text}'.");

    private static void Fill(string path, SafetensorsFile file, CompiledNetwork network)
    {
        using var lease = network.UseParameters();
        var tensors = ParameterTensors(network, network.Parameters, "");
        file.Check(tensors);
        var scaling = ReadScaling(path, file, network.Architecture.Inputs);
        file.Fill(tensors);
        network.InputScaling = scaling;
        for (var layer = 0; layer < network.Architecture.Layers.Count; layer++)
        {
            network.MarkWeightsGiven(layer);
        }
    }

    private static Scaling? ReadScaling(string path, SafetensorsFile file, int inputs)
    {
        if (!file.Header.Tensors.TryGetValue(OffsetTensor, out var entry))
        {
            return null;
        }

        if (entry.Shape is not [var length] || (length != 1 && length != inputs))
        {
            throw new ModelFileException(path, $"scales another number of inputs than {inputs}.");
        }

        var offsets = new float[length];
        var factors = new float[length];
        FileTensor[] tensors = [new ArrayTensor(OffsetTensor, offsets), new ArrayTensor(FactorTensor, factors)];
        file.Check(tensors);
        file.Fill(tensors);
        try
        {
            return Scaling.PerFeature(offsets, factors);
        }
        catch (DataFormatException exception)
        {
            throw new ModelFileException(path, $"holds a scaling that cannot be used. {exception.Message}", exception);
        }
    }

    private static ArchitectureText ReadArchitecture(string path, SafetensorsHeader header)
    {
        if (!header.Metadata.TryGetValue(FormatKey, out var format) || !header.Metadata.TryGetValue(ArchitectureKey, out var text))
        {
            throw new ModelFileException(path, "was not saved by this library: it carries no architecture.");
        }

        if (format != Format)
        {
            throw new ModelFileException(path, $"has the format version {format}; this version of the library reads {Format}.");
        }

        try
        {
            return ArchitectureText.Parse(text);
        }
        catch (FormatException exception)
        {
            throw new ModelFileException(path, exception.Message, exception);
        }
    }

    private static void ThrowIfDifferent(string path, ArchitectureText saved, NetworkDescription network)
    {
        if (saved.DifferenceFrom(network) is { } difference)
        {
            throw new ModelFileException(path, $"holds another network ({saved.Name}): {difference}.");
        }
    }

    private static List<FileTensor> MomentTensors(TrainingSession session)
    {
        var tensors = new List<FileTensor>();
        for (var index = 0; index < session.Options.Optimizer.MomentCount; index++)
        {
            tensors.AddRange(ParameterTensors(session.Network, session.Moments[index]!, index == 0 ? "optimizer.first." : "optimizer.second."));
        }

        return tensors;
    }

    private static List<FileTensor> ParameterTensors(CompiledNetwork network, AlignedMemory block, string prefix)
    {
        var tensors = new List<FileTensor>();
        for (var layer = 0; layer < network.Layout.Layers.Length; layer++)
        {
            tensors.Add(new WeightTensor($"{prefix}layers.{layer}.weight", block, network.Layout.Layers[layer]));
            tensors.Add(new BiasTensor($"{prefix}layers.{layer}.bias", block, network.Layout.Layers[layer]));
        }

        return tensors;
    }
}
