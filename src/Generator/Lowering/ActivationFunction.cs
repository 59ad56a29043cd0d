namespace Whittle.Generator.Lowering;

/// <summary>Activation functions and their derivatives as expressions.</summary>
internal static class ActivationFunction
{
    /// <summary>f(z). A z that is not a number stays so: it is the second operand of every maximum.</summary>
    public static Expression Of(KernelSpec kernel, Expression z) => kernel.Activation switch
    {
        Activation.Relu => Expression.Of(Operation.Max, new Constant(0), z),
        Activation.LeakyRelu => Expression.Of(Operation.Max, Expression.Of(Operation.Multiply, new Constant(kernel.Slope), z), z),
        Activation.Sigmoid => Expression.Of(
            Operation.Divide,
            new Constant(1),
            Expression.Of(Operation.Add, new Constant(1), Expression.Of(Operation.Exp, Expression.Of(Operation.Subtract, new Constant(0), z)))),
        Activation.Tanh => Expression.Of(
            Operation.Subtract,
            new Constant(1),
            Expression.Of(Operation.Divide, new Constant(2), Expression.Of(Operation.Add, Expression.Of(Operation.Exp, Expression.Of(Operation.Add, z, z)), new Constant(1)))),
        _ => z,
    };

    /// <summary>gradient * f'(z), with f' told from a = f(z).</summary>
    public static Expression TimesDerivative(KernelSpec kernel, Expression gradient, Expression a) => kernel.Activation switch
    {
        Activation.Relu => Expression.Of(Operation.SelectPositive, a, gradient, new Constant(0)),
        Activation.LeakyRelu => Expression.Of(Operation.SelectPositive, a, gradient, Expression.Of(Operation.Multiply, new Constant(kernel.Slope), gradient)),
        Activation.Sigmoid => Expression.Of(Operation.Multiply, gradient, Expression.Of(Operation.Multiply, a, Expression.Of(Operation.Subtract, new Constant(1), a))),
        Activation.Tanh => Expression.Of(Operation.Multiply, gradient, Expression.Of(Operation.Subtract, new Constant(1), Expression.Of(Operation.Multiply, a, a))),
        _ => gradient,
    };
}
