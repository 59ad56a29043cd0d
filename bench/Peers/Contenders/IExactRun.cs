namespace Whittle.Bench.Peers.Contenders;

/// <summary>A run whose parameters must have the same bits as those of another exact run after the same steps.</summary>
internal interface IExactRun
{
    /// <summary>SHA-256 of all weights and biases as they are now.</summary>
    string ParameterDigest();
}
