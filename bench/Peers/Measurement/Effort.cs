namespace Whittle.Bench.Peers.Measurement;

/// <summary>How long a case is measured.</summary>
/// <param name="Rounds">Rounds, in each of which every contender has its turn.</param>
/// <param name="WarmUp">What each contender works before, so that just-in-time compilers are done with it.</param>
/// <param name="Turn">What a turn takes, where a single pass does not take longer.</param>
internal sealed record Effort(int Rounds, TimeSpan WarmUp, TimeSpan Turn)
{
    // The just-in-time compiler's last tier of a step at a batch of one was seen to run after 0.8 s, not before.
    private static readonly TimeSpan UntilLastTier = TimeSpan.FromSeconds(1);

    /// <summary>For numbers that one publishes.</summary>
    public static Effort Full { get; } = new(30, UntilLastTier, TimeSpan.FromMilliseconds(30));

    /// <summary>For a first look.</summary>
    public static Effort Quick { get; } = new(7, UntilLastTier, TimeSpan.FromMilliseconds(10));

    /// <summary>Tells that it works, and nothing about speed.</summary>
    public static Effort Smoke { get; } = new(2, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1));
}
