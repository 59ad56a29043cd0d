using System.Numerics;

namespace Whittle;

/// <summary>A smooth random displacement of the plane: random vectors on a coarse grid, joined by quadratic B-splines.</summary>
internal sealed class ElasticField
{
    // 5 x 5 vectors span 3 x 3 patches.
    private const int Nodes = 5;
    private const int Patches = Nodes - 2;
    private readonly Vector2[] displacements = new Vector2[Nodes * Nodes];

    /// <summary>Draws a new field whose vectors have components of up to <paramref name="strength"/>.</summary>
    public void Draw(float strength, ref RandomStream random)
    {
        foreach (ref var displacement in displacements.AsSpan())
        {
            displacement = new Vector2(random.NextSingle() - 0.5f, random.NextSingle() - 0.5f) * (2 * strength);
        }
    }

    /// <summary>The displacement at a point of the unit square (points outside count as on its edge).</summary>
    public Vector2 At(Vector2 point)
    {
        var (column, x) = Locate(point.X);
        var (row, y) = Locate(point.Y);
        var sum = Vector2.Zero;
        for (var down = 0; down < 3; down++)
        {
            for (var right = 0; right < 3; right++)
            {
                sum += displacements[((row + down) * Nodes) + column + right] * (Weight(down, y) * Weight(right, x));
            }
        }

        return sum;
    }

    private static (int Patch, float Offset) Locate(float coordinate)
    {
        var scaled = Math.Clamp(coordinate, 0f, 1f) * Patches;
        var patch = Math.Min((int)scaled, Patches - 1);
        return (patch, scaled - patch);
    }

    private static float Weight(int node, float offset) => node switch
    {
        0 => 0.5f * (1 - offset) * (1 - offset),
        1 => 0.5f + (offset * (1 - offset)),
        _ => 0.5f * offset * offset,
    };
}
