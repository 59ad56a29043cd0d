namespace Whittle;

/// <summary>
/// What the generator implements for a class declared with <see cref="NetworkAttribute"/>. Declaring
/// <c>partial class Digits : INetwork&lt;Digits&gt;</c> turns a missing generator into a compile error.
/// </summary>
/// <typeparam name="TSelf">The declared class itself.</typeparam>
public interface INetwork<TSelf>
    where TSelf : CompiledNetwork, INetwork<TSelf>
{
    /// <summary>What was declared: inputs, batch size, loss and layers, repeated layers at their most.</summary>
    static abstract NetworkDescription Declaration { get; }

    /// <summary>The kernels compiled for the declaration, with their schedules, for every instruction set.</summary>
    static abstract IReadOnlyList<KernelPlan> Kernels { get; }

    /// <summary>Makes a network with freshly initialised weights.</summary>
    /// <param name="seed">Seed of the initial weights: the same seed gives the same weights.</param>
    /// <param name="depth">How many of the repeated layers it has; 0 for all.</param>
    static abstract TSelf Create(ulong seed, int depth);
}
