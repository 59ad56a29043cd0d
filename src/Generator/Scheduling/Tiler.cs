using Whittle.Generator.Lowering;
using Whittle.Generator.Model;

namespace Whittle.Generator.Scheduling;

/// <summary>Turns nests into loops over register tiles, as their schedules say. Knows no layer kinds.</summary>
internal sealed class Tiler
{
    /// <summary>Name of the scratch memory that holds a tile of gradients until the rule has used it.</summary>
    private const string Scratch = "gradients";

    /// <summary>Full panels from which the padding of a last one is computed too, rather than by tiles of its own: at most a tenth of the work for half of the text.</summary>
    private const int ManyPanels = 4;

    private readonly Dictionary<string, Procedure> tiles = [];
    private int scratchCount;

    /// <summary>The program of a kernel: its nests one after the other.</summary>
    public static KernelProgram Apply(IReadOnlyList<Nest> nests, IReadOnlyList<Schedule> schedules)
    {
        var tiler = new Tiler();
        var body = new List<Statement>();
        for (var index = 0; index < nests.Count; index++)
        {
            var statements = tiler.OuterLoops(nests[index], schedules[index]);
            body.AddRange(nests.Count == 1 ? statements : [new Scope(statements.ToEquatableArray())]);
        }

        var names = new NamesUsed(nests);
        if (tiler.scratchCount > 0)
        {
            body.Insert(0, new DeclareScratch(Scratch, tiler.scratchCount));
        }

        var entry = new Procedure(
            "Run",
            "The whole product.",
            names.EntryViews.ToEquatableArray(),
            names.Lists.ToEquatableArray(),
            names.Numbers.ToEquatableArray(),
            names.Updates,
            body.ToEquatableArray());
        return new KernelProgram(new[] { entry }.Concat(tiler.tiles.Values).ToEquatableArray());
    }

    private List<Statement> OuterLoops(Nest nest, Schedule schedule)
    {
        if (nest.Epilogue is SignEpilogue signs)
        {
            return HashLoops(nest, schedule, signs);
        }

        if (nest.Outer.Extent is ListExtent list)
        {
            return ListLoops(nest, schedule, list);
        }

        if (nest is { Accumulates: true, Reduction: { Extent: ListExtent rows } reduction })
        {
            return ListedReductionLoops(nest, schedule, reduction, rows);
        }

        var axis = nest.Outer.Name;
        var step = nest.Outer.Step;
        var body = new List<Statement> { new DeclareNumber(axis, "begin", null) };
        var (fullPanels, tailVectors) = Panels(nest, schedule);

        // Where the rows of nodes are changed, their biases follow the cache line that the last inputs fill.
        var ownsPadding = nest is not { Epilogue: UpdateEpilogue, LanesAreInputs: true } || schedule.PanelWidth <= RowLayout.Line;
        var hasTail = !nest.IsDotProduct && tailVectors > 0 && (fullPanels < ManyPanels || !ownsPadding);

        // The last panel may have fewer units than a step.
        var end = hasTail ? Affine.Of("fullEnd") : Affine.Of("end") + (step - 1);
        if (hasTail)
        {
            body.Add(new DeclareNumber("fullEnd", "end", fullPanels * step));
        }

        if (!hasTail || fullPanels > 0)
        {
            // Parts of a range of dot products begin and end at whole tiles, or at the end of the range.
            var wholeTiles = nest is { IsDotProduct: true, Outer.Extent: RangeExtent range } && range.Count % schedule.OuterTiles[0] == 0;
            foreach (var size in schedule.OuterTiles.Where(size => wholeTiles ? size == schedule.OuterTiles[0] : nest.IsDotProduct || !hasTail || size <= fullPanels))
            {
                body.Add(new Loop(axis, end, size * step, InnerLoops(nest, schedule, size, schedule.VectorsPerPanel).ToEquatableArray()));
            }
        }

        if (hasTail)
        {
            body.Add(new Comment("The last panel fills only a part of its vectors."));
            body.Add(new Loop(axis, Affine.Of("end") + (step - 1), step, InnerLoops(nest, schedule, 1, tailVectors).ToEquatableArray()));
        }

        return body;
    }

    /// <summary>Hash codes: tiles over all panels, and the signs of their sums.</summary>
    private List<Statement> HashLoops(Nest nest, Schedule schedule, SignEpilogue signs)
    {
        tiles.Add(SignPacking.Name, SignPacking.Of(signs, schedule.Lanes));
        var panels = nest.Units + schedule.PanelWidth - 1;
        if (nest.Outer.Extent is not ListExtent list)
        {
            var sums = Covered(nest.PanelAxis, panels / schedule.PanelWidth, schedule.OuterTiles, (size, place) => [CallTile(nest, schedule, size, 1, schedule.VectorsPerPanel, place)]);
            return [.. sums, SignPacking.Call(signs, 0, 0)];
        }

        // A few columns of the projections stay in the cache for all nodes.
        var body = Covered(nest.PanelAxis, panels / schedule.PanelWidth, schedule.InnerTiles, (columns, place) =>
        [
            new DeclareNumber(Nest.Entry, null, null),
            .. schedule.OuterTiles.Select(size => new Loop(
                Nest.Entry,
                Affine.Of(list.CountName),
                size,
                Indices(nest, list, size).Append(CallTile(nest, schedule, size, columns, schedule.VectorsPerPanel, place)).ToEquatableArray())),
        ]);
        var packing = SignPacking.Call(signs, signs.Address.In(Nest.Entry), signs.Codes);
        return [.. body, .. Scoped([new DeclareNumber(Nest.Entry, null, null), new Loop(Nest.Entry, Affine.Of(list.CountName), 1, new Statement[] { packing }.ToEquatableArray())])];
    }

    /// <summary>Statements with names of their own, as far as they declare any.</summary>
    private static IEnumerable<Statement> Scoped(IEnumerable<Statement> statements) =>
        statements.Any(statement => statement is DeclareNumber or DeclareProduct) ? [new Scope(statements.ToEquatableArray())] : statements;

    /// <summary>A constant number of panels: as many parts of the first size as fit, in a loop where they are several, then what is left.</summary>
    private static List<Statement> Covered(string axis, int count, EquatableArray<int> sizes, Func<int, Func<Affine, Affine>, IEnumerable<Statement>> part)
    {
        var body = new List<Statement>();
        var first = 0;
        foreach (var size in sizes)
        {
            var end = first + ((count - first) / size * size);
            if (end - first > size)
            {
                body.Add(new DeclareNumber(axis, null, null));
                body.Add(new Loop(axis, end, size, part(size, address => address).ToEquatableArray()));
            }
            else
            {
                var start = first;
                body.AddRange(Scoped(part(size, address => address.Substitute(axis, null, start))));
            }

            first = end;
        }

        return body;
    }

    /// <summary>Panels with all vectors in use, and the vectors in use of a last one with fewer; zero when there is none.</summary>
    private static (int FullPanels, int TailVectors) Panels(Nest nest, Schedule schedule)
    {
        var vectors = (nest.Units + schedule.Lanes - 1) / schedule.Lanes;
        return (vectors / schedule.VectorsPerPanel, vectors % schedule.VectorsPerPanel);
    }

    /// <summary>Tiles of several entries of an index list, each with a row of its own.</summary>
    private List<Statement> ListLoops(Nest nest, Schedule schedule, ListExtent list)
    {
        var body = new List<Statement> { new DeclareNumber("entry", null, null) };
        foreach (var size in schedule.OuterTiles)
        {
            var tile = new List<Statement>();
            tile.AddRange(Indices(nest, list, size));
            tile.AddRange(nest.Inner is null
                ? new TileBuilder(nest, schedule, size, 1, schedule.VectorsPerPanel, inline: true).Build()
                : RowLoops(nest, schedule, size, schedule.VectorsPerPanel));
            body.Add(new Loop("entry", Affine.Of(list.CountName), size, tile.ToEquatableArray()));
        }

        return body;
    }

    /// <summary>The rows that the next entries of a list name.</summary>
    private static IEnumerable<Statement> Indices(Nest nest, ListExtent list, int count) => Enumerable.Range(0, count).Select(position =>
        new DeclareIndex(TileBuilder.ListedName(nest.Outer, position), list.List, Affine.Of(Nest.Entry) + position));

    /// <summary>A few entries of the summed list at a time, over all panels: each visit adds to the sums in memory.</summary>
    private static List<Statement> ListedReductionLoops(Nest nest, Schedule schedule, Axis reduction, ListExtent list)
    {
        var body = new List<Statement> { new DeclareNumber("entry", null, null) };
        foreach (var size in new[] { schedule.Unroll, 1 }.Distinct())
        {
            var visit = Enumerable.Range(0, size)
                .Select(position => (Statement)new DeclareIndex(TileBuilder.ListedName(reduction, position), list.List, Affine.Of("entry") + position))
                .ToList();
            visit.Add(new DeclareNumber(nest.Outer.Name, "begin", null));
            var tile = new TileBuilder(nest, schedule with { Unroll = size }, 1, 1, schedule.VectorsPerPanel, inline: true);
            visit.Add(new Loop(nest.Outer.Name, Affine.Of("end"), 1, tile.Build().ToEquatableArray()));
            body.Add(new Loop("entry", Affine.Of(list.CountName), size, visit.ToEquatableArray()));
        }

        return body;
    }

    private List<Statement> InnerLoops(Nest nest, Schedule schedule, int outerSize, int vectors)
    {
        var loops = RowLoops(nest, schedule, outerSize, vectors);
        if (nest.Copy is { } copy)
        {
            loops.Insert(0, new CopyPanel(NamesUsed.NameOf(copy.Source), nest.Outer.Name, NamesUsed.NameOf(copy.Target), copy, schedule.PanelWidth));
        }

        return loops;
    }

    private List<Statement> RowLoops(Nest nest, Schedule schedule, int outerSize, int vectors)
    {
        if (nest.Inner is not { } axis)
        {
            return [CallTile(nest, schedule, outerSize, 1, vectors)];
        }

        switch (axis.Extent)
        {
            case ListExtent list:
                var entry = new List<Statement> { new DeclareIndex(axis.Name, list.List, Affine.Of("entry")) };
                entry.AddRange(new TileBuilder(nest, schedule, outerSize, 1, vectors, inline: true).Build());
                return [new DeclareNumber("entry", null, null), new Loop("entry", Affine.Of(list.CountName), 1, entry.ToEquatableArray())];
            case ConstantExtent constant:
                var size = Math.Min(schedule.InnerTiles[0], constant.Count);
                var body = new List<Statement> { new DeclareNumber(axis.Name, null, null) };
                body.Add(new Loop(axis.Name, constant.Count, size, Tile(size)));
                if (constant.Count % size is var rest && rest > 0)
                {
                    body.AddRange(nest.Left.Buffer == Lowering.Buffer.PackedInput ? [new Comment("The last block has fewer inputs."), .. Scoped(Tile(rest))] : Tile(rest));
                }

                return body;
            case NamedExtent named:
                var loops = new List<Statement> { new DeclareNumber(axis.Name, null, null) };
                loops.AddRange(schedule.InnerTiles.Select(tile => new Loop(axis.Name, Affine.Of(named.Name), tile, Ahead(tile, Affine.Of(named.Name)).Concat(Tile(tile)).ToEquatableArray())));
                return loops;
            default:
                throw new InvalidOperationException($"The inner axis {axis.Name} cannot run over {axis.Extent}.");
        }

        IEnumerable<Statement> Ahead(int tile, Affine end)
        {
            var builder = new TileBuilder(nest, schedule, outerSize, tile, vectors, inline: false);
            return builder.FetchesNextPanel ? [new DeclareInLast(TileBuilder.Ahead, builder.PanelLength, axis.Name, end, tile)] : [];
        }

        EquatableArray<Statement> Tile(int innerSize) =>
            Block().Append(CallTile(nest, schedule, outerSize, innerSize, vectors)).ToEquatableArray();

        // Blocks of packed inputs hold all rows each, one block after the other.
        IEnumerable<Statement> Block() => nest.Left.Buffer == Lowering.Buffer.PackedInput
            ? [new DeclareProduct(TileBuilder.Block, axis.Name, ((NamedExtent)nest.Reduction!.Extent).Name)]
            : [];
    }

    private Statement CallTile(Nest nest, Schedule schedule, int outerSize, int innerSize, int vectors, Func<Affine, Affine>? place = null)
    {
        var builder = new TileBuilder(nest, schedule, outerSize, innerSize, vectors, inline: false);
        var columns = nest.IsDotProduct ? outerSize : outerSize * vectors;
        var name = FormattableString.Invariant($"{nest.Name}Tile{innerSize}x{columns}");
        if (!tiles.TryGetValue(name, out var procedure))
        {
            var names = new NamesUsed([nest]);
            var body = builder.Build();
            procedure = new Procedure(
                name,
                builder.Words,
                names.TileViews(builder.ScratchCount > 0 ? Scratch : builder.FetchesNextPanel ? TileBuilder.NextPanel : null).ToEquatableArray(),
                names.TileLists.ToEquatableArray(),
                names.TileNumbers.Concat(builder.Indices).ToEquatableArray(),
                names.Updates,
                body.ToEquatableArray());
            tiles.Add(name, procedure);
            scratchCount = Math.Max(scratchCount, builder.ScratchCount);
        }

        var bases = builder.Bases;
        var views = procedure.Views.Select(view => view switch
        {
            Scratch => new CallView(Scratch, 0),
            TileBuilder.NextPanel => new CallView("parameters", bases["parameters"] + Affine.Of(TileBuilder.Ahead)),
            "firstMoment" or "secondMoment" => new CallView(view, bases["parameters"]),
            _ => new CallView(view, place is null ? bases[view] : place(bases[view])),
        });
        var lists = procedure.Lists.Select(list => new CallView(list, 0));
        return new Call(name, views.ToEquatableArray(), lists.ToEquatableArray(), procedure.Numbers, procedure.Updates);
    }
}
