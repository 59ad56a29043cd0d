namespace Whittle.Examples.Networks;

/// <summary>Runs one kernel on its own, to measure it: generated kernels are protected, so the declared class opens them.</summary>
public interface IRunsKernels
{
    /// <summary>Runs the kernel of <paramref name="product"/> for a compiled layer; the weight gradient with a learning rate of zero.</summary>
    void Run(KernelProduct product, int kernel, scoped ref readonly LayerPass pass);
}
