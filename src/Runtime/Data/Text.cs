namespace Whittle;

/// <summary>Text from files, made fit for a message of one line.</summary>
internal static class Text
{
    private const int Shown = 40;

    /// <summary>The text in quotation marks, cut if long, with control characters replaced.</summary>
    public static string OneLine(string text)
    {
        var cut = text.Length > Shown ? text[..Shown] + "..." : text;
        return $"\"{string.Concat(cut.Select(character => char.IsControl(character) ? '?' : character))}\"";
    }
}
