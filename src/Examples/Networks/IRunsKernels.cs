namespace Whittle.Examples.Networks;

/// <summary>Runs one kernel on its own, to measure it: generated kernels are protected, so the declared class opens them.</summary>
public interface IRunsKernels
{
    /// <summary>Runs the kernel of <paramref name="product"/> for a compiled layer; the weight gradient updates by plain descent.</summary>
    void Run(KernelProduct product, int kernel, float learningRate, scoped ref readonly LayerPass pass);
}
