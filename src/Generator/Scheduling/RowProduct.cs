using Whittle.Generator.Isa;
using Whittle.Generator.Lowering;
using Whittle.Generator.Model;

namespace Whittle.Generator.Scheduling;

/// <summary>
/// Straight code of a fused kernel for a few rows times a few vectors: sums of terms, each a value of the row in every lane times a vector
/// of weights that the rows share.
/// </summary>
/// <param name="isa">The instructions.</param>
/// <param name="rows">How many rows.</param>
/// <param name="vectors">Numbers of the vectors, their sums no more than registers allow.</param>
/// <param name="terms">Terms of each sum.</param>
/// <param name="term">Name of the loop over them.</param>
/// <param name="left">A row's value of a term.</param>
/// <param name="right">A vector of weights of a term.</param>
internal sealed class RowProduct(InstructionTable isa, int rows, int[] vectors, int terms, string term, Func<int, Affine, Broadcast> left, Func<int, Affine, Load> right)
{
    /// <summary>Rows that share each weight once it is loaded.</summary>
    public const int RowsTogether = 4;

    /// <summary>Registers for what is not a sum: a value in every lane, and weights.</summary>
    private const int OtherRegisters = 4;

    /// <summary>Some vectors in as few groups as the registers allow.</summary>
    public static IEnumerable<int[]> Groups(InstructionTable isa, int rows, int vectors)
    {
        var most = (isa.Registers - OtherRegisters) / rows;
        var groups = (vectors + most - 1) / most;
        for (var group = 0; group < groups; group++)
        {
            var (first, end) = (vectors * group / groups, vectors * (group + 1) / groups);
            yield return Enumerable.Range(first, end - first).ToArray();
        }
    }

    /// <summary>The code.</summary>
    /// <param name="start">Where the sums of a vector start.</param>
    /// <param name="finish">What happens to the sum of a row and a vector.</param>
    public IEnumerable<Statement> Build(Func<int, Expression> start, Func<int, int, Register, Statement> finish)
    {
        var sums = Enumerable.Range(0, rows).SelectMany(row => vectors.Select(vector => (Row: row, Vector: vector))).ToArray();

        // Few sums would wait for each other; each is split until enough are in flight.
        var parts = Math.Min(Math.Max(Scheduler.SumsInFlight / sums.Length, 1), terms);
        foreach (var (row, vector) in sums)
        {
            yield return new Assign(Sum(row, vector, 0), isa.Lanes, start(vector), Declares: true);
        }

        foreach (var part in Enumerable.Range(1, parts - 1))
        {
            foreach (var (row, vector) in sums)
            {
                yield return new Assign(Sum(row, vector, part), isa.Lanes, new Constant(0), Declares: true);
            }
        }

        // Short sums are written out.
        var looped = terms * sums.Length <= Limits.FullUnroll ? 0 : terms / parts * parts;
        if (looped > 0)
        {
            yield return new DeclareNumber(term, null, null);
            yield return new Loop(term, looped, parts, Enumerable.Range(0, parts).Select(part => Add(Affine.Of(term) + part, part)).ToEquatableArray());
        }

        for (var position = looped; position < terms; position++)
        {
            yield return Add(position, position % parts);
        }

        for (var distance = 1; distance < parts; distance *= 2)
        {
            for (var part = 0; part + distance < parts; part += 2 * distance)
            {
                foreach (var (row, vector) in sums)
                {
                    var (sum, other) = (Sum(row, vector, part), Sum(row, vector, part + distance));
                    yield return new Assign(sum, isa.Lanes, Expression.Of(Operation.Add, new Register(sum), new Register(other)), Declares: false);
                }
            }
        }

        foreach (var (row, vector) in sums)
        {
            yield return finish(row, vector, new Register(Sum(row, vector, 0)));
        }
    }

    /// <summary>Adds one term to every sum.</summary>
    private Statement Add(Affine position, int part)
    {
        var body = new List<Statement>();
        if (rows > 1)
        {
            body.AddRange(vectors.Select(vector => new Assign(Name("w", vector), isa.Lanes, right(vector, position), Declares: true)));
        }

        for (var row = 0; row < rows; row++)
        {
            var x = Name("x", row);
            body.Add(new Assign(x, isa.Lanes, left(row, position), Declares: true));
            foreach (var vector in vectors)
            {
                Expression weight = rows > 1 ? new Register(Name("w", vector)) : right(vector, position);
                var sum = Sum(row, vector, part);
                body.Add(new Assign(sum, isa.Lanes, Expression.Of(Operation.MultiplyAdd, new Register(x), weight, new Register(sum)), Declares: false));
            }
        }

        return new Scope(body.ToEquatableArray());
    }

    private static string Sum(int row, int vector, int part) => Name("sum", row) + Name("_", vector) + (part == 0 ? "" : Name("_", part));

    private static string Name(string name, int number) => FormattableString.Invariant($"{name}{number}");
}
