namespace Whittle.Bench.Recall;

/// <summary>The network whose second layer is studied once it is trained.</summary>
[Network(Inputs = 784, BatchSize = 20)]
[Dense(StudiedLayer.Nodes, Activation.Relu)]
[Dense(StudiedLayer.Nodes, Activation.Relu)]
[Dense(StudiedLayer.Nodes, Activation.Relu)]
[Dense(10)]
public sealed partial class StudiedNetwork : INetwork<StudiedNetwork>;
