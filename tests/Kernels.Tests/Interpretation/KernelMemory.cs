using Whittle.Generator.Lowering;
using Whittle.Generator.Scheduling;

namespace Whittle.Kernels.Tests;

/// <summary>The memory of a pass as arrays by name, filled with random numbers; index errors are exceptions.</summary>
internal sealed class KernelMemory
{
    public KernelMemory(KernelSpec kernel, int panelWidth, int rows, int seed)
    {
        var random = new Random(seed);
        var inputStride = Padded(kernel.Inputs, panelWidth);
        var outputStride = Padded(kernel.Outputs, panelWidth);
        var panels = outputStride / panelWidth;
        var isRange = kernel.Product == Product.InputGradient;
        Floats = new()
        {
            ["input"] = Random(rows * inputStride),
            ["parameters"] = new float[outputStride * (kernel.Inputs + 1)],
            ["output"] = new float[rows * outputStride],
            ["outputGradient"] = new float[rows * outputStride],
            ["inputGradient"] = new float[rows * inputStride],
            ["transposed"] = new float[outputStride * panelWidth],
            ["firstMoment"] = new float[outputStride * (kernel.Inputs + 1)],
            ["secondMoment"] = new float[outputStride * (kernel.Inputs + 1)],
        };
        for (var unit = 0; unit < kernel.Outputs; unit++)
        {
            for (var input = 0; input <= kernel.Inputs; input++)
            {
                Floats["parameters"][(unit / panelWidth * (kernel.Inputs + 1) * panelWidth) + (input * panelWidth) + (unit % panelWidth)] = random.NextSingle() - 0.5f;
            }

            for (var row = 0; row < rows; row++)
            {
                Floats["outputGradient"][(row * outputStride) + unit] = random.NextSingle() - 0.5f;
            }
        }

        Lists = new() { ["nonZero"] = Enumerable.Range(0, kernel.Inputs).Where(_ => random.Next(2) == 0).ToArray() };
        Numbers = new()
        {
            ["inputStride"] = inputStride,
            ["outputStride"] = outputStride,
            ["rows"] = rows,
            ["nonZeroCount"] = Lists["nonZero"].Length,
            ["begin"] = 0,
            ["end"] = isRange ? kernel.Inputs : panels,
        };

        float[] Random(int count) => Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f).ToArray();
    }

    public Dictionary<string, float[]> Floats { get; }

    public Dictionary<string, int[]> Lists { get; }

    public Dictionary<string, int> Numbers { get; }

    public float[] Of(Generator.Lowering.Buffer buffer) => Floats[NamesUsed.NameOf(buffer)];

    private static int Padded(int count, int width) => (count + width - 1) / width * width;
}
