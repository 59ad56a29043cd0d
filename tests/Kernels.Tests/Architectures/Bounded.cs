namespace Whittle.Kernels.Tests;

/// <summary>
/// A number in double precision and a bound on how far the same number computed in single precision may be from it
/// (running error analysis: Higham, Accuracy and Stability of Numerical Algorithms, section 3.3).
/// </summary>
internal readonly record struct Bounded(double Value, double Error)
{
    /// <summary>Two half units in the last place of a float, relative: room for a product that is not fused with its sum.</summary>
    private const double Rounding = 1.0 / (1 << 23);

    /// <summary>How far sigmoid, tanh and exp may be from the truth.</summary>
    private const double FunctionError = 4e-7;

    public static implicit operator Bounded(float exact) => new(exact, 0);

    /// <summary>A function computed in single precision with a few roundings.</summary>
    public static Bounded Rounded(double value, double error, int roundings = 4) => new(value, error + (roundings * Rounding * Math.Abs(value)));

    public static Bounded operator *(Bounded left, Bounded right) => Rounded(left.Value * right.Value, ProductError(left, right));

    public static Bounded operator -(Bounded left, Bounded right) =>
        new(left.Value - right.Value, left.Error + right.Error + (Rounding * (Math.Abs(left.Value) + Math.Abs(right.Value))));

    /// <summary>addend + the sum of n products in any order, within (n + 8) 2^-23 of the sum of their magnitudes.</summary>
    public static Bounded Dot(int n, Func<int, Bounded> left, Func<int, Bounded> right, Bounded addend = default)
    {
        double sum = addend.Value, size = Math.Abs(addend.Value), error = addend.Error;
        for (var i = 0; i < n; i++)
        {
            var (l, r) = (left(i), right(i));
            sum += l.Value * r.Value;
            size += Math.Abs(l.Value * r.Value);
            error += ProductError(l, r);
        }

        return new(sum, error + ((n + 8) * Rounding * size));
    }

    /// <summary>f(z).</summary>
    public Bounded Activate(Activation activation, double slope)
    {
        var a = Reference.Activate(activation, slope, Value);
        return activation switch
        {
            Activation.Sigmoid => new(a, (Error / 4) + FunctionError),
            Activation.Tanh => new(a, Error + FunctionError),
            _ => Rounded(a, Error),
        };
    }

    /// <summary>f'(z): for ReLU and its leaky form unknown where the bound cannot tell the sign of z.</summary>
    public Bounded Derivative(Activation activation, double slope)
    {
        var a = Activate(activation, slope);
        var value = Reference.DerivativeAt(activation, slope, a.Value);
        var isUnclear = Error > 0 && Math.Abs(Value) <= Error;
        return activation switch
        {
            Activation.Relu => new(value, isUnclear ? 1 : 0),
            Activation.LeakyRelu => new(value, isUnclear ? 1 - slope : 0),
            Activation.Sigmoid => new(value, (Math.Abs(1 - (2 * a.Value)) * a.Error) + (a.Error * a.Error) + Rounding),
            Activation.Tanh => new(value, (2 * Math.Abs(a.Value) * a.Error) + (a.Error * a.Error) + Rounding),
            _ => new(value, 0),
        };
    }

    public bool Holds(double computed) => Math.Abs(computed - Value) <= Error;

    /// <summary>Fails a test in which the computed number is too far away.</summary>
    public void AssertHolds(double computed, string what, string where)
    {
        if (!Holds(computed))
        {
            Assert.Fail($"Expected {what} to be {Value:R} within {Error:R}, was {computed:R}, in {where}");
        }
    }

    /// <summary>Fails a test in which a computed parameter is too far away.</summary>
    public static void AssertHold(LayerParameters<Bounded>[] expected, LayerParameters<float>[] computed, string where)
    {
        for (var l = 0; l < expected.Length; l++)
        {
            for (var j = 0; j < expected[l].Biases.Length; j++)
            {
                expected[l].Biases[j].AssertHolds(computed[l].Biases[j], $"bias {j} of layer {l}", where);
                for (var i = 0; i < expected[l].Weights[j].Length; i++)
                {
                    expected[l].Weights[j][i].AssertHolds(computed[l].Weights[j][i], $"weight [{j}, {i}] of layer {l}", where);
                }
            }
        }
    }

    private static double ProductError(Bounded left, Bounded right) =>
        (Math.Abs(left.Value) * right.Error) + (Math.Abs(right.Value) * left.Error) + (left.Error * right.Error);
}
