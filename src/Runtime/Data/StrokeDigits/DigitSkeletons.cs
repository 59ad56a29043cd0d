using System.Globalization;
using System.Numerics;

namespace Whittle;

/// <summary>
/// The ways to write each digit, as strokes of points in a box from (0, 0) at the top left to (100, 100). A stroke is a
/// smooth curve through its points; a point given twice is a corner.
/// </summary>
internal static class DigitSkeletons
{
    private static readonly string[][] Source =
    [
        [
            "50,0 22,13 8,50 22,87 50,100 78,87 92,50 78,13 50,0",
            "60,4 32,5 14,45 26,90 54,99 80,72 82,28 56,3 40,10",
        ],
        [
            "50,0 50,50 50,100",
            "24,26 54,0 54,0 54,50 54,100",
            "28,22 52,0 52,0 52,50 52,100 / 24,100 80,100",
        ],
        [
            "12,25 32,3 66,4 80,27 66,52 36,78 10,100 10,100 50,98 90,100",
            "15,22 42,0 76,12 76,38 48,72 20,97 10,86 30,78 60,92 92,97",
        ],
        [
            "15,13 45,0 76,13 72,38 42,48 42,48 78,57 84,82 50,100 12,88",
            "15,2 50,3 82,2 82,2 45,40 45,40 80,54 84,82 50,100 12,90",
        ],
        [
            "22,0 14,54 14,54 50,56 88,54 / 68,6 66,50 64,100",
            "62,0 36,34 10,66 10,66 50,66 92,66 / 63,0 64,50 64,100",
            "22,2 15,35 32,52 70,47 / 76,0 72,50 66,100",
        ],
        [
            "80,2 50,3 22,2 22,2 18,42 18,42 54,36 84,58 78,88 45,100 12,90",
            "25,5 20,44 20,44 58,38 84,66 64,96 15,95 / 25,4 55,3 86,3",
        ],
        [
            "70,2 34,22 14,58 20,88 48,100 80,88 82,62 52,48 18,66",
            "58,0 24,38 12,74 30,98 64,98 82,78 68,56 36,58 14,80",
        ],
        [
            "10,3 50,4 88,3 88,3 60,46 40,100",
            "10,3 50,4 88,3 88,3 58,48 42,100 / 30,50 76,48",
            "12,20 14,3 14,3 50,5 86,4 86,4 62,50 46,100",
        ],
        [
            "76,14 50,0 24,14 32,37 68,60 80,84 50,100 20,84 32,60 68,37 78,14 58,1",
            "50,0 26,12 28,38 50,47 72,38 74,12 50,0 / 50,47 20,62 18,88 50,100 82,88 80,62 50,47",
        ],
        [
            "80,24 54,2 20,15 18,42 44,52 76,36 82,18 78,60 60,100",
            "78,22 50,2 18,20 20,45 50,52 78,30 / 80,4 79,50 78,100",
            "80,22 50,2 18,22 26,48 60,48 80,22 80,68 60,98 26,92",
        ],
    ];

    /// <summary>For each digit its styles, for each style its strokes, for each stroke its points.</summary>
    public static readonly Vector2[][][][] Styles = Array.ConvertAll(Source, styles => Array.ConvertAll(styles, Parse));

    private static Vector2[][] Parse(string style) => Array.ConvertAll(style.Split(" / "), stroke => Array.ConvertAll(stroke.Split(' '), point =>
    {
        var comma = point.IndexOf(',');
        return new Vector2(
            int.Parse(point.AsSpan(0, comma), CultureInfo.InvariantCulture) / 100f,
            int.Parse(point.AsSpan(comma + 1), CultureInfo.InvariantCulture) / 100f);
    }));
}
