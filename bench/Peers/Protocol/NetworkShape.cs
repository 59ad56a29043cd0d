using System.Text.Json.Serialization;

namespace Whittle.Bench.Peers.Protocol;

/// <summary>What a network's training minimises.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Objective>))]
public enum Objective
{
    /// <summary>Cross-entropy of the softmax of the logits against one class per row.</summary>
    CrossEntropy,

    /// <summary>Mean over rows and outputs of the squared difference to the targets.</summary>
    SquaredError,
}

/// <summary>A fully connected network: ReLU in the hidden layers, plain outputs.</summary>
/// <param name="Units">Number of inputs, then the units of each layer.</param>
/// <param name="Objective">What its training minimises.</param>
public sealed record NetworkShape(IReadOnlyList<int> Units, Objective Objective)
{
    /// <summary>Number of layers.</summary>
    [JsonIgnore]
    public int Layers => Units.Count - 1;

    /// <summary>Inputs of one sample.</summary>
    [JsonIgnore]
    public int Inputs => Units[0];

    /// <summary>Outputs of one sample.</summary>
    [JsonIgnore]
    public int Outputs => Units[^1];

    /// <summary>The units, as in 784-1000-10.</summary>
    public override string ToString() => string.Join('-', Units);

    /// <inheritdoc/>
    public bool Equals(NetworkShape? other) => other is not null && Objective == other.Objective && Units.SequenceEqual(other.Units);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Objective, ToString());
}
