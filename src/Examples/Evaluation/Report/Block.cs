namespace Whittle.Examples.Evaluation.Report;

/// <summary>A part of a report, written once and rendered as HTML and as Markdown.</summary>
internal abstract record Block;

/// <summary>A heading.</summary>
/// <param name="Level">2 for a section, 3 for a part of one.</param>
/// <param name="Text">Its text.</param>
internal sealed record Heading(int Level, string Text) : Block
{
    /// <summary>Where a link finds it.</summary>
    public string Anchor { get; } = string.Concat(Text.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
}

/// <summary>A paragraph.</summary>
internal sealed record Paragraph(string Text) : Block;

/// <summary>A list.</summary>
internal sealed record BulletList(IReadOnlyList<string> Items) : Block;

/// <summary>A table; its first column is text, the others numbers.</summary>
/// <param name="Header">Names of the columns.</param>
/// <param name="Rows">Cells by row.</param>
internal sealed record Table(IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<Cell>> Rows) : Block;

/// <summary>A cell of a table.</summary>
/// <param name="Text">What it says.</param>
/// <param name="IsBad">Whether to point it out: a training that failed.</param>
internal readonly record struct Cell(string Text, bool IsBad = false)
{
    public static implicit operator Cell(string text) => new(text);
}

/// <summary>A drawing.</summary>
/// <param name="Name">Name of its file, without ending.</param>
/// <param name="Svg">The drawing.</param>
/// <param name="Caption">What it shows.</param>
internal sealed record Drawing(string Name, string Svg, string Caption) : Block;
