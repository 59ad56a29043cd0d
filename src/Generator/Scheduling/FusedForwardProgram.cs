using Whittle.Generator.Isa;
using Whittle.Generator.Lowering;
using Whittle.Generator.Model;

namespace Whittle.Generator.Scheduling;

/// <summary>The methods of a fused forward pass: a few rows at a time, layer by layer, with the sums of a layer's units in registers.</summary>
internal sealed class FusedForwardProgram
{
    /// <summary>Rows that share each weight once it is loaded.</summary>
    private const int RowsTogether = 4;

    /// <summary>Registers for what is not a sum: an input in every lane, and weights.</summary>
    private const int OtherRegisters = 4;

    private const string Row = "row";
    private const string Column = "column";
    private const string Input = "input";
    private const string Parameters = "parameters";
    private const string Activations = "activations";

    private static readonly EquatableArray<string> Views = new[] { Input, Parameters, Activations }.ToEquatableArray();

    private static readonly EquatableArray<string> RowNumbers = new[] { Row, "inputStride", "capacity" }.ToEquatableArray();

    private readonly InstructionTable isa;
    private readonly int width;
    private readonly int rows;

    private FusedForwardProgram(InstructionTable isa, int rows)
    {
        (this.isa, this.rows) = (isa, rows);
        width = Scheduler.PanelWidth(isa);
    }

    /// <summary>The entry, and the methods that it calls.</summary>
    public static KernelProgram Of(FusedForward network)
    {
        var isa = InstructionTable.Named(network.InstructionSet);
        var together = new FusedForwardProgram(isa, RowsTogether).Build(network.Layers, "FourRows", "Four rows.");
        var single = new FusedForwardProgram(isa, 1).Build(network.Layers, "SingleRow", "One row.");
        var body = new Statement[] { new DeclareNumber(Row, null, null), Each(together, RowsTogether), Each(single, 1) };
        var entry = new Procedure(
            "Run", "The activations of all layers.", Views, default, new[] { "inputStride", "capacity", "rows" }.ToEquatableArray(), Updates: false, body.ToEquatableArray());
        return new KernelProgram(new[] { entry, together, single }.ToEquatableArray());

        static Loop Each(Procedure procedure, int count) => new(Row, Affine.Of("rows"), count, new Statement[]
        {
            new Call(procedure.Name, Views.Select(view => new CallView(view, 0)).ToEquatableArray(), default, RowNumbers, Updates: false),
        }.ToEquatableArray());
    }

    private Procedure Build(EquatableArray<FusedLayer> layers, string name, string comment)
    {
        var body = new List<Statement>();
        for (var position = 0; position < rows; position++)
        {
            body.Add(new DeclareNumber(InputRow(position), position == 0 ? Row + " * inputStride" : InputRow(position - 1) + " + inputStride", null));
        }

        var (parameters, stored) = (0, 0);
        for (var index = 0; index < layers.Count; index++)
        {
            var layer = layers[index];
            var stride = Stride(layer);
            body.Add(new Comment(FormattableString.Invariant($"{layer.Inputs} to {layer.Outputs}.")));
            body.Add(new DeclareNumber(OutputRow(index), (Affine.Of(Row, stride) + (stored == 0 ? 0 : Affine.Of("capacity", stored))).ToString(), null));
            body.AddRange(Layer(layers, index, parameters));
            parameters += RowLayout.WholeLines((layer.Outputs + width - 1) / width * (layer.Inputs + 1) * width);
            stored += stride;
        }

        return new Procedure(name, comment, Views, default, RowNumbers, Updates: false, body.ToEquatableArray());
    }

    /// <summary>The units of a layer, as many vectors at once as there are registers for.</summary>
    private IEnumerable<Statement> Layer(EquatableArray<FusedLayer> layers, int index, int parameters)
    {
        var vectors = (layers[index].Outputs + isa.Lanes - 1) / isa.Lanes;
        var most = (isa.Registers - OtherRegisters) / rows;
        var groups = (vectors + most - 1) / most;
        for (var group = 0; group < groups; group++)
        {
            var (first, end) = (vectors * group / groups, vectors * (group + 1) / groups);
            yield return new Scope(Vectors(layers, index, parameters, Enumerable.Range(first, end - first).ToArray()).ToEquatableArray());
        }
    }

    private IEnumerable<Statement> Vectors(EquatableArray<FusedLayer> layers, int index, int parameters, int[] vectors)
    {
        var layer = layers[index];
        var sums = Enumerable.Range(0, rows).SelectMany(row => vectors.Select(vector => (Row: row, Vector: vector))).ToArray();

        // Few sums would wait for each other; each is split until enough are in flight.
        var parts = Math.Min(Math.Max(Scheduler.SumsInFlight / sums.Length, 1), layer.Inputs);
        foreach (var (row, vector) in sums)
        {
            yield return new Assign(Sum(row, vector, 0), isa.Lanes, Weight(vector, layer.Inputs), Declares: true);
        }

        foreach (var part in Enumerable.Range(1, parts - 1))
        {
            foreach (var (row, vector) in sums)
            {
                yield return new Assign(Sum(row, vector, part), isa.Lanes, new Constant(0), Declares: true);
            }
        }

        // Short sums are written out.
        var looped = layer.Inputs * sums.Length <= Limits.FullUnroll ? 0 : layer.Inputs / parts * parts;
        if (looped > 0)
        {
            yield return new DeclareNumber(Column, null, null);
            yield return new Loop(Column, looped, parts, Enumerable.Range(0, parts).Select(part => Add(Affine.Of(Column) + part, part)).ToEquatableArray());
        }

        for (var column = looped; column < layer.Inputs; column++)
        {
            yield return Add(column, column % parts);
        }

        for (var distance = 1; distance < parts; distance *= 2)
        {
            for (var part = 0; part + distance < parts; part += 2 * distance)
            {
                foreach (var (row, vector) in sums)
                {
                    var (left, right) = (Sum(row, vector, part), Sum(row, vector, part + distance));
                    yield return new Assign(left, isa.Lanes, Expression.Of(Operation.Add, new Register(left), new Register(right)), Declares: false);
                }
            }
        }

        foreach (var (row, vector) in sums)
        {
            var address = Affine.Of(OutputRow(index)) + ((row * Stride(layer)) + (vector * isa.Lanes));
            yield return new Store(Activations, address, isa.Lanes, ActivationFunction.Of(layer.Activation, layer.Slope, new Register(Sum(row, vector, 0))));
        }

        Statement Add(Affine column, int part)
        {
            var body = new List<Statement>();
            if (rows > 1)
            {
                body.AddRange(vectors.Select(vector => new Assign(Name("w", vector), isa.Lanes, Weight(vector, column), Declares: true)));
            }

            for (var row = 0; row < rows; row++)
            {
                var x = Name("x", row);
                body.Add(new Assign(x, isa.Lanes, Below(row, column), Declares: true));
                foreach (var vector in vectors)
                {
                    Expression weight = rows > 1 ? new Register(Name("w", vector)) : Weight(vector, column);
                    var sum = Sum(row, vector, part);
                    body.Add(new Assign(sum, isa.Lanes, Expression.Of(Operation.MultiplyAdd, new Register(x), weight, new Register(sum)), Declares: false));
                }
            }

            return new Scope(body.ToEquatableArray());
        }

        Broadcast Below(int row, Affine column) => index == 0
            ? new Broadcast(Input, Affine.Of(InputRow(row)) + column)
            : new Broadcast(Activations, Affine.Of(OutputRow(index - 1)) + column + (row * Stride(layers[index - 1])));

        Load Weight(int vector, Affine column)
        {
            var (panel, inPanel) = (vector * isa.Lanes / width, vector * isa.Lanes % width);
            return new Load(Parameters, column.Scaled(width) + (parameters + (panel * (layer.Inputs + 1) * width) + inPanel));
        }
    }

    private int Stride(FusedLayer layer) => RowLayout.Stride(layer.Outputs, width);

    /// <summary>Where one of the rows begins in the input.</summary>
    private static string InputRow(int position) => Name("input", position);

    /// <summary>Where the first of the rows begins in the activations of a layer.</summary>
    private static string OutputRow(int layer) => Name("output", layer);

    private static string Sum(int row, int vector, int part) => Name("sum", row) + Name("_", vector) + (part == 0 ? "" : Name("_", part));

    private static string Name(string name, int number) => FormattableString.Invariant($"{name}{number}");
}
