using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Whittle.Generator.Tests.Compilation;

/// <summary>Source text in which <c>[|</c> and <c>|]</c> mark where diagnostics are expected.</summary>
internal sealed record MarkedSource(string Text, IReadOnlyList<TextSpan> Marks)
{
    public static MarkedSource Parse(string marked)
    {
        var text = new StringBuilder();
        var marks = new List<TextSpan>();
        var start = -1;
        for (var i = 0; i < marked.Length; i++)
        {
            if (string.CompareOrdinal(marked, i, "[|", 0, 2) == 0)
            {
                start = text.Length;
                i++;
            }
            else if (string.CompareOrdinal(marked, i, "|]", 0, 2) == 0)
            {
                marks.Add(TextSpan.FromBounds(start, text.Length));
                i++;
            }
            else
            {
                text.Append(marked[i]);
            }
        }

        return new(text.ToString(), marks);
    }
}
