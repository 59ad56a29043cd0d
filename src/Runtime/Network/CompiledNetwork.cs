namespace Whittle;

/// <summary>The base of every network that the generator compiles: its parameters, prediction and files.</summary>
public abstract class CompiledNetwork
{
    /// <summary>Called by generated constructors.</summary>
    /// <param name="declaration">What was declared.</param>
    /// <param name="seed">Seed of the initial weights.</param>
    /// <param name="depth">How many of the repeated layers this instance has; 0 for all.</param>
    protected CompiledNetwork(NetworkDescription declaration, ulong seed, int depth)
    {
        Architecture = declaration;
    }

    /// <summary>The architecture of this instance.</summary>
    public NetworkDescription Architecture { get; }

    /// <summary>Computes a = f(xW + b) of one compiled layer for the rows and panels of <paramref name="pass"/>.</summary>
    /// <param name="kernel">Index of the compiled layer.</param>
    /// <param name="pass">Reads Input and Parameters, writes Output.</param>
    protected internal abstract void Forward(int kernel, scoped ref readonly LayerPass pass);

    /// <summary>As <see cref="Forward"/> for a single row whose non-zero inputs are listed.</summary>
    /// <param name="kernel">Index of the compiled layer.</param>
    /// <param name="pass">Reads Input, NonZero and Parameters, writes Output.</param>
    protected internal abstract void ForwardSingle(int kernel, scoped ref readonly LayerPass pass);

    /// <summary>
    /// Computes (d W^T) * f'(a) where a and f are the output and the activation of the layer below: that layer's dL/dz.
    /// </summary>
    /// <param name="kernel">Index of the compiled layer.</param>
    /// <param name="pass">Reads OutputGradient, Parameters and Input, writes InputGradient from input Begin to End.</param>
    protected internal abstract void InputGradient(int kernel, scoped ref readonly LayerPass pass);

    /// <summary>Computes dL/dW = x^T d and dL/db, and updates weights, biases and moments with them, for the panels of <paramref name="pass"/>.</summary>
    /// <param name="kernel">Index of the compiled layer.</param>
    /// <param name="rule">The update rule of this step.</param>
    /// <param name="pass">Reads Input and OutputGradient, updates Parameters and moments.</param>
    protected internal abstract void WeightGradient<TRule>(int kernel, scoped ref readonly TRule rule, scoped ref readonly LayerPass pass)
        where TRule : struct, IUpdateRule;
}
