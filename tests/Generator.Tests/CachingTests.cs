using Microsoft.CodeAnalysis;
using Whittle.Generator.Tests.Compilation;
using static Whittle.Generator.NetworkGenerator;

namespace Whittle.Generator.Tests;

/// <summary>That the same input is cached is checked by every <see cref="GeneratorRun"/>.</summary>
public sealed class CachingTests
{
    private const string Network = """
        using Whittle;

        [Network(Inputs = 4, BatchSize = 1)]
        [Dense(3, Activation.Relu)]
        [Dense(2)]
        sealed partial class N : INetwork<N>;
        """;

    private const string Another = """
        using Whittle;

        [Network(Inputs = 4, BatchSize = 1)]
        [Dense(5, Activation.Relu)]
        [Dense(2)]
        sealed partial class M : INetwork<M>;
        """;

    [Fact]
    public void A_comment_that_is_added_or_moved_changes_nothing()
    {
        var run = GeneratorRun.Of(Network);
        var commented = run.After(0, Network.Replace("[Dense(2)]", "// The output.\n[Dense(2)]", StringComparison.Ordinal));
        IncrementalCache.AssertUnchanged(commented.Result);
        IncrementalCache.AssertUnchanged(commented.After(0, "// A network.\n\n" + Network).Result);
    }

    [Fact]
    public void A_changed_width_changes_the_network_and_only_the_kernels_with_that_shape()
    {
        var run = GeneratorRun.Of(Network);
        var changed = run.After(0, Network.Replace("Dense(2)", "Dense(7)", StringComparison.Ordinal));
        Assert.Equal([IncrementalStepRunReason.Modified], IncrementalCache.Reasons(changed.Result, Stages.Network));
        Assert.Equal([IncrementalStepRunReason.Modified], IncrementalCache.Reasons(changed.Result, Stages.NetworkFile));
        var kernels = IncrementalCache.Reasons(changed.Result, Stages.KernelFile);
        Assert.Contains(kernels, IncrementalCache.IsUnchanged);
        Assert.Contains(IncrementalStepRunReason.Modified, kernels);
        Assert.NotEqual(run.Files, changed.Files);
    }

    [Fact]
    public void An_edit_of_another_class_changes_nothing()
    {
        var run = GeneratorRun.Of(Network, "class Other { int Field; }");
        IncrementalCache.AssertUnchanged(run.After(1, "class Other { string Field; void Method() { } }").Result);
    }

    [Fact]
    public void An_edit_of_another_network_leaves_this_one_cached()
    {
        var run = GeneratorRun.Of(Network, Another);
        var changed = run.After(1, Another.Replace("Dense(5", "Dense(6", StringComparison.Ordinal));
        Assert.Equal(
            [IncrementalStepRunReason.Cached, IncrementalStepRunReason.Modified],
            IncrementalCache.Reasons(changed.Result, Stages.Network));
        Assert.Equal(
            [IncrementalStepRunReason.Cached, IncrementalStepRunReason.Modified],
            IncrementalCache.Reasons(changed.Result, Stages.NetworkFile));
    }

    [Fact]
    public void Equal_kernels_of_two_networks_are_one_file()
    {
        var kernels = GeneratorRun.Of(Network).Files.Keys.Where(name => name != "N.g.cs");
        var twice = GeneratorRun.Of(Network, Network.Replace("class N : INetwork<N>", "class M : INetwork<M>", StringComparison.Ordinal)).AssertCompiles();
        Assert.Equal(kernels, twice.Files.Keys.Where(name => name is not ("N.g.cs" or "M.g.cs")));
    }
}
