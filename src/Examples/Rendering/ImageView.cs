using System.Text;

namespace Whittle.Examples.Rendering;

/// <summary>Draws grey images with characters: each stands for two pixels, one above the other.</summary>
internal static class ImageView
{
    /// <summary>The lines of an image, of ceil(height / 2) lines of width characters.</summary>
    /// <param name="pixels">[height, width], 0 for the background to 1.</param>
    /// <param name="size">Height and width.</param>
    /// <param name="unicode">Whether block characters can be shown.</param>
    public static string[] Lines(ReadOnlySpan<float> pixels, ImageSize size, bool unicode)
    {
        var lines = new string[(size.Height + 1) / 2];
        var line = new StringBuilder(size.Width);
        for (var top = 0; top < size.Height; top += 2)
        {
            line.Clear();
            for (var column = 0; column < size.Width; column++)
            {
                var upper = pixels[(top * size.Width) + column];
                var lower = top + 1 < size.Height ? pixels[((top + 1) * size.Width) + column] : 0;
                line.Append(Character(upper, lower, unicode));
            }

            lines[top / 2] = line.ToString();
        }

        return lines;
    }

    /// <summary>Writes images side by side, as many as fit, each under its caption.</summary>
    public static void Write(Terminal terminal, IReadOnlyList<(string Caption, string[] Lines)> images)
    {
        var width = images[0].Lines[0].Length;
        var perRow = Math.Clamp((Math.Min(terminal.Console.Profile.Width, 130) + 2) / (width + 2), 1, images.Count);
        foreach (var group in images.Chunk(perRow))
        {
            terminal.WriteLine(string.Join("  ", group.Select(image => image.Caption.PadRight(width))).TrimEnd());
            for (var line = 0; line < group[0].Lines.Length; line++)
            {
                terminal.WriteLine(string.Join("  ", group.Select(image => image.Lines[line])).TrimEnd());
            }

            terminal.WriteLine();
        }
    }

    private static char Character(float upper, float lower, bool unicode)
    {
        // A sharp edge between the two pixels is drawn as an edge, anything else as a shade.
        if (unicode && MathF.Abs(upper - lower) > 0.5f)
        {
            return upper > lower ? '▀' : '▄';
        }

        var shades = unicode ? " ░▒▓█" : " .:*#";
        return shades[Math.Clamp((int)((upper + lower) / 2 * shades.Length), 0, shades.Length - 1)];
    }
}
