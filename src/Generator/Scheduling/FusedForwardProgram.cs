using Whittle.Generator.Isa;
using Whittle.Generator.Lowering;
using Whittle.Generator.Model;

namespace Whittle.Generator.Scheduling;

/// <summary>The methods of a fused forward pass: a few rows at a time, layer by layer, with the sums of a layer's units in registers.</summary>
internal sealed class FusedForwardProgram
{
    private const string Row = "row";
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
    public static KernelProgram Of(FusedKernel network)
    {
        var isa = InstructionTable.Named(network.InstructionSet);
        var together = new FusedForwardProgram(isa, RowProduct.RowsTogether).Build(network.Layers, "FourRows", "Four rows.");
        var single = new FusedForwardProgram(isa, 1).Build(network.Layers, "SingleRow", "One row.");
        var body = new Statement[] { new DeclareNumber(Row, null, null), Each(together, RowProduct.RowsTogether), Each(single, 1) };
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

        var memory = new FusedMemory(layers, width);
        for (var index = 0; index < layers.Count; index++)
        {
            var layer = layers[index];
            body.Add(new Comment(FormattableString.Invariant($"{layer.Inputs} to {layer.Outputs}.")));
            body.Add(new DeclareNumber(OutputRow(index), (Affine.Of(Row, memory.Stride(index)) + memory.Rows(index)).ToString(), null));
            foreach (var vectors in RowProduct.Groups(isa, rows, (layer.Outputs + isa.Lanes - 1) / isa.Lanes))
            {
                body.Add(new Scope(Vectors(layers, index, memory, vectors).ToEquatableArray()));
            }
        }

        return new Procedure(name, comment, Views, default, RowNumbers, Updates: false, body.ToEquatableArray());
    }

    private IEnumerable<Statement> Vectors(EquatableArray<FusedLayer> layers, int index, FusedMemory memory, int[] vectors)
    {
        var layer = layers[index];
        return new RowProduct(isa, rows, vectors, layer.Inputs, "column", Below, Weight).Build(
            vector => Weight(vector, layer.Inputs),
            (row, vector, sum) => new Store(
                Activations,
                Affine.Of(OutputRow(index)) + ((row * memory.Stride(index)) + (vector * isa.Lanes)),
                isa.Lanes,
                ActivationFunction.Of(layer.Activation, layer.Slope, sum)));

        Broadcast Below(int row, Affine column) => index == 0
            ? new Broadcast(Input, Affine.Of(InputRow(row)) + column)
            : new Broadcast(Activations, Affine.Of(OutputRow(index - 1)) + column + (row * memory.Stride(index - 1)));

        Load Weight(int vector, Affine column)
        {
            var (panel, inPanel) = (vector * isa.Lanes / width, vector * isa.Lanes % width);
            return new Load(Parameters, column.Scaled(width) + (memory.Parameters(index) + (panel * (layer.Inputs + 1) * width) + inPanel));
        }
    }

    /// <summary>Where one of the rows begins in the input.</summary>
    private static string InputRow(int position) => FormattableString.Invariant($"input{position}");

    /// <summary>Where the first of the rows begins in the activations of a layer.</summary>
    private static string OutputRow(int layer) => FormattableString.Invariant($"output{layer}");
}
