using Whittle.Generator.Isa;
using Whittle.Generator.Lowering;
using Whittle.Generator.Model;

namespace Whittle.Generator.Scheduling;

/// <summary>
/// The methods of a fused backward pass: layer by layer from the last one down, the gradients of the layer below from weights that this
/// step has not changed yet, then the gradients of the layer's own parameters and their update.
/// </summary>
internal sealed class FusedBackwardProgram
{
    private const string Input = "input";
    private const string OutputGradient = "outputGradient";
    private const string InputGradient = "inputGradient";
    private const string Parameters = "parameters";
    private const string Scratch = "scratch";
    private const string Row = "row";
    private const string Rows = "rows";
    private const string Column = "column";
    private const string Panel = "panel";
    private const string Offset = "offset";
    private const string InputStride = "inputStride";
    private const string Capacity = "capacity";

    /// <summary>Dot products side by side, so that their lanes are summed at once.</summary>
    private const int DotProducts = 4;

    /// <summary>Most columns of a tile of the weight gradient: more would be text without speed.</summary>
    private const int MostColumns = 12;

    /// <summary>Registers of such a tile that hold no sums: a vector of gradients for each of the panel's, and an input.</summary>
    private const int OtherRegisters = 3;

    /// <summary>Most dot products, or panels, that are written out; more loop.</summary>
    private const int Unrolled = 4;

    private static readonly EquatableArray<string> NetworkViews =
        new[] { Input, Parameters, "activations", "gradients", "firstMoment", "secondMoment", Scratch }.ToEquatableArray();

    private static readonly EquatableArray<string> LayerViews =
        new[] { Input, OutputGradient, InputGradient, Parameters, "firstMoment", "secondMoment", Scratch }.ToEquatableArray();

    private static readonly EquatableArray<string> LayerNumbers = new[] { InputStride, Rows }.ToEquatableArray();

    private readonly InstructionTable isa;
    private readonly FusedMemory memory;
    private readonly EquatableArray<FusedLayer> layers;
    private readonly int index;
    private readonly FusedLayer layer;
    private readonly int width;

    private FusedBackwardProgram(InstructionTable isa, EquatableArray<FusedLayer> layers, int index)
    {
        (this.isa, this.layers, this.index, layer) = (isa, layers, index, layers[index]);
        width = Scheduler.PanelWidth(isa);
        memory = new FusedMemory(layers, width);
    }

    private int PanelLength => (layer.Inputs + 1) * width;

    /// <summary>The entry, and the methods that it calls.</summary>
    public static KernelProgram Of(FusedKernel network)
    {
        var isa = InstructionTable.Named(network.InstructionSet);
        var downwards = Enumerable.Range(0, network.Layers.Count).Reverse().Select(index => new FusedBackwardProgram(isa, network.Layers, index)).ToArray();
        var single = downwards.Select(layer => layer.SingleRow()).ToArray();
        var batch = downwards.Select(layer => layer.Batch()).ToArray();
        var body = new Statement[]
        {
            new Branch(
                Rows,
                1,
                downwards.Zip(single, (layer, procedure) => layer.Call(procedure)).ToEquatableArray(),
                downwards.Zip(batch, (layer, procedure) => layer.Call(procedure)).ToEquatableArray()),
        };
        var entry = new Procedure(
            "Run", "The gradients of all layers, and the update.", NetworkViews, default, new[] { InputStride, Capacity, Rows }.ToEquatableArray(), Updates: true, body.ToEquatableArray());
        return new KernelProgram(new[] { entry }.Concat(single).Concat(batch).ToEquatableArray());
    }

    private Statement Call(Procedure procedure)
    {
        var views = procedure.Views.Select(view => view switch
        {
            Input => index == 0 ? new CallView(Input, 0) : new CallView("activations", memory.Rows(index - 1)),
            OutputGradient => new CallView("gradients", memory.Rows(index)),
            InputGradient => new CallView("gradients", memory.Rows(index - 1)),
            Scratch => new CallView(Scratch, 0),
            _ => new CallView(view, memory.Parameters(index)),
        });
        return new Call(procedure.Name, views.ToEquatableArray(), default, procedure.Numbers, Updates: true, CopiesRule: true);
    }

    private Procedure Method(string name, string words, bool isSingle, IEnumerable<Statement> body)
    {
        var views = LayerViews.Where(view => view switch
        {
            InputGradient => index > 0,
            Scratch => !isSingle,
            _ => true,
        });
        var numbers = LayerNumbers.Where(number => !isSingle && (number == Rows || index == 0));
        return new Procedure(
            FormattableString.Invariant($"{name}{index}"),
            FormattableString.Invariant($"{layer.Inputs} to {layer.Outputs}, {words}."),
            views.ToEquatableArray(),
            default,
            numbers.ToEquatableArray(),
            Updates: true,
            body.ToEquatableArray(),
            CopiesRule: true);
    }

    private Procedure SingleRow() => Method("SingleRow", "one row", isSingle: true, Parts(
        ("dL/dz of the layer below.", DotProductsOfRow),
        ("dL/dW = x^T d, dL/db = d, and the update.", OuterProduct)));

    private Procedure Batch() => Method("Batch", "a batch", isSingle: false, Parts(
        ("dL/dz of the layer below, with W turned round a panel of inputs at a time.", InputGradientOfBatch),
        ("dL/dW = x^T d, dL/db, the sum of d, and the update.", WeightGradient)));

    /// <summary>The input gradient, where a layer is below, and the weight gradient, with names of their own.</summary>
    private IEnumerable<Statement> Parts(params (string Words, Func<IEnumerable<Statement>> Statements)[] parts) => parts
        .Skip(index == 0 ? 1 : 0)
        .SelectMany(part => new Statement[] { new Comment(part.Words), new Scope(part.Statements().ToEquatableArray()) });

    /// <summary>For one row, whose inputs are dot products of d and rows of W: a few at a time, the last ones a second time where they are fewer.</summary>
    private IEnumerable<Statement> DotProductsOfRow()
    {
        var groups = layer.Inputs / DotProducts;
        if (groups > Unrolled)
        {
            yield return new DeclareNumber(Column, null, null);
            yield return new Loop(Column, layer.Inputs, DotProducts, Dots(Affine.Of(Column), DotProducts).ToEquatableArray());
        }
        else
        {
            for (var group = 0; group < groups; group++)
            {
                yield return new Scope(Dots(group * DotProducts, DotProducts).ToEquatableArray());
            }
        }

        if (groups == 0)
        {
            for (var column = 0; column < layer.Inputs; column++)
            {
                yield return new Scope(Dots(column, 1).ToEquatableArray());
            }
        }
        else if (layer.Inputs % DotProducts != 0)
        {
            yield return new Scope(Dots(layer.Inputs - DotProducts, DotProducts).ToEquatableArray());
        }
    }

    private IEnumerable<Statement> Dots(Affine column, int count)
    {
        for (var position = 0; position < count; position++)
        {
            yield return new Assign(Name("sum", position), isa.Lanes, new Constant(0), Declares: true);
        }

        foreach (var statement in Panels((panel, vectors) => Enumerable.Range(0, vectors).SelectMany(vector => Add(panel, vector))))
        {
            yield return statement;
        }

        var (below, lanes) = (layers[index - 1], count);
        var registers = Enumerable.Range(0, count).Select(position => Name("sum", position)).ToEquatableArray();
        yield return new Assign("total", lanes, new SumOfLanes(registers), Declares: true);
        var a = new Load(Input, column);
        yield return new Store(InputGradient, column, lanes, ActivationFunction.TimesDerivative(below.Activation, below.Slope, new Register("total"), a));

        IEnumerable<Statement> Add(Affine panel, int vector)
        {
            var d = Name("d", vector);
            yield return new Assign(d, isa.Lanes, new Load(OutputGradient, panel.Scaled(width) + (vector * isa.Lanes)), Declares: true);
            for (var position = 0; position < count; position++)
            {
                var weight = new Load(Parameters, panel.Scaled(PanelLength) + column.Scaled(width) + ((position * width) + (vector * isa.Lanes)));
                var sum = Name("sum", position);
                yield return new Assign(sum, isa.Lanes, Expression.Of(Operation.MultiplyAdd, new Register(d), weight, new Register(sum)), Declares: false);
            }
        }
    }

    /// <summary>For one row, whose gradient of W is the product of x and d.</summary>
    private IEnumerable<Statement> OuterProduct()
    {
        return Panels(Update);

        IEnumerable<Statement> Update(Affine panel, int vectors)
        {
            var numbers = Enumerable.Range(0, vectors).ToArray();
            if (panel.Terms.Count > 0)
            {
                yield return Start(panel);
            }

            foreach (var vector in numbers)
            {
                yield return new Assign(Name("d", vector), isa.Lanes, new Load(OutputGradient, panel.Scaled(width) + (vector * isa.Lanes)), Declares: true);
            }

            var weights = numbers.Select(vector => (Statement)new Update(
                Parameters,
                StartOf(panel) + Affine.Of(Column, width) + (vector * isa.Lanes),
                isa.Lanes,
                Expression.Of(Operation.Multiply, new Register("x"), new Register(Name("d", vector)))));
            yield return new DeclareNumber(Column, null, null);
            yield return new Loop(
                Column, layer.Inputs, 1, weights.Prepend(new Assign("x", isa.Lanes, new Broadcast(Input, Affine.Of(Column)), Declares: true)).ToEquatableArray());
            foreach (var vector in numbers)
            {
                yield return new Update(Parameters, StartOf(panel) + ((layer.Inputs * width) + (vector * isa.Lanes)), isa.Lanes, new Register(Name("d", vector)));
            }
        }
    }

    /// <summary>A panel of W turned round serves all rows, a few at a time.</summary>
    private IEnumerable<Statement> InputGradientOfBatch()
    {
        var (full, rest) = (layer.Inputs / width, layer.Inputs % width);
        yield return new DeclareNumber(Column, null, null);
        if (full > 0)
        {
            yield return new Loop(Column, layer.Inputs, width, Inputs(width / isa.Lanes).ToEquatableArray());
        }

        if (rest > 0)
        {
            yield return new Scope(Inputs((rest + isa.Lanes - 1) / isa.Lanes).ToEquatableArray());
        }
    }

    private IEnumerable<Statement> Inputs(int vectors)
    {
        yield return new CopyPanel(Parameters, Column, Scratch, new TransposedInputs(layer.Inputs, layer.Outputs), width);
        yield return new DeclareNumber(Row, null, null);
        yield return new Loop(Row, Affine.Of(Rows), RowProduct.RowsTogether, TimesW(RowProduct.RowsTogether).ToEquatableArray());
        yield return new Loop(Row, Affine.Of(Rows), 1, TimesW(1).ToEquatableArray());

        IEnumerable<Statement> TimesW(int rows) => new RowProduct(
            isa,
            rows,
            Enumerable.Range(0, vectors).ToArray(),
            layer.Outputs,
            "unit",
            (row, unit) => new Broadcast(OutputGradient, Affine.Of(Row, memory.Stride(index)) + unit + (row * memory.Stride(index))),
            (vector, unit) => new Load(Scratch, unit.Scaled(width) + (vector * isa.Lanes))).Build(_ => new Constant(0), Finish);

        Statement Finish(int row, int vector, Register sum)
        {
            var (below, stride) = (layers[index - 1], memory.Stride(index - 1));
            var address = Affine.Of(Row, stride) + Affine.Of(Column) + ((row * stride) + (vector * isa.Lanes));
            return new Store(InputGradient, address, isa.Lanes, ActivationFunction.TimesDerivative(below.Activation, below.Slope, sum, new Load(Input, address)));
        }
    }

    /// <summary>The gradients of a panel wait in scratch memory, so that the rule is inlined once or twice and not for every sum.</summary>
    private IEnumerable<Statement> WeightGradient()
    {
        return Panels((panel, vectors) => [.. Gradients(panel, vectors), .. Update(panel, vectors)]);

        IEnumerable<Statement> Update(Affine panel, int vectors)
        {
            var updates = Enumerable.Range(0, vectors).Select(vector => (Statement)new Update(
                Parameters,
                StartOf(panel) + Affine.Of(Offset) + (vector * isa.Lanes),
                isa.Lanes,
                new Load(Scratch, Affine.Of(Offset) + (vector * isa.Lanes))));
            if (panel.Terms.Count > 0)
            {
                yield return Start(panel);
            }

            yield return new DeclareNumber(Offset, null, null);
            yield return new Loop(Offset, PanelLength, width, updates.ToEquatableArray());
        }
    }

    /// <summary>Tiles of a few inputs, the bias as the last of them.</summary>
    private IEnumerable<Statement> Gradients(Affine panel, int vectors)
    {
        var most = Math.Min(MostColumns, (isa.Registers - OtherRegisters) / vectors);

        // The bias alone would wait for its own sum.
        while (layer.Inputs % most == 0 && most > Unrolled)
        {
            most--;
        }

        var whole = layer.Inputs / most;
        if (whole > 1)
        {
            yield return new DeclareNumber(Column, null, null);
            yield return new Loop(Column, whole * most, most, Tile(panel, vectors, Affine.Of(Column), most, withBias: false).ToEquatableArray());
        }
        else if (whole == 1)
        {
            yield return new Scope(Tile(panel, vectors, 0, most, withBias: false).ToEquatableArray());
        }

        yield return new Scope(Tile(panel, vectors, whole * most, layer.Inputs - (whole * most), withBias: true).ToEquatableArray());
    }

    private IEnumerable<Statement> Tile(Affine panel, int vectors, Affine column, int columns, bool withBias)
    {
        var sums = Enumerable.Range(0, columns + (withBias ? 1 : 0)).SelectMany(position => Enumerable.Range(0, vectors).Select(vector => (Position: position, Vector: vector))).ToArray();
        foreach (var (position, vector) in sums)
        {
            yield return new Assign(Sum(position, vector), isa.Lanes, new Constant(0), Declares: true);
        }

        yield return new DeclareNumber(Row, null, null);
        yield return new Loop(Row, Affine.Of(Rows), 1, Step().ToEquatableArray());
        foreach (var (position, vector) in sums)
        {
            yield return new Store(Scratch, column.Scaled(width) + ((position * width) + (vector * isa.Lanes)), isa.Lanes, new Register(Sum(position, vector)));
        }

        IEnumerable<Statement> Step()
        {
            for (var vector = 0; vector < vectors; vector++)
            {
                var d = new Load(OutputGradient, Affine.Of(Row, memory.Stride(index)) + panel.Scaled(width) + (vector * isa.Lanes));
                yield return new Assign(Name("d", vector), isa.Lanes, d, Declares: true);
            }

            if (index == 0 && columns > 0)
            {
                yield return new DeclareNumber("x", Row + " * " + InputStride, null);
            }

            var start = index == 0 ? Affine.Of("x") : Affine.Of(Row, memory.Stride(index - 1));
            for (var position = 0; position < columns; position++)
            {
                yield return new Assign(Name("x", position), isa.Lanes, new Broadcast(Input, start + column + position), Declares: true);
                for (var vector = 0; vector < vectors; vector++)
                {
                    var sum = new Register(Sum(position, vector));
                    var value = Expression.Of(Operation.MultiplyAdd, new Register(Name("x", position)), new Register(Name("d", vector)), sum);
                    yield return new Assign(sum.Name, isa.Lanes, value, Declares: false);
                }
            }

            for (var vector = 0; withBias && vector < vectors; vector++)
            {
                var sum = new Register(Sum(columns, vector));
                yield return new Assign(sum.Name, isa.Lanes, Expression.Of(Operation.Add, sum, new Register(Name("d", vector))), Declares: false);
            }
        }
    }

    /// <summary>Statements for each panel of outputs, the last of which may use only a part of its vectors.</summary>
    private IEnumerable<Statement> Panels(Func<Affine, int, IEnumerable<Statement>> each)
    {
        var vectors = (layer.Outputs + isa.Lanes - 1) / isa.Lanes;
        var perPanel = width / isa.Lanes;
        var (full, rest) = (vectors / perPanel, vectors % perPanel);
        if (full > 1)
        {
            yield return new DeclareNumber(Panel, null, null);
            yield return new Loop(Panel, full, 1, each(Affine.Of(Panel), perPanel).ToEquatableArray());
        }
        else if (full == 1)
        {
            yield return new Scope(each(0, perPanel).ToEquatableArray());
        }

        if (rest > 0)
        {
            yield return new Scope(each(full, rest).ToEquatableArray());
        }
    }

    /// <summary>Where the parameters of a panel start: a number of its own where the panel is a loop's, so that it is computed once.</summary>
    private Affine StartOf(Affine panel) => panel.Terms.Count > 0 ? Affine.Of("start") : panel.Scaled(PanelLength);

    private Statement Start(Affine panel) => new DeclareNumber("start", panel.Scaled(PanelLength).ToString(), null);

    private static string Sum(int position, int vector) => Name("sum", position) + Name("_", vector);

    private static string Name(string name, int number) => FormattableString.Invariant($"{name}{number}");
}
