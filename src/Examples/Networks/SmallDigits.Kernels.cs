namespace Whittle.Examples.Networks;

public sealed partial class SmallDigits : IRunsKernels
{
    void IRunsKernels.Run(KernelProduct product, int kernel, float learningRate, scoped ref readonly LayerPass pass)
    {
        var rule = new SgdRule(learningRate);
        switch (product)
        {
            case KernelProduct.Forward: Forward(kernel, in pass); break;
            case KernelProduct.ForwardListed: ForwardListed(kernel, in pass); break;
            case KernelProduct.ForwardSingle: ForwardSingle(kernel, in pass); break;
            case KernelProduct.InputGradient: InputGradient(kernel, in pass); break;
            case KernelProduct.WeightGradient: WeightGradient(kernel, in rule, in pass); break;
            case KernelProduct.WeightGradientListed: WeightGradientListed(kernel, in rule, in pass); break;
            case KernelProduct.WeightGradientSingle: WeightGradientSingle(kernel, in rule, in pass); break;
            case KernelProduct.BackwardSingle: BackwardSingle(kernel, in rule, in pass); break;
            default: throw new ArgumentOutOfRangeException(nameof(product));
        }
    }
}
