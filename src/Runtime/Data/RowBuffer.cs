namespace Whittle;

/// <summary>Rows of features as they come from a file: memory grows with what is there, not with what a header claims.</summary>
internal sealed class RowBuffer
{
    private const int FirstFeatures = 1 << 18;

    private readonly int features;
    private readonly int mostRows;
    private float[] values;
    private int count;

    /// <summary>An empty buffer.</summary>
    /// <param name="features">Features in a row.</param>
    /// <param name="mostRows">Rows that will come at most; all of them must fit an array.</param>
    public RowBuffer(int features, int mostRows)
    {
        this.features = features;
        this.mostRows = mostRows;
        values = new float[features * Math.Clamp(FirstFeatures / features, 1, mostRows)];
    }

    /// <summary>Room for the next row, [features].</summary>
    public Span<float> Add()
    {
        var start = features * count++;
        if (start == values.Length)
        {
            Array.Resize(ref values, features * (int)Math.Min(mostRows, 2L * (start / features)));
        }

        return values.AsSpan(start, features);
    }

    /// <summary>All rows, [rows, features].</summary>
    public float[] ToArray()
    {
        Array.Resize(ref values, features * count);
        return values;
    }
}
