using Whittle.Generator.Lowering;

namespace Whittle.Generator.Scheduling;

/// <summary>The names that the methods of some nests take: views, index lists and sizes.</summary>
internal sealed class NamesUsed(IReadOnlyList<Nest> nests)
{
    public bool Updates => nests.Any(nest => nest.Epilogue is UpdateEpilogue || nest.Factor is not null);

    public IEnumerable<string> Views => BufferNames.Concat(Moments);

    /// <summary>Those of the entry: what its tiles read, and what is copied for them.</summary>
    public IEnumerable<string> EntryViews => Views.Concat(nests.Select(nest => nest.Copy).OfType<PanelCopy>().Select(copy => NameOf(copy.Source)));

    public IEnumerable<string> Lists => Extents.OfType<ListExtent>().Select(list => list.List)
        .Concat(nests.Select(nest => (nest.Epilogue as UpdateEpilogue)?.Rows?.List).OfType<string>())
        .Concat(TransposedLists.Select(list => list.List))
        .Concat(nests.Where(nest => nest.Epilogue is SignEpilogue).Select(_ => SignPacking.Codes))
        .Distinct();

    /// <summary>Those that a tile reads: of its reduction, and of the rows that it changes.</summary>
    public IEnumerable<string> TileLists => nests
        .SelectMany(nest => new[] { (nest.Reduction?.Extent as ListExtent)?.List, (nest.Epilogue as UpdateEpilogue)?.Rows?.List })
        .OfType<string>()
        .Distinct();

    /// <summary>All sizes.</summary>
    public IEnumerable<string> Numbers => Counts.Concat(Extents.Any(extent => extent is RangeExtent) ? ["begin", "end"] : []).Distinct();

    /// <summary>The one that a tile needs: the size of its reduction.</summary>
    public IEnumerable<string> TileNumbers => CountsOf(nests.Select(nest => nest.Reduction?.Extent)).Distinct();

    public IEnumerable<string> TileViews(string? more) => more is null ? Views : Views.Append(more);

    /// <summary>The elements that a nest reads.</summary>
    public static IEnumerable<Element> Reads(Nest nest) =>
        nest.Initial.Leaves()
            .Append(nest.Left)
            .Concat(nest.Right is null ? [] : [nest.Right])
            .Concat(nest.Factor is null ? [] : [nest.Factor])
            .Concat(((nest.Epilogue as StoreEpilogue)?.Value ?? (nest.Epilogue as SignEpilogue)?.Value)?.Leaves() ?? [])
            .OfType<Element>();

    public static string NameOf(Lowering.Buffer buffer)
    {
        var name = buffer.ToString();
        return char.ToLowerInvariant(name[0]) + name.Substring(1);
    }

    private IEnumerable<string> BufferNames => nests
        .SelectMany(nest => Reads(nest).Select(element => element.Buffer).Append(nest.Epilogue.Target))
        .Distinct()
        .Select(NameOf);

    private IEnumerable<string> Moments => Updates ? ["firstMoment", "secondMoment"] : [];

    private IEnumerable<Extent?> Extents =>
        nests.SelectMany(nest => new[] { nest.Outer.Extent, nest.Inner?.Extent, nest.Reduction?.Extent });

    private IEnumerable<string> Counts => CountsOf(Extents.Concat(TransposedLists));

    private IEnumerable<ListExtent> TransposedLists => nests
        .Select(nest => nest.Copy)
        .OfType<TransposedNodes>()
        .SelectMany(transposed => new[] { transposed.Nodes, transposed.Columns });

    private static IEnumerable<string> CountsOf(IEnumerable<Extent?> extents) => extents
        .Select(extent => extent switch
        {
            NamedExtent named => named.Name,
            ListExtent list => list.CountName,
            _ => null,
        })
        .OfType<string>();
}
