#pragma warning disable xUnit1051 // The code is that of the page, which takes no cancellation token.

namespace Whittle.Examples.Tests;

/// <summary>The code of docs/optimizers.md.</summary>
public class OptimizersPageTests
{
    [Fact]
    public void The_rule_of_the_page_trains_and_bounds_every_change()
    {
        var train = StrokeDigits.Generate(200, seed: 1);
        using var network = new MyDigits(seed: 42);
        var before = Weights(network);
        Trainer.Fit(network, train, new TrainingOptions
        {
            Optimizer = Optimizer.Custom("bounded", 0.1f, step => new BoundedRule(step.LearningRate, bound: 0.01f)),
        });

        // 10 epochs of 10 steps of at most 0.1 x 0.01.
        var changes = Weights(network).Zip(before, (after, weight) => Math.Abs(after - weight)).ToArray();
        Assert.InRange(changes.Max(), 0.001f, 0.1001f);
    }

    private static float[] Weights(MyDigits network)
    {
        var weights = new float[1000 * 10];
        network.GetWeights(1, weights);
        return weights;
    }
}

public readonly struct BoundedRule(float learningRate, float bound) : IUpdateRule
{
    private readonly float learningRate = learningRate;
    private readonly float bound = bound;

    public static int MomentCount => 0;

    public static bool SkipsZeroGradient => true;

    public TLanes Update<TLanes>(TLanes parameter, TLanes gradient, ref TLanes first, ref TLanes second)
        where TLanes : struct, ILanes<TLanes>
    {
        var bounded = TLanes.Min(TLanes.Max(gradient, TLanes.Create(-bound)), TLanes.Create(bound));
        return parameter - (TLanes.Create(learningRate) * bounded);
    }
}
