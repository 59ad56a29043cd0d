using System.Globalization;
using Whittle.Generator.Lowering;
using Whittle.Generator.Model;

namespace Whittle.Generator.Scheduling;

/// <summary>
/// Builds the straight code of one register tile: outerSize iterations of the outer axis, innerSize of the inner one
/// and the vectors of each panel, all sums in registers while the reduction runs once.
/// </summary>
internal sealed class TileBuilder(Nest nest, Schedule schedule, int outerSize, int innerSize, int vectors, bool inline)
{
    /// <summary>Sums that the update rule may take straight from registers; more go through scratch memory and one loop.</summary>
    public const int DirectUpdates = 4;

    /// <summary>Address at which each view of the tile begins, in terms of the axes outside it.</summary>
    public IReadOnlyDictionary<string, Affine> Bases => NamesUsed.Reads(nest)
        .Select(element => (Name: NamesUsed.NameOf(element.Buffer), element.Address))
        .Append((Name: NamesUsed.NameOf(nest.Epilogue.Target), nest.Epilogue.Address))
        .GroupBy(view => view.Name)
        .ToDictionary(group => group.Key, group => group.Key == NamesUsed.NameOf(Lowering.Buffer.PackedInput) ? Affine.Of(Block) : Outside(group.First().Address));

    /// <summary>Where the tile's block of packed inputs begins.</summary>
    public const string Block = "block";

    /// <summary>View of the panel that the tile fetches for later ones, and the number that says how far on it begins.</summary>
    public const string NextPanel = "next";
    public const string Ahead = "ahead";

    /// <summary>Whether the tile fetches a panel of parameters while its sums run.</summary>
    public bool FetchesNextPanel => schedule.FetchesNextPanel && innerSize == schedule.InnerTiles[0] && vectors == schedule.VectorsPerPanel;

    /// <summary>Floats from one panel to the next.</summary>
    public int PanelLength => Bases[NamesUsed.NameOf(Lowering.Buffer.Parameters)].CoefficientOf(nest.Outer.Name);

    /// <summary>Indices that the tile takes from the loops around it.</summary>
    public IEnumerable<string> Indices => nest.Outer.Extent is ListExtent
        ? Enumerable.Range(0, outerSize).Select(position => ListedName(nest.Outer, position))
        : nest.Epilogue is UpdateEpilogue { Rows: not null } ? [nest.Inner!.Name] : [];

    /// <summary>Floats of scratch memory that the tile needs.</summary>
    public int ScratchCount => UsesScratch ? innerSize * schedule.PanelWidth : 0;

    /// <summary>What the tile computes.</summary>
    public string Words => nest.Epilogue is SignEpilogue
        ? nest.Inner is null
            ? Plural(outerSize * vectors, "vector") + " of projections."
            : Plural(innerSize * vectors, "vector") + " of projections for " + Plural(outerSize, nest.Outer.Name) + "."
        : nest.IsDotProduct
        ? Plural(innerSize, nest.Inner?.Name ?? "row") + " by " + Plural(outerSize, nest.Outer.Name) + ": a dot product each."
        : (nest.Inner is null ? "" : Plural(innerSize, nest.Inner.Name) + " by ") + Plural(outerSize * vectors, "vector") + (nest.LanesAreInputs ? " of inputs." : " of outputs.");

    /// <summary>Name of the index that an entry of a listed axis holds.</summary>
    public static string ListedName(Axis axis, int position) => axis.Name + Invariant(position);

    private bool UsesScratch => nest.Epilogue is UpdateEpilogue update && !inline && (update.Rows is not null || innerSize * outerSize * vectors > DirectUpdates);

    public List<Statement> Build()
    {
        var sums = new List<Statement>();
        foreach (var sum in Sums())
        {
            var initial = nest.Reduction is null
                ? Product(sum, Unchanged)
                : nest.Initial.Replace(leaf => leaf is Element element ? Access(element, sum, Nest.Lane, Unchanged) : leaf);
            sums.Add(new Assign(sum.Name, schedule.Lanes, initial, Declares: true));
        }

        var reduction = nest.Reduction is null ? [] : Reduction();
        return [.. Prefetches(), .. Factors(), .. sums, .. reduction, .. Finish()];
    }

    /// <summary>What the gradients of the right factors have in common stays in registers.</summary>
    private IEnumerable<Statement> Factors() => nest.Factor is not { } factor
        ? []
        : Sums().Select(sum => new Assign(FactorName(sum), schedule.Lanes, Access(factor, sum, Nest.Lane, Unchanged), Declares: true));

    private static string FactorName(TileSum sum) => "x" + Invariant(sum.Outer);

    /// <summary>
    /// The reduction runs long enough to fetch the parameters that the tile will change; that over a sample may not, and the rows that a
    /// list names lie too far apart for the processor to foresee, so these are fetched some tiles ahead.
    /// </summary>
    private IEnumerable<Statement> Prefetches()
    {
        if (!UsesScratch)
        {
            yield break;
        }

        if (nest.Epilogue is UpdateEpilogue { Rows: { } rows } listed)
        {
            var lines = Enumerable.Range(0, ((vectors * schedule.Lanes) + RowLayout.Line - 1) / RowLayout.Line)
                .Select(line => (Statement)new Prefetch(NamesUsed.NameOf(listed.Target), RowAddress(listed) + (line * RowLayout.Line), WithMoments: true));
            yield return new DeclareNumber("ahead", null, null);
            yield return new Loop("ahead", innerSize, 1, new Statement[] { ListedIndex(rows, "ahead", NodeRowLayout.EntriesAhead) }.Concat(lines).ToEquatableArray());
            yield break;
        }

        var line = new Prefetch(NamesUsed.NameOf(nest.Epilogue.Target), Affine.Of("ahead"));
        yield return new DeclareNumber("ahead", null, null);
        yield return new Loop("ahead", innerSize * schedule.PanelWidth, RowLayout.Line, new Statement[] { line }.ToEquatableArray());
    }

    private List<Statement> Reduction()
    {
        var axis = nest.Reduction!;
        var body = new List<Statement>();
        switch (axis.Extent)
        {
            case ListExtent when nest.Accumulates:
                body.AddRange(Enumerable.Range(0, schedule.Unroll).Select(position =>
                    new Scope(Step(Shift(ListedName(axis, position), 0), vectors).ToEquatableArray())));
                break;
            case ListExtent list:
                body.AddRange(ListReduction(list));
                break;
            case NamedExtent named:
                body.Add(new DeclareNumber(axis.Name, null, null));
                body.Add(UnrolledLoop(Affine.Of(named.Name)));
                if (schedule.Unroll > 1)
                {
                    body.Add(new Loop(axis.Name, Affine.Of(named.Name), 1, Step(Unchanged, vectors).ToEquatableArray()));
                }

                break;
            case ConstantExtent constant:
                body.AddRange(ConstantReduction(constant.Count));
                break;
            default:
                throw new InvalidOperationException($"The reduction {axis.Name} cannot run over {axis.Extent}.");
        }

        return body;
    }

    /// <summary>
    /// Sums over the entries of a list. With few results, consecutive entries go to partial sums of their own, which hide
    /// the latency of the multiply-adds and are added pairwise at the end.
    /// </summary>
    private IEnumerable<Statement> ListReduction(ListExtent list)
    {
        var parts = schedule.Parts > 0 ? schedule.Parts : Math.Max(1, schedule.SumsInFlight / Sums().Count());
        foreach (var sum in Enumerable.Range(1, parts - 1).SelectMany(Part))
        {
            yield return new Assign(sum.Name, schedule.Lanes, new Constant(0), Declares: true);
        }

        yield return new DeclareNumber("entry", null, null);
        if (parts > 1)
        {
            var scopes = Enumerable.Range(0, parts).Select(part => (Statement)new Scope(Entry(part).ToEquatableArray()));
            yield return new Loop("entry", Affine.Of(list.CountName), parts, scopes.ToEquatableArray());
        }

        yield return new Loop("entry", Affine.Of(list.CountName), 1, Entry(0).ToEquatableArray());
        for (var apart = 1; apart < parts; apart *= 2)
        {
            for (var part = 0; part + apart < parts; part += 2 * apart)
            {
                foreach (var (sum, other) in Part(part).Zip(Part(part + apart), (sum, other) => (sum, other)))
                {
                    var total = Expression.Of(Operation.Add, new Register(sum.Name), new Register(other.Name));
                    yield return new Assign(sum.Name, schedule.Lanes, total, Declares: false);
                }
            }
        }

        List<Statement> Entry(int part) =>
            [new DeclareIndex(nest.Reduction!.Name, list.List, Affine.Of("entry") + part), .. Step(Unchanged, vectors, part)];

        IEnumerable<TileSum> Part(int part) => Sums().Select(sum => sum.Part(part));
    }

    private IEnumerable<Statement> ConstantReduction(int count)
    {
        var axis = nest.Reduction!.Name;
        var full = count;
        var tail = 0;
        if (nest.IsDotProduct)
        {
            var used = (nest.Units + schedule.Lanes - 1) / schedule.Lanes;
            full = used / schedule.VectorsPerPanel;
            tail = used % schedule.VectorsPerPanel;
        }

        if (schedule.Unroll == 0)
        {
            for (var step = 0; step < full; step++)
            {
                yield return new Scope(Step(Shift(null, step), vectors).ToEquatableArray());
            }

            if (tail > 0)
            {
                yield return new Scope(Step(Shift(null, full), tail).ToEquatableArray());
            }

            yield break;
        }

        yield return new DeclareNumber(axis, null, null);
        if (full >= schedule.Unroll)
        {
            yield return UnrolledLoop(full);
        }

        for (var step = 0; step < full % schedule.Unroll; step++)
        {
            yield return new Scope(Step(Shift(axis, step), vectors).ToEquatableArray());
        }

        if (tail > 0)
        {
            yield return new Scope(Step(Shift(axis, full % schedule.Unroll), tail).ToEquatableArray());
        }
    }

    private Loop UnrolledLoop(Affine end)
    {
        var axis = nest.Reduction!.Name;
        if (schedule.Unroll <= 1)
        {
            return new Loop(axis, end, 1, FetchNextPanel(axis).Concat(Step(Unchanged, vectors)).ToEquatableArray());
        }

        var scopes = Enumerable.Range(0, schedule.Unroll)
            .Select(step => (Statement)new Scope(Step(Shift(axis, step), vectors).ToEquatableArray()));
        return new Loop(axis, end, schedule.Unroll, scopes.ToEquatableArray());
    }

    /// <summary>The lines of the next panel that hold the row of weights of this step.</summary>
    private IEnumerable<Statement> FetchNextPanel(string axis)
    {
        for (var line = 0; FetchesNextPanel && line < schedule.PanelWidth; line += RowLayout.Line)
        {
            yield return new PrefetchSecondLevel(NextPanel, Affine.Of(axis, schedule.PanelWidth) + line);
        }
    }

    private Func<Affine, Affine> Shift(string? variable, int shift) =>
        address => address.Substitute(nest.Reduction!.Name, variable, shift);

    /// <summary>One iteration of the reduction: operands that several sums use are loaded once.</summary>
    private List<Statement> Step(Func<Affine, Affine> shift, int stepVectors, int part = 0)
    {
        var products = InOrderOfLoads(stepVectors)
            .Select(sum => (Sum: sum.Part(part), Left: Access(nest.Left, sum, Nest.Lane, shift), Right: nest.Right is null ? null : Access(nest.Right, sum, Nest.Lane, shift)))
            .ToList();
        var uses = products.SelectMany(product => new[] { product.Left, product.Right })
            .OfType<Expression>()
            .GroupBy(operand => operand)
            .ToDictionary(group => group.Key, group => group.Count());
        var names = new Dictionary<Expression, string>();
        var body = new List<Statement>();
        foreach (var (sum, left, right) in products)
        {
            var register = new Register(sum.Name);
            var value = right is null
                ? Expression.Of(Operation.Add, register, Operand(left, nest.Left))
                : Expression.Of(Operation.MultiplyAdd, Operand(left, nest.Left), Operand(right, nest.Right!), register);
            body.Add(new Assign(sum.Name, schedule.Lanes, value, Declares: false));
            if (nest.Factor is not null && right is Load weights)
            {
                var gradient = Expression.Of(Operation.Multiply, new Register(FactorName(sum)), Operand(left, nest.Left));
                body.Add(new Update(weights.View, weights.Address, schedule.Lanes, gradient));
            }
        }

        return body;

        Expression Operand(Expression operand, Element element)
        {
            if (uses[operand] == 1 && (nest.Factor is null || operand is Load { View: "parameters" }))
            {
                return operand;
            }

            if (!names.TryGetValue(operand, out var name))
            {
                var letter = element.Buffer switch
                {
                    Lowering.Buffer.Input or Lowering.Buffer.PackedInput => "x",
                    Lowering.Buffer.Parameters or Lowering.Buffer.Transposed => "w",
                    Lowering.Buffer.Projection => "p",
                    _ => "d",
                };
                name = letter + Invariant(names.Values.Count(other => other.StartsWith(letter, StringComparison.Ordinal)));
                names.Add(operand, name);
                body.Add(new Assign(name, schedule.Lanes, operand, Declares: true));
            }

            return new Register(name);
        }
    }

    private IEnumerable<Statement> Finish() => nest.Epilogue switch
    {
        UpdateEpilogue update => UsesScratch ? UpdateThroughScratch(update) : UpdateDirectly(update),
        StoreEpilogue store when nest.IsDotProduct => StoreDotProducts(store),
        StoreEpilogue store => StoreVectors(store, store.Value),
        SignEpilogue signs => StoreVectors(signs, signs.Value),
        _ => throw new InvalidOperationException($"No way to finish with {nest.Epilogue}."),
    };

    private IEnumerable<Statement> StoreVectors(Epilogue store, Expression value) => Sums().Select(sum =>
    {
        var (view, address) = Place(store.Target, store.Address, sum, Unchanged);
        return new Store(view, address, schedule.Lanes, Value(value, sum, sum.Name, Nest.Lane));
    });

    private IEnumerable<Statement> StoreDotProducts(StoreEpilogue store)
    {
        if (nest.Outer.Extent is ListExtent)
        {
            foreach (var sum in Sums())
            {
                var dot = "total" + (nest.Inner is null ? "" : Invariant(sum.Inner) + "_") + Invariant(sum.Outer);
                yield return new Assign(dot, 1, new SumOfLanes(new[] { sum.Name }.ToEquatableArray()), Declares: true);
                var (target, at) = Place(store.Target, store.Address, sum, Unchanged);
                yield return new Store(target, at, 1, Value(store.Value, sum, dot, nest.Outer.Name));
            }

            yield break;
        }

        foreach (var row in Sums().GroupBy(sum => sum.Inner))
        {
            var total = "total" + Invariant(row.Key);
            var registers = row.Select(sum => sum.Name).ToEquatableArray();
            yield return new Assign(total, outerSize, new SumOfLanes(registers), Declares: true);
            var (view, address) = Place(store.Target, store.Address, row.First(), Unchanged);
            yield return new Store(view, address, outerSize, Value(store.Value, row.First(), total, nest.Outer.Name));
        }
    }

    private Expression Value(Expression value, TileSum sum, string register, string vectorAxis) => value.Replace(leaf => leaf switch
    {
        Accumulated => new Register(register),
        Element element => Access(element, sum, vectorAxis, Unchanged),
        _ => leaf,
    });

    private IEnumerable<Statement> UpdateDirectly(UpdateEpilogue update) => Sums().Select(sum =>
    {
        var (view, address) = Place(update.Target, update.Address, sum, Unchanged);
        return new Update(view, address, schedule.Lanes, new Register(sum.Name));
    });

    /// <summary>The rows of a tile lie one after the other in the panel, so one loop with one copy of the rule serves all.</summary>
    private IEnumerable<Statement> UpdateThroughScratch(UpdateEpilogue update)
    {
        foreach (var sum in Sums())
        {
            yield return new Store("gradients", (sum.Inner * schedule.PanelWidth) + (sum.Vector * schedule.Lanes), schedule.Lanes, new Register(sum.Name));
        }

        if (update.Rows is { } rows)
        {
            var updates = Enumerable.Range(0, vectors).Select(vector => (Statement)new Update(
                NamesUsed.NameOf(update.Target),
                RowAddress(update) + (vector * schedule.Lanes),
                schedule.Lanes,
                new Load("gradients", Affine.Of("position", schedule.PanelWidth) + (vector * schedule.Lanes))));
            yield return new DeclareNumber("position", null, null);
            yield return new Loop("position", innerSize, 1, new Statement[] { ListedIndex(rows, "position") }.Concat(updates).ToEquatableArray());
            yield break;
        }

        var step = vectors == schedule.VectorsPerPanel ? schedule.Lanes : schedule.PanelWidth;
        var body = new[] { new Update(NamesUsed.NameOf(update.Target), Affine.Of("offset"), schedule.Lanes, new Load("gradients", Affine.Of("offset"))) };
        yield return new DeclareNumber("offset", null, null);
        yield return new Loop("offset", innerSize * schedule.PanelWidth, step, body.ToEquatableArray<Statement>());
    }

    /// <summary>The row that an entry of the tile names, and where it begins within the tile.</summary>
    private DeclareIndex ListedIndex(ListedRow rows, string position, int ahead = 0) =>
        new(rows.Index, rows.List, Affine.Of(nest.Inner!.Name) + Affine.Of(position) + ahead);

    private static Affine RowAddress(UpdateEpilogue update) => update.Address.In(update.Rows!.Index);

    private IEnumerable<TileSum> Sums(int? stepVectors = null)
    {
        for (var inner = 0; inner < innerSize; inner++)
        {
            for (var outer = 0; outer < outerSize; outer++)
            {
                for (var vector = 0; vector < (stepVectors ?? (nest.IsDotProduct ? 1 : vectors)); vector++)
                {
                    var column = nest.IsDotProduct ? outer : (outer * vectors) + vector;
                    yield return new TileSum(FormattableString.Invariant($"sum{inner}_{column}"), outer, inner, vector);
                }
            }
        }
    }

    /// <summary>
    /// Sums in the order that keeps the fewest operands in registers: those of the inner axis stay, one of the outer
    /// axis at a time comes in. Otherwise the panel's vectors stay and the inner axis comes in, unless that counts panels.
    /// </summary>
    private IEnumerable<TileSum> InOrderOfLoads(int stepVectors) => nest.IsDotProduct
        ? Sums(stepVectors).OrderBy(sum => sum.Vector).ThenBy(sum => sum.Outer).ThenBy(sum => sum.Inner)
        : nest.PanelAxis == nest.Inner?.Name ? Sums(stepVectors).OrderBy(sum => sum.Inner).ThenBy(sum => sum.Vector) : Sums(stepVectors);

    private Expression Product(TileSum sum, Func<Affine, Affine> shift) => nest.Right is null
        ? Access(nest.Left, sum, Nest.Lane, shift)
        : Expression.Of(Operation.Multiply, Access(nest.Left, sum, Nest.Lane, shift), Access(nest.Right, sum, Nest.Lane, shift));

    /// <summary>An element becomes a load when it moves with the lanes and a broadcast when it does not.</summary>
    private Expression Access(Element element, TileSum sum, string vectorAxis, Func<Affine, Affine> shift)
    {
        var (view, address) = Place(element.Buffer, element.Address, sum, shift);
        return (element.Address.CoefficientOf(vectorAxis) * (nest.Outer.Extent is ListExtent && vectorAxis == nest.Outer.Name ? 0 : 1)) switch
        {
            0 => new Broadcast(view, address),
            1 => new Load(view, address),
            var step => throw new InvalidOperationException($"{element} moves by {step} with {vectorAxis}; only 0 and 1 can be vectors."),
        };
    }

    /// <summary>View and address within the tile.</summary>
    private (string View, Affine Address) Place(Lowering.Buffer buffer, Affine address, TileSum sum, Func<Affine, Affine> shift)
    {
        var listed = nest.Outer.Extent is ListExtent;
        var inside = address
            .Substitute(nest.Outer.Name, listed ? ListedName(nest.Outer, sum.Outer) : inline ? nest.Outer.Name : null, listed ? 0 : sum.Outer * nest.Outer.Step)
            .Substitute(Nest.Lane, null, sum.Vector * schedule.Lanes);
        if (listed)
        {
            inside = inside.Substitute(Nest.Entry, inline ? Nest.Entry : null, sum.Outer);
        }

        if (nest.Inner is { } inner)
        {
            inside = inside.Substitute(inner.Name, inline ? inner.Name : null, sum.Inner);
        }

        return (NamesUsed.NameOf(buffer), shift(inside));
    }

    private Affine Outside(Affine address) => address.In(nest.Outer.Extent is ListExtent ? Nest.Entry : nest.Outer.Name, nest.Inner?.Name);

    private static Affine Unchanged(Affine address) => address;

    private static string Plural(int count, string word) => Invariant(count) + " " + (count == 1 ? word : word.EndsWith("y", StringComparison.Ordinal) ? word.Substring(0, word.Length - 1) + "ies" : word + "s");

    private static string Invariant(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>One sum of the tile.</summary>
    private readonly record struct TileSum(string Name, int Outer, int Inner, int Vector)
    {
        /// <summary>A partial sum of the same result; part 0 is the sum itself.</summary>
        public TileSum Part(int part) => part == 0 ? this : this with { Name = Name + "_" + Invariant(part) };
    }
}
