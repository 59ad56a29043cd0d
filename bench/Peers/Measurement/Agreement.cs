using Whittle.Bench.Peers.Contenders;
using Whittle.Bench.Peers.Protocol;

namespace Whittle.Bench.Peers.Measurement;

/// <summary>Whether two contenders computed the same, before anything is timed.</summary>
internal static class Agreement
{
    // Far above what another order of the sums does to thousands of products, far below what a wrong kernel does.
    private const double Tolerance = 1e-3;

    /// <summary>Null if they did, otherwise what differs.</summary>
    /// <param name="workload">What they worked on.</param>
    /// <param name="ours">The result of <see cref="IContenderRun.Check"/> of ours.</param>
    /// <param name="theirs">The peer's.</param>
    public static string? Difference(Workload workload, double[] ours, double[] theirs)
    {
        var what = workload.Work == Work.Forward ? "logit" : "loss of step";
        if (ours.Length != theirs.Length)
        {
            return FormattableString.Invariant($"it gave {theirs.Length} numbers instead of {ours.Length}");
        }

        for (var index = 0; index < ours.Length; index++)
        {
            // Not finite is a difference too.
            if (!(Math.Abs(ours[index] - theirs[index]) <= Tolerance * Math.Max(1, Math.Abs(ours[index]))))
            {
                return FormattableString.Invariant($"{what} {index} is {theirs[index]:G6}, ours is {ours[index]:G6}");
            }
        }

        return null;
    }

    /// <summary>Null if the parameters have the same bits, or one of the two does not promise it; otherwise what differs.</summary>
    public static string? BitDifference(IContenderRun ours, IContenderRun theirs) =>
        ours is IExactRun exact && theirs is IExactRun other && exact.ParameterDigest() != other.ParameterDigest()
            ? FormattableString.Invariant($"after {Workload.CheckedSteps} steps its parameters have other bits")
            : null;
}
