using Whittle.Generator.Lowering;

namespace Whittle.Generator.Isa;

/// <summary>One instruction as data: how it is written, what it means, and what the processor must have.</summary>
/// <param name="Operation">What it does.</param>
/// <param name="Template">Its C# text with the operands as {0}, {1}, {2}.</param>
/// <param name="Meaning">What it computes in each lane; absent operands are zero.</param>
/// <param name="Precondition">The C# condition under which it is fast, checked by the runtime's choice of instruction set.</param>
internal sealed record Instruction(
    Operation Operation,
    string Template,
    Func<float, float, float, float> Meaning,
    string Precondition);
