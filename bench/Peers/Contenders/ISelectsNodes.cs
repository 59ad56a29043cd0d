namespace Whittle.Bench.Peers.Contenders;

/// <summary>A run whose network chooses nodes, so that one can ask how well.</summary>
internal interface ISelectsNodes
{
    /// <summary>The recall of the true largest nodes, layer by layer, over a few hundred samples; empty if no layer chooses. Not timed.</summary>
    IReadOnlyList<double> Recall();
}
