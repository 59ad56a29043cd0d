namespace Whittle;

public abstract partial class CompiledNetwork
{
    /// <content>What the parts of a product share.</content>
    internal sealed unsafe partial class LayerRunner
    {
        /// <summary>A layer and the memory that a product of it runs on.</summary>
        private readonly struct LayerWork(LayerRunner runner, float* parameters, Workspace workspace, int layer, int rows)
        {
            public CompiledNetwork Network => runner.network;

            public int Kernel => runner.kernels[layer];

            public int Rows => rows;

            public Workspace Workspace => workspace;

            public nuint InputStride => workspace.Stride(layer);

            public nuint OutputStride => workspace.Stride(layer + 1);

            public LayerLayout Shape => runner.layout.Layers[layer];

            public int Width => runner.layout.Width;

            public float* GradientsBelow => runner.GradientsBelow(workspace, layer);

            /// <summary>The pass over a single row of the batch.</summary>
            public LayerPass Row(int row)
            {
                var pass = runner.Pass(parameters, workspace, layer, 1);
                pass.Input = ref *(workspace.Activations(layer) + ((nuint)row * workspace.Stride(layer)));
                pass.Output = ref *(workspace.Outputs(layer) + ((nuint)row * workspace.Stride(layer + 1)));
                pass.OutputGradient = ref *(workspace.Gradients(layer) + ((nuint)row * workspace.Stride(layer + 1)));
                if (layer > 0)
                {
                    pass.InputGradient = ref *(GradientsBelow + ((nuint)row * workspace.Stride(layer)));
                }

                return pass;
            }

            /// <summary>Runs the forward kernel for as many rows as the pass has.</summary>
            public void RunForward(scoped ref readonly LayerPass pass)
            {
                if (pass.Rows == 1)
                {
                    Network.ForwardSingle(Kernel, in pass);
                }
                else
                {
                    Network.Forward(Kernel, in pass);
                }
            }

            /// <summary>Runs the kernel of the input gradient for as many rows as the pass has.</summary>
            public void RunInputGradient(scoped ref readonly LayerPass pass)
            {
                if (pass.Rows == 1)
                {
                    Network.InputGradientSingle(Kernel, in pass);
                }
                else
                {
                    Network.InputGradient(Kernel, in pass);
                }
            }

            /// <summary>The pass over one part of the layer's panels.</summary>
            public LayerPass Panels(int part, int parts)
            {
                var pass = runner.Pass(parameters, workspace, layer, rows);
                (pass.Begin, pass.End) = Part(runner.layout.Layers[layer].Panels, 1, part, parts);
                return pass;
            }

            /// <summary>The pass over one part of a list of nodes, whole panels of them, and all inputs.</summary>
            public LayerPass Nodes(IndexSample nodes, int part, int parts)
            {
                var pass = runner.Pass(parameters, workspace, layer, rows);
                pass.Transposed = ref *workspace.Transposed(part);
                pass.Nodes = ref nodes.FirstIndex;
                pass.NodeCount = (nuint)nodes.Count;
                pass.NonZeroCount = (nuint)Shape.Inputs;
                (pass.Begin, pass.End) = Part(nodes.Count, runner.layout.Width, part, parts);
                return pass;
            }

            /// <summary>The pass over one part of the layer's inputs, whole panels of them.</summary>
            public LayerPass Inputs(int part, int parts)
            {
                var pass = runner.Pass(parameters, workspace, layer, rows);
                pass.InputGradient = ref *runner.GradientsBelow(workspace, layer);
                pass.Transposed = ref *workspace.Transposed(part);
                (pass.Begin, pass.End) = Part(runner.layout.Layers[layer].Inputs, runner.layout.Width, part, parts);
                return pass;
            }
        }
    }
}
