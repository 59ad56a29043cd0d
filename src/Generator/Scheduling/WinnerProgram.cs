using Whittle.Generator.Isa;
using Whittle.Generator.Lowering;
using Whittle.Generator.Model;

namespace Whittle.Generator.Scheduling;

/// <summary>
/// The methods of winner-take-all codes: the winners of all bins of a vector, one bin in each lane, then the codes, which borrow a winner
/// from another bin where a bin has none.
/// </summary>
internal sealed class WinnerProgram
{
    private const string Winners = "Winners";
    private const string Codes = "Codes";
    private const string Vector = "input";
    private const string Weights = "parameters";
    private const string Sums = "sums";
    private const string Coordinates = "coordinates";
    private const string CodeList = "codes";
    private const string NodeList = "nodes";
    private const string NodeCount = "nodeCount";

    private readonly KernelSpec kernel;
    private readonly InstructionTable isa;
    private readonly int bits;
    private readonly int bins;
    private readonly int width;

    private WinnerProgram(KernelSpec kernel)
    {
        this.kernel = kernel;
        isa = InstructionTable.Named(kernel.InstructionSet);
        bits = kernel.Codes!.Bits;
        bins = kernel.Bins;
        width = WinnerLayout.Width(bins);
    }

    private int Tables => kernel.Outputs / bits;

    /// <summary>Coordinates of the bin that makes the last bits of a code, if not three.</summary>
    private int RestSize => WinnerLayout.RestBits(bits) is > 0 and var rest ? 1 << rest : 0;

    /// <summary>Where the winners of the last bins of codes are.</summary>
    private int RestStart => bits < WinnerLayout.BinBits ? 0 : width;

    /// <summary>The entry, and the methods that it calls.</summary>
    public static KernelProgram Of(KernelSpec kernel)
    {
        var program = new WinnerProgram(kernel);
        return new KernelProgram(new[] { program.Entry(), program.WinnersOfBins(), program.CodesOfWinners() }.ToEquatableArray());
    }

    private Procedure Entry() => kernel.Product == Product.HashInput
        ? new Procedure(
            "Run",
            "The codes of an input.",
            Names(Vector, Sums),
            Names(Coordinates, CodeList),
            default,
            Updates: false,
            Both(Vector, 0, 0).ToEquatableArray())
        : new Procedure(
            "Run",
            "The codes of the listed nodes.",
            Names(Weights, Sums),
            Names(Coordinates, NodeList, CodeList),
            Names(NodeCount),
            Updates: false,
            new Statement[]
            {
                new DeclareNumber(Nest.Entry, null, null),
                new Loop(
                    Nest.Entry,
                    Affine.Of(NodeCount),
                    1,
                    Both(Weights, Affine.Of("node", NodeRowLayout.Stride(kernel.Inputs)), Affine.Of(Nest.Entry, Tables))
                        .Prepend(new DeclareIndex("node", NodeList, Affine.Of(Nest.Entry)))
                        .ToEquatableArray()),
            }.ToEquatableArray());

    private static IEnumerable<Statement> Both(string view, Affine vector, Affine code) =>
    [
        new Call(Winners, new[] { new CallView(view, vector), new CallView(Sums, 0) }.ToEquatableArray(), new[] { new CallView(Coordinates, 0) }.ToEquatableArray(), default, Updates: false),
        new Call(Codes, new[] { new CallView(Sums, 0) }.ToEquatableArray(), new[] { new CallView(CodeList, code) }.ToEquatableArray(), default, Updates: false),
    ];

    private Procedure WinnersOfBins()
    {
        var body = new List<Statement>
        {
            Declare("largest", new Constant(float.NegativeInfinity)),
            Declare("winner", new Constant(-1)),
        };
        var size = bits < WinnerLayout.BinBits ? RestSize : WinnerLayout.BinSize;
        for (var position = 0; position < size; position++)
        {
            var value = FormattableString.Invariant($"value{position}");
            body.Add(new Comment(position == 0
                ? "Coordinate 0 of each bin: zero and what is no number do not compete, one that is larger than those before wins."
                : FormattableString.Invariant($"Coordinate {position}.")));
            body.Add(Declare(value, new Gather(Vector, Coordinates, Affine.Of("bin") + (position * width))));
            body.Add(Set(value, Expression.Of(Operation.SelectPositive, Magnitude(value), new Register(value), new Constant(float.NegativeInfinity))));
            body.Add(Set("winner", Expression.Of(
                Operation.SelectPositive,
                Expression.Of(Operation.Subtract, new Register(value), new Register("largest")),
                new Constant(position),
                new Register("winner"))));
            body.Add(Set("largest", Expression.Of(Operation.Max, new Register(value), new Register("largest"))));
            if (position + 1 == RestSize && RestStart > 0)
            {
                body.Add(new Comment(FormattableString.Invariant($"The winner among {RestSize}, for the last bits of a code.")));
                body.Add(new Store(Sums, Affine.Of("bin") + RestStart, isa.Lanes, new Register("winner")));
            }
        }

        body.Add(new Store(Sums, Affine.Of("bin"), isa.Lanes, new Register("winner")));
        return new Procedure(
            Winners,
            "The position of the largest coordinate of each bin, the first of equal ones; -1 where all are zero.",
            Names(Vector, Sums),
            Names(Coordinates),
            default,
            Updates: false,
            new Statement[] { new DeclareNumber("bin", null, null), new Loop("bin", width, isa.Lanes, body.ToEquatableArray()) }.ToEquatableArray());

        static Expression Magnitude(string value) =>
            Expression.Of(Operation.Max, new Register(value), Expression.Of(Operation.Subtract, new Constant(0), new Register(value)));

        Assign Declare(string register, Expression value) => new(register, isa.Lanes, value, Declares: true);

        Assign Set(string register, Expression value) => new(register, isa.Lanes, value, Declares: false);
    }

    private Procedure CodesOfWinners()
    {
        var perTable = WinnerLayout.BinsPerTable(bits);
        var code = Enumerable.Range(0, perTable).Select(bin => new BinOfCode(
            Sums,
            bin == perTable - 1 && RestSize > 0 ? RestStart : 0,
            Affine.Of("table", perTable) + bin,
            bin * WinnerLayout.BinBits));
        return new Procedure(
            Codes,
            FormattableString.Invariant($"The winners of {(perTable == 1 ? "a bin" : FormattableString.Invariant($"{perTable} bins"))} make the {bits} bits of the code of each table."),
            Names(Sums),
            Names(CodeList),
            default,
            Updates: false,
            new Statement[]
            {
                new DeclareNumber("table", null, null),
                new Loop("table", Tables, 1, new Statement[] { new StoreWinners(CodeList, Affine.Of("table"), code.ToEquatableArray(), bins) }.ToEquatableArray()),
            }.ToEquatableArray());
    }

    private static EquatableArray<string> Names(params string[] names) => names.ToEquatableArray();
}
