namespace Whittle;

public abstract partial class CompiledNetwork
{
    /// <content>Steps of one sample in a layer above another one with few active nodes: each product visits the weights between the two sets.</content>
    internal sealed unsafe partial class LayerRunner
    {
        /// <summary>
        /// Lists the inputs that are not zero if a step of one sample had better walk these alone. Below must be ReLU, whose zeros have no
        /// gradient.
        /// </summary>
        private void ListPairs(Workspace workspace, int layer, int rows, SampledLayers? sampling)
        {
            workspace.NonZeroCounts[layer] = 0;
            if (!workspace.WalksPairs || rows > 1 || layer == 0 || sampling?[layer]?.Active is null
                || layers[layer - 1] is not { Activation: Activation.Relu, Residual: 0 })
            {
                return;
            }

            var count = ListInputs(workspace, layer);
            if (ActivePairs.Pay(count, layout.Layers[layer].Inputs))
            {
                workspace.NonZeroCounts[layer] = count;
            }
        }

        private static bool HasPairs(Workspace workspace, int layer) => workspace.NonZeroCounts[layer] > 0;

        private void ForwardPairs(float* parameters, Workspace workspace, int layer, IndexSample nodes)
        {
            var inputs = NonZeroInputs(workspace, layer);
            var outputs = workspace.NodeValues[..nodes.Count];
            ActivePairs.Forward(Parameters(parameters, layer), nodes.Indices, inputs, InputValues(workspace, layer, inputs), outputs);
            if (!layers[layer].ComputesPreactivations)
            {
                ActivationFunction.Apply(layers[layer], outputs);
            }

            Scatter(outputs, nodes.Indices, Output(workspace, layer, row: 0));
        }

        private void InputGradientOfPairs(float* parameters, Workspace workspace, int layer, IndexSample nodes)
        {
            var inputs = NonZeroInputs(workspace, layer);
            var gradients = new Span<float>(workspace.PackedInputs, inputs.Length);
            ActivePairs.InputGradient(Parameters(parameters, layer), nodes.Indices, Gradients(workspace, layer, rows: 1)[0], inputs, gradients);
            var below = new Span<float>(GradientsBelow(workspace, layer), layout.Layers[layer].Inputs);
            below.Clear();
            Scatter(gradients, inputs, below);
        }

        private void UpdatePairs<TRule>(scoped ref readonly TRule rule, float* parameters, Workspace workspace, int layer, IndexSample nodes)
            where TRule : struct, IUpdateRule
        {
            var inputs = NonZeroInputs(workspace, layer);
            var gradients = Gradients(workspace, layer, rows: 1)[0];
            ActivePairs.Update(in rule, Parameters(parameters, layer), nodes.Indices, gradients, inputs, InputValues(workspace, layer, inputs));
        }

        private static ReadOnlySpan<int> NonZeroInputs(Workspace workspace, int layer) => new(workspace.NonZero(layer), workspace.NonZeroCounts[layer]);

        /// <summary>The values of listed inputs, side by side.</summary>
        private ReadOnlySpan<float> InputValues(Workspace workspace, int layer, ReadOnlySpan<int> inputs)
        {
            var values = new Span<float>(workspace.PackedInputs, inputs.Length);
            Gather(workspace.Row(layer, 0, layout.Layers[layer].Inputs), inputs, values);
            return values;
        }
    }
}
