using Whittle.Generator.Emit;

namespace Whittle.Generator.Lowering;

/// <summary>Activation functions and their derivatives as expressions.</summary>
internal static class ActivationFunction
{
    /// <summary>What names of generated classes tell of a function, such as <c>_Relu</c>; nothing for the identity.</summary>
    public static string Suffix(Activation activation, float slope) => activation switch
    {
        Activation.Identity => "",
        Activation.LeakyRelu => "_LeakyRelu" + Literal.Identifier(slope),
        _ => "_" + activation,
    };

    /// <summary>f(z) of a kernel's layer.</summary>
    public static Expression Of(KernelSpec kernel, Expression z) => Of(kernel.Activation, kernel.Slope, z);

    /// <summary>f(z). A z that is not a number stays so: it is the second operand of every maximum.</summary>
    public static Expression Of(Activation activation, float slope, Expression z) => activation switch
    {
        Activation.Relu => Expression.Of(Operation.Max, new Constant(0), z),
        Activation.LeakyRelu => Expression.Of(Operation.Max, Expression.Of(Operation.Multiply, new Constant(slope), z), z),
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

    /// <summary>gradient * f'(z) of a kernel's layer below.</summary>
    public static Expression TimesDerivative(KernelSpec kernel, Expression gradient, Expression a) => TimesDerivative(kernel.Activation, kernel.Slope, gradient, a);

    /// <summary>gradient * f'(z), with f' told from a = f(z).</summary>
    public static Expression TimesDerivative(Activation activation, float slope, Expression gradient, Expression a) => activation switch
    {
        Activation.Relu => Expression.Of(Operation.SelectPositive, a, gradient, new Constant(0)),
        Activation.LeakyRelu => Expression.Of(Operation.SelectPositive, a, gradient, Expression.Of(Operation.Multiply, new Constant(slope), gradient)),
        Activation.Sigmoid => Expression.Of(Operation.Multiply, gradient, Expression.Of(Operation.Multiply, a, Expression.Of(Operation.Subtract, new Constant(1), a))),
        Activation.Tanh => Expression.Of(Operation.Multiply, gradient, Expression.Of(Operation.Subtract, new Constant(1), Expression.Of(Operation.Multiply, a, a))),
        _ => gradient,
    };
}
