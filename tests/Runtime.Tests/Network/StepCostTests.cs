namespace Whittle.Runtime.Tests.Network;

/// <summary>Costs by hand, and by counting what samples of the declared kind touch.</summary>
public class StepCostTests
{
    private const int Inputs = 40;
    private const int Units = 200;
    private const double Weights = Inputs * Units;

    [Fact]
    public void An_exact_network_computes_three_products_but_for_the_first_input_gradient()
    {
        var cost = Cost(10, Layer(Inputs), Layer(Units));
        Assert.Equal(Weights + (Units * Units), cost.Forward);
        Assert.Equal(Units * Units, cost.InputGradient);
        Assert.Equal(Weights + (Units * Units), cost.WeightGradient);
        Assert.Equal(0, cost.Selection);

        // Each pass of a mini-batch reads a weight, the update reads and writes it.
        Assert.Equal(4 * ((3 * Weights) + (4.0 * Units * Units)) / 10, cost.ParameterBytes, 6);
    }

    [Fact]
    public void Active_nodes_cost_their_share()
    {
        var sampled = Cost(1, Layer(Inputs), Layer(Units, nodes: new NodeSampling(NodeSelector.Uniform, 0.1f)));
        var exact = Cost(1, Layer(Inputs), Layer(Units));
        Assert.Equal(0.9 * Units * Units, exact.Forward - sampled.Forward, 6);
        Assert.Equal(0.9 * Units * Units, exact.InputGradient - sampled.InputGradient, 6);
        Assert.Equal(0.9 * Units * Units, exact.WeightGradient - sampled.WeightGradient, 6);
        Assert.Equal(0.9 * 4 * 4 * Units * Units, exact.ParameterBytes - sampled.ParameterBytes, 6);
    }

    [Fact]
    public void A_selector_that_looks_at_every_node_saves_nothing_forward()
    {
        var top = Cost(1, Layer(Inputs, nodes: new NodeSampling(NodeSelector.TopK, 0.1f)));
        Assert.Equal(Weights, top.Forward + top.Selection, 6);
        var sketched = Cost(1, Layer(Inputs, nodes: new NodeSampling(NodeSelector.LowRank, 0.1f, Rank: 4, Refresh: 1_000_000)));
        Assert.InRange(sketched.Selection, 4 * (Inputs + Units), 1.01 * 4 * (Inputs + Units));
        var hashed = Cost(1, Layer(Inputs, nodes: new NodeSampling(NodeSelector.Lsh, 0.1f, Bits: 6, Tables: 5, RehashInterval: 100_000)));
        Assert.InRange(hashed.Selection, 30 * Inputs, 1.01 * 30 * Inputs);

        // A query for all nodes found: of two tables of 8 buckets, 15 of 64 unrelated nodes.
        var found = Cost(1, Layer(Inputs, nodes: new NodeSampling(NodeSelector.Lsh, 1, Bits: 3, Tables: 2, Query: BucketQuery.All, RehashInterval: 100)));
        Assert.Equal(15 / 64.0 * Weights, found.Forward, 6);
    }

    [Fact]
    public void An_update_touches_the_nodes_of_any_row()
    {
        const int Rows = 12;
        var node = new UniformNodes(Units, Units / 10);
        var sample = new IndexSample(Units / 10);
        var touched = new HashSet<int>();
        var sum = 0.0;
        const int Rounds = 400;
        for (var round = 0; round < Rounds; round++)
        {
            touched.Clear();
            for (var row = 0; row < Rows; row++)
            {
                var random = new RandomStream(1, RandomStreams.NodeSelection(0, (round * Rows) + row));
                node.Select(ref random, default, sample);
                foreach (var index in sample.Indices)
                {
                    touched.Add(index);
                }
            }

            sum += touched.Count;
        }

        var cost = Cost(Rows, Layer(Inputs, nodes: new NodeSampling(NodeSelector.Uniform, 0.1f)));
        var updated = (cost.ParameterBytes / (4 * Weights)) - 0.1;
        Assert.Equal(sum / Rounds / Units * 2 / Rows, updated, 3);
    }

    [Fact]
    public void Estimated_products_cost_their_share_and_their_scores()
    {
        var all = Layer(Inputs, estimated: new InputSampling(Share: 0.1f, Products: SampledProducts.Both));
        var cost = Cost(20, Layer(Inputs) with { Outputs = Inputs }, all);
        Assert.Equal((Inputs * Inputs) + (0.1 * Weights), cost.Forward, 6);
        Assert.Equal(0.1 * Weights, cost.InputGradient, 6);
        Assert.Equal((Inputs * Inputs) + (0.1 * Weights), cost.WeightGradient, 6);

        // Scores of three products, and a 64th of the norms by input and by node.
        Assert.Equal((2 * (Inputs + Units)) + (2 * Weights / 64 / 20), cost.Selection, 6);
        Assert.Equal(0, Cost(20, Layer(Inputs), Layer(Units, estimated: new InputSampling(InputEstimator.Uniform, 0.1f, SampledProducts.Both))).Selection);
        Assert.Equal(Inputs + Units, Cost(20, Layer(Inputs, estimated: new InputSampling(Share: 0.1f))).Selection);
    }

    private static StepCost Cost(int rows, params LayerDescription[] layers) =>
        new NetworkDescription("Test", layers[0].Inputs, rows, Loss.SoftmaxCrossEntropy, layers, -1, 0).CostOfStep();

    private static LayerDescription Layer(int inputs, NodeSampling? nodes = null, InputSampling? estimated = null) =>
        new(inputs, Units, Activation.Relu, 0, Initialization.Default, 0, 0, nodes, estimated);
}
