using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Whittle.Runtime.Tests;

/// <summary>A network whose kernels are plain loops over the panel layout: what generated kernels must compute.</summary>
internal class ReferenceNetwork(NetworkDescription declaration, ulong seed = 0, int depth = 0)
    : CompiledNetwork(declaration, seed, depth)
{
    private int Width => InstructionSets.PanelWidth(InstructionSet);

    private nuint Stride(int units) => (nuint)InstructionSets.RowStride(InstructionSet, units);

    /// <summary>A network of dense layers.</summary>
    public static ReferenceNetwork Of(
        int inputs, int[] units, Activation hidden = Activation.Relu, Activation output = Activation.Identity, Loss loss = Loss.SoftmaxCrossEntropy, ulong seed = 0, int batch = 4) =>
        new(Describe(inputs, units, hidden, output, loss, batch), seed);

    public static NetworkDescription Describe(
        int inputs, int[] units, Activation hidden = Activation.Relu, Activation output = Activation.Identity, Loss loss = Loss.SoftmaxCrossEntropy, int batch = 4)
    {
        var layers = new List<LayerDescription>();
        for (var index = 0; index < units.Length; index++)
        {
            var activation = index == units.Length - 1 ? output : hidden;
            layers.Add(new LayerDescription(
                index == 0 ? inputs : units[index - 1], units[index], activation, activation == Activation.LeakyRelu ? 0.1f : 0, Initialization.Default, index));
        }

        return new NetworkDescription("Reference", inputs, batch, loss, layers, -1, 0);
    }

    protected override void Forward(int kernel, scoped ref readonly LayerPass pass)
    {
        var layer = Layer(kernel);
        var panel = (nuint)((layer.Inputs + 1) * Width);
        for (nuint row = 0; row < pass.Rows; row++)
        {
            for (var p = pass.Begin; p < pass.End; p++)
            {
                for (nuint column = 0; column < (nuint)Width; column++)
                {
                    var at = (p * panel) + column;
                    var sum = Unsafe.Add(ref pass.Parameters, at + (nuint)(layer.Inputs * Width));
                    for (nuint input = 0; input < (nuint)layer.Inputs; input++)
                    {
                        sum += Unsafe.Add(ref pass.Input, (row * Stride(layer.Inputs)) + input) * Unsafe.Add(ref pass.Parameters, at + (input * (nuint)Width));
                    }

                    Unsafe.Add(ref pass.Output, (row * Stride(layer.Outputs)) + (p * (nuint)Width) + column) = Apply(layer, sum);
                }
            }
        }
    }

    protected override void ForwardListed(int kernel, scoped ref readonly LayerPass pass)
    {
        var layer = Layer(kernel);
        var panel = (nuint)((layer.Inputs + 1) * Width);
        for (nuint row = 0; row < pass.Rows; row++)
        {
            for (var output = pass.Begin * (nuint)Width; output < pass.End * (nuint)Width; output++)
            {
                var at = (output / (nuint)Width * panel) + (output % (nuint)Width);
                var sum = Unsafe.Add(ref pass.Parameters, at + (nuint)(layer.Inputs * Width));
                for (nuint entry = 0; entry < pass.NonZeroCount; entry++)
                {
                    var input = (nuint)Unsafe.Add(ref pass.NonZero, entry);
                    sum += Unsafe.Add(ref pass.Input, (row * Stride(layer.Inputs)) + entry) * Unsafe.Add(ref pass.Parameters, at + (input * (nuint)Width));
                }

                Unsafe.Add(ref pass.Output, (row * Stride(layer.Outputs)) + output) = Apply(layer, sum);
            }
        }
    }

    protected override void ForwardSingle(int kernel, scoped ref readonly LayerPass pass)
    {
        var layer = Layer(kernel);
        var panel = (nuint)((layer.Inputs + 1) * Width);
        for (var p = pass.Begin; p < pass.End; p++)
        {
            for (nuint column = 0; column < (nuint)Width; column++)
            {
                var at = (p * panel) + column;
                var sum = Unsafe.Add(ref pass.Parameters, at + (nuint)(layer.Inputs * Width));
                for (nuint index = 0; index < pass.NonZeroCount; index++)
                {
                    var input = (nuint)Unsafe.Add(ref pass.NonZero, index);
                    sum += Unsafe.Add(ref pass.Input, input) * Unsafe.Add(ref pass.Parameters, at + (input * (nuint)Width));
                }

                Unsafe.Add(ref pass.Output, (p * (nuint)Width) + column) = Apply(layer, sum);
            }
        }
    }

    protected override void InputGradient(int kernel, scoped ref readonly LayerPass pass)
    {
        var layer = Layer(kernel);
        var below = Architecture.Layers[IndexOf(kernel) - 1];
        var panel = (nuint)((layer.Inputs + 1) * Width);
        for (nuint row = 0; row < pass.Rows; row++)
        {
            for (var input = pass.Begin; input < pass.End; input++)
            {
                var sum = 0f;
                for (nuint output = 0; output < (nuint)layer.Outputs; output++)
                {
                    var weight = (output / (nuint)Width * panel) + (output % (nuint)Width) + (input * (nuint)Width);
                    sum += Unsafe.Add(ref pass.OutputGradient, (row * Stride(layer.Outputs)) + output) * Unsafe.Add(ref pass.Parameters, weight);
                }

                var at = (row * Stride(layer.Inputs)) + input;
                Unsafe.Add(ref pass.InputGradient, at) = sum * Derivative(below, Unsafe.Add(ref pass.Input, at));
            }
        }
    }

    protected override void WeightGradient<TRule>(int kernel, scoped ref readonly TRule rule, scoped ref readonly LayerPass pass)
    {
        var layer = Layer(kernel);
        var panel = (nuint)((layer.Inputs + 1) * Width);
        Span<float> sums = stackalloc float[4];
        for (var p = pass.Begin; p < pass.End; p++)
        {
            for (nuint input = 0; input <= (nuint)layer.Inputs; input++)
            {
                for (nuint column = 0; column < (nuint)Width; column += 4)
                {
                    sums.Clear();
                    for (nuint row = 0; row < pass.Rows; row++)
                    {
                        var x = input == (nuint)layer.Inputs ? 1 : Unsafe.Add(ref pass.Input, (row * Stride(layer.Inputs)) + input);
                        for (nuint lane = 0; lane < 4; lane++)
                        {
                            sums[(int)lane] += x * Unsafe.Add(ref pass.OutputGradient, (row * Stride(layer.Outputs)) + (p * (nuint)Width) + column + lane);
                        }
                    }

                    ParameterUpdate.Apply(
                        in rule, Vector128.Create(sums), ref pass.Parameters, ref pass.FirstMoment, ref pass.SecondMoment, (p * panel) + (input * (nuint)Width) + column);
                }
            }
        }
    }

    protected override void WeightGradientListed<TRule>(int kernel, scoped ref readonly TRule rule, scoped ref readonly LayerPass pass)
    {
        var layer = Layer(kernel);
        var panel = (nuint)((layer.Inputs + 1) * Width);
        var height = (nuint)GradientPacking.Height(Width);
        var packs = GradientPacking.Applies(Architecture.BatchSize, layer.Inputs, layer.Outputs);
        Span<float> sums = stackalloc float[4];
        for (nuint entry = 0; entry < pass.NonZeroCount; entry++)
        {
            var input = (nuint)Unsafe.Add(ref pass.NonZero, entry);
            for (var output = pass.Begin * (nuint)Width; output < pass.End * (nuint)Width; output += 4)
            {
                sums.Clear();
                for (nuint row = 0; row < pass.Rows; row++)
                {
                    var x = packs
                        ? Unsafe.Add(ref pass.PackedInput, (((entry / height * pass.Rows) + row) * height) + (entry % height))
                        : Unsafe.Add(ref pass.Input, (row * Stride(layer.Inputs + ZeroSkipping.MostPadding)) + entry);
                    for (nuint lane = 0; lane < 4; lane++)
                    {
                        sums[(int)lane] += x * Unsafe.Add(ref pass.OutputGradient, (row * Stride(layer.Outputs)) + output + lane);
                    }
                }

                var at = (output / (nuint)Width * panel) + (input * (nuint)Width) + (output % (nuint)Width);
                ParameterUpdate.Apply(in rule, Vector128.Create(sums), ref pass.Parameters, ref pass.FirstMoment, ref pass.SecondMoment, at);
            }
        }
    }

    protected override void WeightGradientSingle<TRule>(int kernel, scoped ref readonly TRule rule, scoped ref readonly LayerPass pass) =>
        WeightGradient(kernel, in rule, in pass);

    protected override void InputGradientSingle(int kernel, scoped ref readonly LayerPass pass) =>
        throw new InvalidOperationException("No layer has a row of parameters for each node.");

    protected override void BackwardSingle<TRule>(int kernel, scoped ref readonly TRule rule, scoped ref readonly LayerPass pass)
    {
        var layer = Layer(kernel);
        var below = Architecture.Layers[IndexOf(kernel) - 1];
        var panel = (nuint)((layer.Inputs + 1) * Width);
        for (nuint index = 0; index < pass.NonZeroCount; index++)
        {
            var input = (nuint)Unsafe.Add(ref pass.NonZero, index);
            var sum = 0f;
            for (nuint output = 0; output < (nuint)layer.Outputs; output++)
            {
                sum += Unsafe.Add(ref pass.OutputGradient, output)
                    * Unsafe.Add(ref pass.Parameters, (output / (nuint)Width * panel) + (input * (nuint)Width) + (output % (nuint)Width));
            }

            Unsafe.Add(ref pass.InputGradient, input) = sum * Derivative(below, Unsafe.Add(ref pass.Input, input));
        }

        WeightGradient(kernel, in rule, in pass);
    }

    private LayerDescription Layer(int kernel) => Architecture.Layers[IndexOf(kernel)];

    private int IndexOf(int kernel)
    {
        var index = 0;
        while (Architecture.Layers[index].Kernel != kernel)
        {
            index++;
        }

        return index;
    }

    private static float Apply(LayerDescription layer, float z) => layer.Activation switch
    {
        Activation.Relu => Math.Max(z, 0),
        Activation.LeakyRelu => z > 0 ? z : layer.Slope * z,
        Activation.Sigmoid => 1 / (1 + MathF.Exp(-z)),
        Activation.Tanh => MathF.Tanh(z),
        _ => z,
    };

    private static float Derivative(LayerDescription layer, float a) => layer.Activation switch
    {
        Activation.Relu => a > 0 ? 1 : 0,
        Activation.LeakyRelu => a > 0 ? 1 : layer.Slope,
        Activation.Sigmoid => a * (1 - a),
        Activation.Tanh => 1 - (a * a),
        _ => 1,
    };
}
