using Whittle.Generator.Model;

namespace Whittle.Generator.Lowering;

/// <summary>A kernel as explicit loops over vectors: what the tiler makes of nests and what is emitted line by line.</summary>
/// <param name="Procedures">The entry first, then the register tiles that it calls.</param>
internal sealed record KernelProgram(EquatableArray<Procedure> Procedures)
{
    /// <summary>Whether the entry has memory of its own.</summary>
    public bool UsesScratch => Procedures[0].Body.Any(statement => statement is DeclareScratch);
}

/// <summary>One method. The entry's views and numbers are those of the LayerPass; a tile gets its own from the caller.</summary>
/// <param name="Name">Name of the method.</param>
/// <param name="Comment">What it does, in words.</param>
/// <param name="Views">Names of the float memory it works on.</param>
/// <param name="Lists">Names of the index lists.</param>
/// <param name="Numbers">Names of the sizes.</param>
/// <param name="Updates">Whether it applies the update rule.</param>
/// <param name="Body">Its statements.</param>
/// <param name="CopiesRule">
/// Whether it has a copy of the update rule, whose numbers then stay in registers, and does not become a part of its caller, where little
/// would be left of the compiler's budget to inline the rule.
/// </param>
internal sealed record Procedure(
    string Name,
    string Comment,
    EquatableArray<string> Views,
    EquatableArray<string> Lists,
    EquatableArray<string> Numbers,
    bool Updates,
    EquatableArray<Statement> Body,
    bool CopiesRule = false);

/// <summary>One step of a procedure.</summary>
internal abstract record Statement;

/// <summary>Words for the reader.</summary>
internal sealed record Comment(string Text) : Statement;

/// <summary>Statements whose names are their own.</summary>
internal sealed record Scope(EquatableArray<Statement> Body) : Statement;

/// <summary>Declares a number: zero, another number, or the smaller of that and a constant.</summary>
internal sealed record DeclareNumber(string Name, string? Source, int? AtMost) : Statement;

/// <summary>
/// <c>for (; variable + step &lt;= end; variable += step)</c>: goes on from where the variable stands, so that a loop over
/// smaller tiles can follow one over larger ones.
/// </summary>
internal sealed record Loop(string Variable, Affine End, int Step, EquatableArray<Statement> Body) : Statement;

/// <summary>What runs where a number is equal to a constant, and what runs otherwise.</summary>
internal sealed record Branch(string Number, int Value, EquatableArray<Statement> Then, EquatableArray<Statement> Otherwise) : Statement;

/// <summary>Reads an entry of an index list into a number.</summary>
internal sealed record DeclareIndex(string Name, string List, Affine Entry) : Statement;

/// <summary>Declares a number inside a loop over a variable: a value in the loop's last iteration, zero before.</summary>
internal sealed record DeclareInLast(string Name, int Value, string Variable, Affine End, int Step) : Statement;

/// <summary>Declares the product of two numbers.</summary>
internal sealed record DeclareProduct(string Name, string Left, string Right) : Statement;

/// <summary>Asks the cache for the line at an address, which is about to be changed, and where wanted for those of its moments.</summary>
internal sealed record Prefetch(string View, Affine Address, bool WithMoments = false) : Statement;

/// <summary>Asks the second cache for the line at an address, which another tile will read and which may lie past the end.</summary>
internal sealed record PrefetchSecondLevel(string View, Affine Address) : Statement;

/// <summary>Copies a panel, from a position on, with zeros beyond the last one.</summary>
internal sealed record CopyPanel(string Source, string Position, string Target, PanelCopy Copy, int PanelWidth) : Statement;

/// <summary>Memory of a procedure's own.</summary>
internal sealed record DeclareScratch(string Name, int Count) : Statement;

/// <summary>Gives a vector a value.</summary>
internal sealed record Assign(string Register, int Lanes, Expression Value, bool Declares) : Statement;

/// <summary>Writes consecutive floats.</summary>
internal sealed record Store(string View, Affine Address, int Lanes, Expression Value) : Statement;

/// <summary>Changes the parameters at an address, and their moments, by the update rule.</summary>
internal sealed record Update(string View, Affine Address, int Lanes, Expression Gradient) : Statement;

/// <summary>Sets bits of a word, which it declares where they are its first, to the signs of consecutive floats: 1 below zero.</summary>
internal sealed record CollectSigns(string Word, string View, Affine Address, int Lanes, int FirstBit) : Statement;

/// <summary>Writes a hash code to an index list: bits of a word, and of the next one where they do not all fit.</summary>
internal sealed record StoreCode(string List, Affine Entry, string Word, string? NextWord, int FirstBit, int Bits) : Statement;

/// <summary>Writes a hash code to an index list: the winners of consecutive bins, of so many, a few bits each.</summary>
internal sealed record StoreWinners(string List, Affine Entry, EquatableArray<BinOfCode> Bins, int Count) : Statement;

/// <summary>A bin, where in a view the winners of bins of its size begin, and the first bit of the code that its winner makes.</summary>
internal readonly record struct BinOfCode(string View, Affine Winners, Affine Bin, int FirstBit);

/// <summary>Runs a tile on views and lists that begin at the given addresses.</summary>
internal sealed record Call(
    string Procedure,
    EquatableArray<CallView> Views,
    EquatableArray<CallView> Lists,
    EquatableArray<string> Numbers,
    bool Updates,
    bool CopiesRule = false) : Statement;

/// <summary>A view or list passed to a tile.</summary>
internal readonly record struct CallView(string Source, Affine Address);
