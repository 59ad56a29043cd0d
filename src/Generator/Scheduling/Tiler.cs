using Whittle.Generator.Lowering;
using Whittle.Generator.Model;

namespace Whittle.Generator.Scheduling;

/// <summary>Turns nests into loops over register tiles, as their schedules say. Knows no layer kinds.</summary>
internal sealed class Tiler
{
    /// <summary>Name of the scratch memory that holds a tile of gradients until the rule has used it.</summary>
    private const string Scratch = "gradients";

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
            names.Views.ToEquatableArray(),
            names.Lists.ToEquatableArray(),
            names.Numbers.ToEquatableArray(),
            names.Updates,
            body.ToEquatableArray());
        return new KernelProgram(new[] { entry }.Concat(tiler.tiles.Values).ToEquatableArray());
    }

    private List<Statement> OuterLoops(Nest nest, Schedule schedule)
    {
        var axis = nest.Outer.Name;
        var body = new List<Statement> { new DeclareNumber(axis, "begin", null) };
        var (fullPanels, tailVectors) = Panels(nest, schedule);
        var hasTail = !nest.IsDotProduct && tailVectors > 0;
        var end = hasTail ? "fullEnd" : "end";
        if (hasTail)
        {
            body.Add(new DeclareNumber("fullEnd", "end", fullPanels));
        }

        if (!hasTail || fullPanels > 0)
        {
            // Parts of a range of dot products begin and end at whole tiles, or at the end of the range.
            var wholeTiles = nest is { IsDotProduct: true, Outer.Extent: RangeExtent range } && range.Count % schedule.OuterTiles[0] == 0;
            foreach (var size in schedule.OuterTiles.Where(size => wholeTiles ? size == schedule.OuterTiles[0] : nest.IsDotProduct || size <= fullPanels))
            {
                body.Add(new Loop(axis, Affine.Of(end), size, InnerLoops(nest, schedule, size, schedule.VectorsPerPanel).ToEquatableArray()));
            }
        }

        if (hasTail)
        {
            body.Add(new Comment("The last panel fills only a part of its vectors."));
            body.Add(new Loop(axis, Affine.Of("end"), 1, InnerLoops(nest, schedule, 1, tailVectors).ToEquatableArray()));
        }

        return body;
    }

    /// <summary>Panels with all vectors in use, and the vectors in use of a last one with fewer; zero when there is none.</summary>
    private static (int FullPanels, int TailVectors) Panels(Nest nest, Schedule schedule)
    {
        var vectors = (nest.Units + schedule.Lanes - 1) / schedule.Lanes;
        return (vectors / schedule.VectorsPerPanel, vectors % schedule.VectorsPerPanel);
    }

    private List<Statement> InnerLoops(Nest nest, Schedule schedule, int outerSize, int vectors)
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
                    body.AddRange(Tile(rest));
                }

                return body;
            case NamedExtent named:
                var loops = new List<Statement> { new DeclareNumber(axis.Name, null, null) };
                loops.AddRange(schedule.InnerTiles.Select(tile => new Loop(axis.Name, Affine.Of(named.Name), tile, Tile(tile))));
                return loops;
            default:
                throw new InvalidOperationException($"The inner axis {axis.Name} cannot run over {axis.Extent}.");
        }

        EquatableArray<Statement> Tile(int innerSize) =>
            new[] { CallTile(nest, schedule, outerSize, innerSize, vectors) }.ToEquatableArray();
    }

    private Statement CallTile(Nest nest, Schedule schedule, int outerSize, int innerSize, int vectors)
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
                names.TileViews(builder.ScratchCount > 0 ? Scratch : null).ToEquatableArray(),
                names.Lists.ToEquatableArray(),
                names.TileNumbers.ToEquatableArray(),
                names.Updates,
                body.ToEquatableArray());
            tiles.Add(name, procedure);
            scratchCount = Math.Max(scratchCount, builder.ScratchCount);
        }

        var bases = builder.Bases;
        var views = procedure.Views.Select(view => view switch
        {
            Scratch => new CallView(Scratch, 0),
            "firstMoment" or "secondMoment" => new CallView(view, bases["parameters"]),
            _ => new CallView(view, bases[view]),
        });
        return new Call(name, views.ToEquatableArray(), procedure.Lists, procedure.Numbers, procedure.Updates);
    }
}
