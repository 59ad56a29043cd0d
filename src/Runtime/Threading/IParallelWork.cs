namespace Whittle;

/// <summary>Work in parts that may run at the same time, in any order, on any thread.</summary>
internal interface IParallelWork
{
    /// <summary>Runs one part.</summary>
    /// <param name="part">Index of the part.</param>
    /// <param name="parts">How many there are.</param>
    void Run(int part, int parts);
}
