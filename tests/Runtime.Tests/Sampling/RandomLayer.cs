namespace Whittle.Runtime.Tests.Sampling;

/// <summary>Weights, [nodes][inputs and a bias], normal as He initialises them, and inputs near a few directions.</summary>
internal sealed unsafe class RandomLayer : IDisposable
{
    private readonly AlignedMemory memory;
    private readonly float[][] factors;
    private RandomStream random;

    public RandomLayer(int nodes, int inputs, ulong seed, int latent = 0, float bias = 0.1f)
    {
        (Nodes, Inputs) = (nodes, inputs);
        Stride = inputs + 3;
        random = new RandomStream(seed, 99);
        memory = AlignedMemory.Allocate((nuint)(nodes * Stride), "a test");
        for (var node = 0; node < nodes; node++)
        {
            var row = MutableRow(node);
            for (var input = 0; input < inputs; input++)
            {
                row[input] = MathF.Sqrt(2f / inputs) * random.NextNormal();
            }

            memory.Pointer[(node * Stride) + inputs] = bias * random.NextNormal();
        }

        factors = [.. Enumerable.Range(0, latent).Select(_ => Enumerable.Range(0, inputs).Select(_ => random.NextNormal()).ToArray())];
    }

    public int Nodes { get; }

    public int Inputs { get; }

    public int Stride { get; }

    public NodeRows Rows => new(memory.Pointer, Stride, Inputs, memory.Pointer + Inputs, Stride);

    public Span<float> MutableRow(int node) => new(memory.Pointer + (node * Stride), Inputs);

    /// <summary>A mean, a few directions with sizes that fall, and noise.</summary>
    public float[] Input(float noise, bool rectified)
    {
        var latent = factors.Select((_, r) => random.NextNormal() / MathF.Sqrt(1 + r)).ToArray();
        return [.. Enumerable.Range(0, Inputs).Select(i =>
        {
            var x = 0.3f + factors.Zip(latent, (factor, u) => factor[i] * u).Sum() + (noise == 0 ? 0 : noise * random.NextNormal());
            return rectified ? Math.Max(0, x) : x;
        })];
    }

    public double[] Preactivations(float[] x) =>
        [.. Enumerable.Range(0, Nodes).Select(j => Product(x, Rows.Row(j)) + Rows.Bias(j))];

    public static int[] NonZero(float[] x) => [.. x.Index().Where(v => v.Item != 0).Select(v => v.Index)];

    public static double Product(ReadOnlySpan<float> x, ReadOnlySpan<float> w)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            sum += (double)x[i] * w[i];
        }

        return sum;
    }

    public void Dispose() => memory.Dispose();
}
