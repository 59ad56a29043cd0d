using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Whittle;

/// <summary>
/// The products of one sample over the weights between its non-zero inputs and its listed nodes only: s^2 of a layer's weights, where a share s
/// of its inputs and of its nodes is active. Four weights of a row at a time, in one order on every processor.
/// </summary>
/// <remarks>
/// Weights that lie apart cost more each than those of a whole row. bench/Kernels, ActivePairs: with a twentieth of 1000 inputs the
/// products take half of the time that rows take, with a tenth 0.85 of it, with a quarter 1.4 times as long.
/// </remarks>
internal static unsafe class ActivePairs
{
    private const int Group = 4;
    private const int LeastInputsForEachListed = 10;

    /// <summary>Whether so few inputs are not zero that whole rows take longer.</summary>
    /// <param name="nonZero">Inputs that are not zero.</param>
    /// <param name="inputs">All inputs.</param>
    public static bool Pay(int nonZero, int inputs) => (long)nonZero * LeastInputsForEachListed <= inputs;

    /// <summary>z = xW + b of the listed nodes.</summary>
    /// <param name="rows">The layer's parameters.</param>
    /// <param name="nodes">The nodes.</param>
    /// <param name="inputs">The inputs that are not zero.</param>
    /// <param name="values">Their values, side by side.</param>
    /// <param name="outputs">Receives z in the order of the list of nodes.</param>
    public static void Forward(NodeRows rows, ReadOnlySpan<int> nodes, ReadOnlySpan<int> inputs, ReadOnlySpan<float> values, Span<float> outputs)
    {
        fixed (float* first = &rows.First)
        fixed (float* value = values)
        fixed (int* input = inputs)
        {
            for (var entry = 0; entry < nodes.Length; entry++)
            {
                var row = first + (nodes[entry] * rows.Stride);
                Vector128<float> even = default, odd = default;
                var index = 0;
                for (; index + (2 * Group) <= inputs.Length; index += 2 * Group)
                {
                    even = Vector128.MultiplyAddEstimate(Load(row, input + index), Vector128.Load(value + index), even);
                    odd = Vector128.MultiplyAddEstimate(Load(row, input + index + Group), Vector128.Load(value + index + Group), odd);
                }

                var sum = Vector128.Sum(even + odd);
                for (; index < inputs.Length; index++)
                {
                    sum += row[input[index]] * value[index];
                }

                outputs[entry] = sum + rows.Bias(nodes[entry]);
            }
        }
    }

    /// <summary>dL/dx = d W^T of the listed inputs.</summary>
    /// <param name="rows">The layer's parameters.</param>
    /// <param name="nodes">The nodes; no other has a gradient.</param>
    /// <param name="gradients">d, each at its node.</param>
    /// <param name="inputs">The inputs that are not zero.</param>
    /// <param name="inputGradients">Receives their gradients, side by side.</param>
    public static void InputGradient(
        NodeRows rows, ReadOnlySpan<int> nodes, ReadOnlySpan<float> gradients, ReadOnlySpan<int> inputs, Span<float> inputGradients)
    {
        inputGradients[..inputs.Length].Clear();
        fixed (float* first = &rows.First)
        fixed (float* sum = inputGradients)
        fixed (int* input = inputs)
        {
            foreach (var node in nodes)
            {
                var row = first + (node * rows.Stride);
                var d = Vector128.Create(gradients[node]);
                var index = 0;
                for (; index + Group <= inputs.Length; index += Group)
                {
                    Vector128.MultiplyAddEstimate(Load(row, input + index), d, Vector128.Load(sum + index)).Store(sum + index);
                }

                for (; index < inputs.Length; index++)
                {
                    sum[index] += row[input[index]] * gradients[node];
                }
            }
        }
    }

    /// <summary>dL/dW = x^T d of the listed pairs, and their update; the bits are those of an update of whole rows.</summary>
    /// <param name="rule">A rule without moments that leaves weights without gradient as they are.</param>
    /// <param name="rows">The layer's parameters.</param>
    /// <param name="nodes">The nodes.</param>
    /// <param name="gradients">d, each at its node.</param>
    /// <param name="inputs">The inputs that are not zero.</param>
    /// <param name="values">Their values, side by side.</param>
    public static void Update<TRule>(
        scoped ref readonly TRule rule, NodeRows rows, ReadOnlySpan<int> nodes, ReadOnlySpan<float> gradients, ReadOnlySpan<int> inputs, ReadOnlySpan<float> values)
        where TRule : struct, IUpdateRule
    {
        Lanes4 first = default, second = default;
        fixed (float* weights = &rows.First)
        fixed (float* value = values)
        fixed (int* input = inputs)
        {
            foreach (var node in nodes)
            {
                var row = weights + (node * rows.Stride);
                var d = Vector128.Create(gradients[node]);
                var index = 0;
                for (; index + Group <= inputs.Length; index += Group)
                {
                    var gradient = new Lanes4(d * Vector128.Load(value + index));
                    Store(rule.Update(new Lanes4(Load(row, input + index)), gradient, ref first, ref second).Value, row, input + index);
                }

                for (; index < inputs.Length; index++)
                {
                    var weight = new Lanes4(Vector128.CreateScalar(row[input[index]]));
                    var gradient = new Lanes4(Vector128.CreateScalar(gradients[node] * value[index]));
                    row[input[index]] = rule.Update(weight, gradient, ref first, ref second).Value.ToScalar();
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Load(float* row, int* input) => Vector128.Create(row[input[0]], row[input[1]], row[input[2]], row[input[3]]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<float> values, float* row, int* input)
    {
        for (var lane = 0; lane < Group; lane++)
        {
            row[input[lane]] = values.GetElement(lane);
        }
    }
}
