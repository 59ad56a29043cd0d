namespace Whittle.Runtime.Tests.Optimization;

/// <summary>One parameter and its moments in double precision, under the optimisers as PyTorch defines them, by name.</summary>
internal sealed class ReferenceParameter(double value, string name)
{
    public const double Rate = 0.05;

    private double first = name.StartsWith("adagrad initial", StringComparison.Ordinal) ? 0.3 : 0;
    private double second;

    public static string[] Names { get; } =
    [
        "sgd", "sgd decay", "momentum", "momentum decay", "nesterov", "adam", "adam decay", "adamw", "adagrad", "adagrad initial decay",
    ];

    public double Value { get; private set; } = value;

    public static Optimizer OptimizerOf(string name) => name switch
    {
        "sgd" => Optimizer.Sgd(0.05f),
        "sgd decay" => Optimizer.Sgd(0.05f, weightDecay: 0.1f),
        "momentum" => Optimizer.Sgd(0.05f, 0.9f),
        "momentum decay" => Optimizer.Sgd(0.05f, 0.9f, weightDecay: 0.1f),
        "nesterov" => Optimizer.Sgd(0.05f, 0.9f, nesterov: true, weightDecay: 0.1f),
        "adam" => Optimizer.Adam(0.05f),
        "adam decay" => Optimizer.Adam(0.05f, 0.8f, 0.95f, 1e-3f, 0.1f),
        "adamw" => Optimizer.AdamW(0.05f, weightDecay: 0.1f),
        "adagrad" => Optimizer.Adagrad(0.05f, epsilon: 1e-3f),
        "adagrad initial decay" => Optimizer.Adagrad(0.05f, initialAccumulator: 0.3f, weightDecay: 0.1f),
        _ => throw new ArgumentException(name),
    };

    /// <summary>A step with a gradient.</summary>
    public void Update(double g, int step, double rate = Rate)
    {
        var decay = name.Contains("decay", StringComparison.Ordinal) || name is "nesterov" ? 0.1 : 0;
        g += decay * Value;
        if (name.StartsWith("sgd", StringComparison.Ordinal))
        {
            Value -= rate * g;
        }
        else if (name.StartsWith("adagrad", StringComparison.Ordinal))
        {
            first += g * g;
            Value -= rate * g / (Math.Sqrt(first) + (name == "adagrad" ? 1e-3 : 1e-10));
        }
        else if (name.StartsWith("adam", StringComparison.Ordinal))
        {
            var (beta1, beta2, epsilon) = Betas;
            Value -= name == "adamw" ? rate * 0.1 * Value : 0;
            first = (beta1 * first) + ((1 - beta1) * g);
            second = (beta2 * second) + ((1 - beta2) * g * g);
            Value -= rate * (first / (1 - Math.Pow(beta1, step))) / (Math.Sqrt(second / (1 - Math.Pow(beta2, step))) + epsilon);
        }
        else
        {
            first = (0.9 * first) + g;
            Value -= rate * (name == "nesterov" ? g + (0.9 * first) : first);
        }
    }

    /// <summary>A step that does not touch the parameter's row: everything decays, densely, and nothing else happens.</summary>
    public void Miss(double rate = Rate)
    {
        Value -= name is "sgd decay" or "adamw" ? rate * 0.1 * Value : 0;
        if (name.StartsWith("adam", StringComparison.Ordinal))
        {
            first *= Betas.Beta1;
            second *= Betas.Beta2;
        }
        else if (name.StartsWith("momentum", StringComparison.Ordinal) || name == "nesterov")
        {
            first *= 0.9;
        }
    }

    private (double Beta1, double Beta2, double Epsilon) Betas => name == "adam decay" ? (0.8, 0.95, 1e-3) : (0.9, 0.999, 1e-8);
}
