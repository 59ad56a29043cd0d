using Whittle.Examples.Networks;

namespace Whittle.Examples.Tests.Networks;

public class DeclaredNetworkTests
{
    [Theory]
    [InlineData(64, 10, "small-digits")]
    [InlineData(784, 10, "digits")]
    [InlineData(784, 3, "digits")]
    [InlineData(784, 26, "letters")]
    [InlineData(1024, 5, "toys")]
    [InlineData(1024, 10, "grey-photographs")]
    [InlineData(3072, 10, "photographs")]
    public void A_data_set_gets_the_network_with_the_fewest_outputs_for_it(int features, int classes, string name) =>
        Assert.Equal(name, DeclaredNetwork.For(Dataset.FromArrays(new float[features], features, [0], classes)).Name);

    [Fact]
    public void Every_exact_network_runs_its_kernels_for_explain() =>
        Assert.All(DeclaredNetwork.All.Where(network => !network.IsSampled), network =>
        {
            using var instance = network.Create(seed: 1);
            Assert.IsAssignableFrom<IRunsKernels>(instance);
        });
}
