using System.Text;

namespace Whittle.Generator.Emit;

/// <summary>Collects lines of C# with their indentation; lines end with \n on every machine.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder text = new();
    private int depth;

    public void Line(string line = "")
    {
        if (line.Length > 0)
        {
            text.Append(' ', 4 * depth).Append(line);
        }

        text.Append('\n');
    }

    public void Open(string? header = null)
    {
        if (header is not null)
        {
            Line(header);
        }

        Line("{");
        depth++;
    }

    public void Close(string closing = "}")
    {
        depth--;
        Line(closing);
    }

    public override string ToString() => text.ToString();
}
