using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Whittle;

/// <summary>The architecture of a saved network, as JSON in the file's metadata.</summary>
/// <param name="Name">Full name of the class that was saved; for information, since classes may be renamed.</param>
/// <param name="Inputs">Inputs of one sample.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Layers">The layers from input to output.</param>
internal sealed record ArchitectureText(string Name, int Inputs, Loss Loss, IReadOnlyList<ArchitectureText.Layer> Layers)
{
    private const string Dense = "dense";
    private const string NodeSampled = "nodeSampled";
    private const string InputSampled = "inputSampled";

    /// <summary>Describes a network.</summary>
    public static ArchitectureText Of(NetworkDescription network) => new(
        network.Name,
        network.Inputs,
        network.Loss,
        [.. network.Layers.Select(layer => new Layer(
            layer.Outputs, layer.Activation, layer.Activation == Activation.LeakyRelu ? layer.Slope : 0, layer.Residual, KindOf(layer)))]);

    /// <summary>Reads the text.</summary>
    /// <exception cref="FormatException">It is not such a description.</exception>
    public static ArchitectureText Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            return new ArchitectureText(
                root.GetProperty("name").GetString()!,
                root.GetProperty("inputs").GetInt32(),
                ParseEnum<Loss>(root.GetProperty("loss")),
                [.. root.GetProperty("layers").EnumerateArray().Select(ParseLayer)]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException or FormatException)
        {
            throw new FormatException("describes its architecture in a way that this version does not understand.", exception);
        }
    }

    /// <summary>The text.</summary>
    public override string ToString()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("name", Name);
            json.WriteNumber("inputs", Inputs);
            json.WriteString("loss", Loss.ToString());
            json.WriteStartArray("layers");
            foreach (var layer in Layers)
            {
                json.WriteStartObject();
                json.WriteString("kind", layer.Kind);
                json.WriteNumber("units", layer.Units);
                json.WriteString("activation", layer.Activation.ToString());
                if (layer.Activation == Activation.LeakyRelu)
                {
                    json.WriteNumber("slope", layer.Slope);
                }

                if (layer.Residual != 0)
                {
                    json.WriteNumber("residual", layer.Residual);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Says how this architecture, of a file, differs first from that of a network; null if it does not.</summary>
    public string? DifferenceFrom(NetworkDescription network)
    {
        var other = Of(network);
        if (Inputs != other.Inputs)
        {
            return $"it has {Inputs} inputs and {network.Name} has {other.Inputs}";
        }

        if (Layers.Count != other.Layers.Count)
        {
            return $"it has {Layers.Count} layers and {network.Name} has {other.Layers.Count}";
        }

        for (var index = 0; index < Layers.Count; index++)
        {
            var (mine, theirs) = (Layers[index], other.Layers[index]);
            if (mine.Units != theirs.Units)
            {
                return $"its layer {index} has {mine.Units} units and that of {network.Name} has {theirs.Units}";
            }

            if (mine.Residual != theirs.Residual)
            {
                return $"its layer {index} has {Residual(mine)} and that of {network.Name} has {Residual(theirs)}";
            }

            if ((mine.Activation, mine.Slope) != (theirs.Activation, theirs.Slope))
            {
                return $"its layer {index} has the activation {mine} and that of {network.Name} has {theirs}";
            }
        }

        return Loss == other.Loss ? null : $"it has the loss {Loss} and {network.Name} has {other.Loss}";

        static string Residual(Layer layer) => layer.Residual == 0
            ? "no residual connection"
            : $"the residual factor {layer.Residual.ToString(CultureInfo.InvariantCulture)}";
    }

    private static Layer ParseLayer(JsonElement layer)
    {
        var kind = layer.GetProperty("kind").GetString();
        if (kind is not (Dense or NodeSampled or InputSampled))
        {
            throw new JsonException();
        }

        var activation = ParseEnum<Activation>(layer.GetProperty("activation"));
        return new Layer(
            layer.GetProperty("units").GetInt32(),
            activation,
            activation == Activation.LeakyRelu ? layer.GetProperty("slope").GetSingle() : 0,
            layer.TryGetProperty("residual", out var residual) ? residual.GetSingle() : 0,
            kind);
    }

    private static string KindOf(LayerDescription layer) => layer switch
    {
        { NodeSampling: not null } => NodeSampled,
        { InputSampling: not null } => InputSampled,
        _ => Dense,
    };

    private static TEnum ParseEnum<TEnum>(JsonElement element)
        where TEnum : struct, Enum =>
        Enum.TryParse(element.GetString(), out TEnum value) && Enum.IsDefined(value) ? value : throw new JsonException();

    /// <summary>One layer.</summary>
    /// <param name="Units">Its units.</param>
    /// <param name="Activation">Its activation function.</param>
    /// <param name="Slope">Slope of leaky ReLU; 0 for every other.</param>
    /// <param name="Residual">Factor of a residual connection; 0 for none, which is not written.</param>
    /// <param name="Kind">How it was trained; for information, since the weights mean the same however they are sampled.</param>
    public sealed record Layer(int Units, Activation Activation, float Slope, float Residual, string Kind)
    {
        /// <summary>The activation in words.</summary>
        public override string ToString() => Activation == Activation.LeakyRelu
            ? $"{Activation} with slope {Slope.ToString(CultureInfo.InvariantCulture)}"
            : Activation.ToString();
    }
}
