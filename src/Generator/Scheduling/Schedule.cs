using System.Globalization;
using Whittle.Generator.Model;

namespace Whittle.Generator.Scheduling;

/// <summary>How a nest runs on an instruction set: a value, chosen apart from what the nest computes.</summary>
/// <param name="Lanes">Floats in a vector.</param>
/// <param name="PanelWidth">Outputs in one panel of the parameters.</param>
/// <param name="OuterTiles">Iterations of the outer axis in one tile, largest first, ending with 1.</param>
/// <param name="InnerTiles">Iterations of the inner axis in one tile, largest first, ending with 1.</param>
/// <param name="Unroll">Iterations of the reduction in one pass of its loop; 0 for straight code without a loop.</param>
/// <param name="SumsInFlight">
/// Sums that a tile over an index list keeps in flight: one with fewer results computes each as several partial sums. 0 for one sum per result.
/// </param>
/// <param name="Parts">Partial sums of each result of a tile over an index list where their number is fixed, since others add in the same order; 0 where it is not.</param>
/// <param name="FetchesNextPanel">Whether the last tile of a panel fetches the next panel of parameters into the second cache.</param>
internal sealed record Schedule(
    int Lanes,
    int PanelWidth,
    EquatableArray<int> OuterTiles,
    EquatableArray<int> InnerTiles,
    int Unroll,
    int SumsInFlight = 0,
    int Parts = 0,
    bool FetchesNextPanel = false)
{
    public int VectorsPerPanel => PanelWidth / Lanes;

    /// <summary>The schedule in words, for the header of the kernel.</summary>
    public override string ToString()
    {
        var reduction = Unroll switch
        {
            0 => "reduction unrolled fully",
            1 => "reduction not unrolled",
            _ => "reduction unrolled by " + Unroll.ToString(CultureInfo.InvariantCulture),
        };
        if (SumsInFlight > 0)
        {
            reduction += FormattableString.Invariant($", split into {SumsInFlight} sums");
        }

        if (Parts > 0)
        {
            reduction += FormattableString.Invariant($", each sum in {Parts} parts");
        }

        if (FetchesNextPanel)
        {
            reduction += ", next panel fetched";
        }

        return FormattableString.Invariant(
            $"tiles of {List(InnerTiles)} x {List(OuterTiles)}, {(VectorsPerPanel == 1 ? "" : FormattableString.Invariant($"panels of {VectorsPerPanel} "))}vectors of {Lanes} floats, {reduction}");
    }

    private static string List(EquatableArray<int> sizes) =>
        string.Join("/", sizes.Select(size => size.ToString(CultureInfo.InvariantCulture)));
}
