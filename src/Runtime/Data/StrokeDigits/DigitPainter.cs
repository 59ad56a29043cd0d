using System.Numerics;

namespace Whittle;

/// <summary>Draws one digit at a time; keeps its working memory from one to the next.</summary>
internal sealed class DigitPainter
{
    // Lengths are in heights of the digit box unless they are pixels.
    private const float PointJitter = 0.055f;
    private const float ElasticStrength = 0.14f;
    private const float MaximalTangent = 0.16f; // of half the angle of rotation
    private const float MaximalShear = 0.35f;
    private const float MaximalShift = 3.2f; // pixels
    private const int PiecesPerSpan = 5;

    private readonly ElasticField field = new();
    private readonly Vector2[] points = new Vector2[32];

    /// <summary>Draws a digit.</summary>
    /// <param name="digit">From 0 to 9.</param>
    /// <param name="random">The stream of this image.</param>
    /// <param name="pixels">[Side, Side], zero at first.</param>
    public void Paint(int digit, ref RandomStream random, Span<float> pixels)
    {
        var styles = DigitSkeletons.Styles[digit];
        var style = styles[random.NextInt32(styles.Length)];
        field.Draw(ElasticStrength, ref random);
        var placement = DrawPlacement(ref random);
        var radius = Between(0.7f, 1.7f, ref random);
        foreach (var stroke in style)
        {
            for (var index = 0; index < stroke.Length; index++)
            {
                // A point given twice stays one corner.
                points[index] = index > 0 && stroke[index] == stroke[index - 1]
                    ? points[index - 1]
                    : stroke[index] + (Symmetric(ref random) * PointJitter);
            }

            DrawStroke(points.AsSpan(0, stroke.Length), placement, radius, pixels);
        }

        Develop(ref random, pixels);
    }

    // A rotation by a rational parametrisation instead of sine and cosine, after scale and shear, about the middle.
    private static Placement DrawPlacement(ref RandomStream random)
    {
        var height = Between(15f, 22f, ref random);
        var width = height * Between(0.5f, 0.95f, ref random);
        var shear = MaximalShear * Symmetric(ref random).X;
        var tangent = MaximalTangent * Symmetric(ref random).X;
        var norm = 1 / (1 + (tangent * tangent));
        var (cosine, sine) = ((1 - (tangent * tangent)) * norm, 2 * tangent * norm);
        var across = new Vector2(cosine, sine) * width;
        var down = new Vector2((-shear * cosine) - sine, cosine - (shear * sine)) * height;
        var middle = new Vector2(0.5f * (StrokeDigits.Side - 1)) + (Symmetric(ref random) * MaximalShift);
        return new Placement(middle - (0.5f * (across + down)), across, down);
    }

    // A Catmull-Rom curve through the points, in straight pieces.
    private void DrawStroke(ReadOnlySpan<Vector2> curve, in Placement placement, float radius, Span<float> pixels)
    {
        var from = Place(curve[0], placement);
        for (var span = 0; span + 1 < curve.Length; span++)
        {
            var (start, end) = (curve[span], curve[span + 1]);
            if (start == end)
            {
                continue;
            }

            var startSlope = 0.5f * (end - curve[Math.Max(span - 1, 0)]);
            var endSlope = 0.5f * (curve[Math.Min(span + 2, curve.Length - 1)] - start);
            for (var piece = 1; piece <= PiecesPerSpan; piece++)
            {
                var t = piece / (float)PiecesPerSpan;
                var to = Place(Hermite(start, startSlope, end, endSlope, t), placement);
                DrawLine(from, to, radius, pixels);
                from = to;
            }
        }
    }

    private static Vector2 Hermite(Vector2 start, Vector2 startSlope, Vector2 end, Vector2 endSlope, float t)
    {
        var rest = 1 - t;
        return (start * ((1 + (2 * t)) * rest * rest)) + (startSlope * (t * rest * rest)) + (end * (t * t * (3 - (2 * t)))) - (endSlope * (t * t * rest));
    }

    // Written out, as the dot product below is: the library may fuse multiplications and additions where the machine can.
    private Vector2 Place(Vector2 point, in Placement placement)
    {
        var moved = point + field.At(point);
        return placement.Origin + (placement.Across * moved.X) + (placement.Down * moved.Y);
    }

    // Darkens the pixels near the line by their distance from it.
    private static void DrawLine(Vector2 from, Vector2 to, float radius, Span<float> pixels)
    {
        var reach = radius + 0.5f;
        var (left, right) = Pixels(Math.Min(from.X, to.X) - reach, Math.Max(from.X, to.X) + reach);
        var (top, bottom) = Pixels(Math.Min(from.Y, to.Y) - reach, Math.Max(from.Y, to.Y) + reach);
        var along = to - from;
        var inverse = 1 / Math.Max(Dot(along, along), 1e-6f);
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                var offset = new Vector2(x, y) - from;
                var t = Math.Clamp(Dot(offset, along) * inverse, 0f, 1f);
                var nearest = offset - (along * t);
                var ink = Math.Clamp(reach - MathF.Sqrt(Dot(nearest, nearest)), 0f, 1f);
                ref var pixel = ref pixels[(y * StrokeDigits.Side) + x];
                pixel = Math.Max(pixel, ink);
            }
        }
    }

    private static (int First, int Last) Pixels(float from, float to) =>
        ((int)Math.Clamp(MathF.Ceiling(from), 0, StrokeDigits.Side), (int)Math.Clamp(MathF.Floor(to), -1, StrokeDigits.Side - 1));

    // Uneven ink, specks of dirt, and 256 levels.
    private static void Develop(ref RandomStream random, Span<float> pixels)
    {
        var ink = Between(0.6f, 1f, ref random);
        foreach (ref var pixel in pixels)
        {
            if (pixel > 0)
            {
                pixel *= ink * Between(0.75f, 1f, ref random);
            }
        }

        for (var speck = random.NextInt32(12); speck > 0; speck--)
        {
            pixels[random.NextInt32(pixels.Length)] = Between(0f, 1f, ref random);
        }

        foreach (ref var pixel in pixels)
        {
            pixel = MathF.Floor((pixel * 255) + 0.5f) / 255;
        }
    }

    private static float Dot(Vector2 left, Vector2 right) => (left.X * right.X) + (left.Y * right.Y);

    private static float Between(float low, float high, ref RandomStream random) => low + ((high - low) * random.NextSingle());

    // Each component from -1 to 1, small values more often (a triangle).
    private static Vector2 Symmetric(ref RandomStream random) =>
        new(random.NextSingle() + random.NextSingle() - 1, random.NextSingle() + random.NextSingle() - 1);

    /// <summary>Where the box of the digit lies in the image: its top left corner and its edges, in pixels.</summary>
    private readonly record struct Placement(Vector2 Origin, Vector2 Across, Vector2 Down);
}
