namespace Whittle.Examples.Baselines;

/// <summary>
/// A fully connected network whose shapes are known only at run time: ReLU in the hidden layers, softmax cross-entropy
/// on the logits. What generated code is compared with; the derived classes differ in how the three products run.
/// </summary>
/// <remarks>
/// All of them do the same arithmetic on whole batches, and none skips zeros. Weights are [nOut][nIn], the order of
/// <see cref="CompiledNetwork.GetWeights"/>. One thread at a time.
/// </remarks>
public abstract class GenericNetwork
{
    private readonly bool adam;

    /// <summary>Makes a network with all parameters zero.</summary>
    /// <param name="units">Number of inputs, then the units of each layer.</param>
    /// <param name="batchSize">Most rows of a batch.</param>
    /// <param name="adam">Train with Adam instead of plain stochastic gradient descent.</param>
    protected GenericNetwork(int[] units, int batchSize, bool adam)
    {
        Units = units;
        this.adam = adam;
        Layers = [.. Enumerable.Range(0, units.Length - 1).Select(index => new GenericLayer(units[index], units[index + 1], adam))];
        Activations = [.. units.Select(width => new float[batchSize * width])];
        Gradients = [.. units.Select(width => new float[batchSize * width])];
    }

    /// <summary>Number of inputs, then the units of each layer.</summary>
    public int[] Units { get; }

    /// <summary>Parameters and moments of each layer.</summary>
    public GenericLayer[] Layers { get; }

    /// <summary>[rows][units] at each level; level 0 are the inputs, level l + 1 the outputs of layer l.</summary>
    public float[][] Activations { get; }

    /// <summary>dL/dz at each level, in the shape of <see cref="Activations"/>; level 0 is not used.</summary>
    public float[][] Gradients { get; }

    /// <summary>Steps done so far.</summary>
    public long StepCount { get; private set; }

    /// <summary>Copies the parameters of a compiled network of the same architecture.</summary>
    public void CopyParametersFrom(CompiledNetwork network)
    {
        for (var index = 0; index < Layers.Length; index++)
        {
            network.GetWeights(index, Layers[index].Weights);
            network.GetBiases(index, Layers[index].Biases);
        }
    }

    /// <summary>Runs all layers over rows of inputs.</summary>
    /// <param name="inputs">[rows, inputs].</param>
    /// <returns>The logits, [rows, outputs].</returns>
    public ReadOnlySpan<float> Run(ReadOnlySpan<float> inputs)
    {
        var rows = inputs.Length / Units[0];
        inputs.CopyTo(Activations[0]);
        for (var layer = 0; layer < Layers.Length; layer++)
        {
            Forward(layer, rows);
        }

        return Activations[^1].AsSpan(0, rows * Units[^1]);
    }

    /// <summary>One training step.</summary>
    /// <param name="inputs">[rows, inputs].</param>
    /// <param name="labels">[rows], the class of each row.</param>
    /// <param name="learningRate">The learning rate.</param>
    /// <returns>The mean loss before the step.</returns>
    public double Step(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, float learningRate)
    {
        var loss = SoftmaxCrossEntropy(Run(inputs), labels, Gradients[^1]);
        var update = GenericUpdate.ForStep(++StepCount, learningRate, adam);
        for (var layer = Layers.Length - 1; layer >= 0; layer--)
        {
            if (layer > 0)
            {
                InputGradient(layer, labels.Length);
            }

            WeightGradient(layer, labels.Length, update);
        }

        return loss;
    }

    /// <summary>a = f(x W^T + b) of one layer.</summary>
    public abstract void Forward(int layer, int rows);

    /// <summary>dL/dz of the layer below: (d W) * f'.</summary>
    public abstract void InputGradient(int layer, int rows);

    /// <summary>d^T x of one layer, and the update of its parameters with it.</summary>
    public abstract void WeightGradient(int layer, int rows, GenericUpdate update);

    /// <summary>Whether a layer's outputs pass through ReLU: every layer but the last.</summary>
    protected bool HasRelu(int layer) => layer < Layers.Length - 1;

    private static double SoftmaxCrossEntropy(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, Span<float> gradients)
    {
        var classes = logits.Length / labels.Length;
        var loss = 0.0;
        for (var row = 0; row < labels.Length; row++)
        {
            var source = logits.Slice(row * classes, classes);
            var target = gradients.Slice(row * classes, classes);
            var largest = float.NegativeInfinity;
            foreach (var logit in source)
            {
                largest = Math.Max(largest, logit);
            }

            var sum = 0.0;
            for (var index = 0; index < classes; index++)
            {
                target[index] = MathF.Exp(source[index] - largest);
                sum += target[index];
            }

            loss += Math.Log(sum) - (source[labels[row]] - largest);
            for (var index = 0; index < classes; index++)
            {
                var truth = index == labels[row] ? 1 : 0;
                target[index] = (float)(((target[index] / sum) - truth) / labels.Length);
            }
        }

        return loss / labels.Length;
    }
}

/// <summary>Parameters of one layer and, for Adam, their moments.</summary>
public sealed class GenericLayer(int inputs, int outputs, bool adam)
{
    /// <summary>nIn.</summary>
    public int Inputs { get; } = inputs;

    /// <summary>nOut.</summary>
    public int Outputs { get; } = outputs;

    /// <summary>[nOut][nIn].</summary>
    public float[] Weights { get; } = new float[inputs * outputs];

    /// <summary>[nOut].</summary>
    public float[] Biases { get; } = new float[outputs];

    /// <summary>Moments of the weights; empty without Adam.</summary>
    public (float[] First, float[] Second) WeightMoments { get; } = Moments(adam ? inputs * outputs : 0);

    /// <summary>Moments of the biases; empty without Adam.</summary>
    public (float[] First, float[] Second) BiasMoments { get; } = Moments(adam ? outputs : 0);

    private static (float[] First, float[] Second) Moments(int count) => (new float[count], new float[count]);
}

/// <summary>The constants of one step's update: plain descent, or Adam (Kingma and Ba 2015) with its bias correction folded in.</summary>
/// <param name="IsAdam">Adam, otherwise plain descent.</param>
/// <param name="Rate">What the direction is multiplied by.</param>
/// <param name="Epsilon">Adam's epsilon, scaled like the second moment.</param>
public readonly record struct GenericUpdate(bool IsAdam, float Rate, float Epsilon)
{
    /// <summary>Decay of the first moment.</summary>
    public const float Beta1 = 0.9f;

    /// <summary>Decay of the second moment.</summary>
    public const float Beta2 = 0.999f;

    /// <summary>The constants of step <paramref name="number"/>, counted from 1.</summary>
    public static GenericUpdate ForStep(long number, float learningRate, bool adam)
    {
        var correction1 = 1 - Math.Pow(Beta1, number);
        var correction2 = Math.Sqrt(1 - Math.Pow(Beta2, number));
        return adam
            ? new GenericUpdate(true, (float)(learningRate * correction2 / correction1), (float)(1e-8 * correction2))
            : new GenericUpdate(false, learningRate, 0);
    }
}
