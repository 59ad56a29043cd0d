using BenchmarkDotNet.Attributes;
using Microsoft.CodeAnalysis;

namespace Whittle.Bench.Generation;

/// <summary>
/// What the generator costs a build, for 784-1000-1000-1000-10 in all instruction sets: cold as on the command line,
/// and as in an editor, after a change elsewhere and after a change of the network.
/// </summary>
public class Generation
{
    private DigitsCompilations digits = null!;
    private GeneratorDriver warm = null!;

    [GlobalSetup]
    public void Setup()
    {
        digits = new DigitsCompilations();
        warm = digits.WarmDriver();
    }

    [Benchmark(Baseline = true)]
    public GeneratorDriver Cold() => DigitsCompilations.FreshDriver().RunGenerators(digits.Original);

    [Benchmark]
    public GeneratorDriver EditElsewhere() => warm.RunGenerators(digits.EditedElsewhere);

    [Benchmark]
    public GeneratorDriver EditOneLayer() => warm.RunGenerators(digits.EditedLayer);
}
