using Whittle.Generator.Lowering;

namespace Whittle.Generator.Isa;

/// <summary>An instruction set: its vectors and its instructions. Adding one is adding a table.</summary>
internal sealed class InstructionTable
{
    private const string Always = "true";

    private readonly Dictionary<Operation, Instruction> instructions;

    private InstructionTable(string name, string words, int lanes, int registers, string vector, IEnumerable<Instruction> instructions)
    {
        Name = name;
        Words = words;
        Lanes = lanes;
        Registers = registers;
        VectorType = vector + "<float>";
        Vector = vector;
        this.instructions = instructions.ToDictionary(instruction => instruction.Operation);
    }

    /// <summary>512-bit vectors.</summary>
    public static InstructionTable Avx512 { get; } = new(
        "Avx512", "AVX-512", 16, 32, "Vector512", Vectors("Vector512", "FusedMultiplyAdd", "Vector512.IsHardwareAccelerated && Avx512F.IsSupported"));

    /// <summary>256-bit vectors with fused multiply-add.</summary>
    public static InstructionTable Avx2 { get; } = new(
        "Avx2", "AVX2", 8, 16, "Vector256", Vectors("Vector256", "FusedMultiplyAdd", "Avx2.IsSupported && Fma.IsSupported"));

    /// <summary>
    /// 128-bit vectors of any processor. The estimate multiplies and adds in two roundings where nothing fuses them; a
    /// fused one in software is some 75 times slower.
    /// </summary>
    public static InstructionTable Portable { get; } = new(
        "Portable", "portable 128-bit vectors", 4, 16, "Vector128", Vectors("Vector128", "MultiplyAddEstimate", Always));

    /// <summary>Single floats, for what is left over.</summary>
    public static InstructionTable Scalar { get; } = new(
        "Scalar", "single floats", 1, 16, "float", Scalars());

    /// <summary>The sets that every kernel is emitted in, widest first.</summary>
    public static IReadOnlyList<InstructionTable> All { get; } = [Avx512, Avx2, Portable];

    /// <summary>Name as in the runtime's InstructionSet.</summary>
    public string Name { get; }

    /// <summary>Name in prose.</summary>
    public string Words { get; }

    /// <summary>Floats in a vector.</summary>
    public int Lanes { get; }

    /// <summary>Vector registers of the processor.</summary>
    public int Registers { get; }

    /// <summary>C# type of a vector.</summary>
    public string VectorType { get; }

    private string Vector { get; }

    public static InstructionTable Named(string name) => All.First(table => table.Name == name);

    /// <summary>The table for vectors of a width within this set: its own, or a narrower one's.</summary>
    public InstructionTable For(int lanes) =>
        lanes == Lanes ? this : new[] { Portable, Scalar }.First(table => table.Lanes == lanes);

    public Instruction this[Operation operation] => instructions[operation];

    public string LoadTemplate => Lanes == 1 ? "Unsafe.Add(ref {0}, {1})" : Vector + ".LoadUnsafe(ref {0}, {1})";

    public string GatherTemplate => "LaneGather.Of" + Lanes.ToString(System.Globalization.CultureInfo.InvariantCulture) + "(ref {0}, ref {1}, {2})";

    public string StoreTemplate => Lanes == 1 ? "Unsafe.Add(ref {0}, {1}) = {2}" : "{2}.StoreUnsafe(ref {0}, {1})";

    public string BroadcastTemplate => Lanes == 1 ? "Unsafe.Add(ref {0}, {1})" : Vector + ".Create(Unsafe.Add(ref {0}, {1}))";

    public string ConstantTemplate => Lanes == 1 ? "{0}" : Vector + ".Create({0})";

    public string ZeroTemplate => Lanes == 1 ? "0f" : VectorType + ".Zero";

    /// <summary>The sum over the lanes of one vector, a float, or of four, a Vector128.</summary>
    public string SumTemplate(int vectors) => vectors == 1 ? Vector + ".Sum({0})" : "LaneSums.Of({0}, {1}, {2}, {3})";

    /// <summary>A bit for each lane of a vector, set below zero.</summary>
    public string SignsTemplate => Vector + ".LessThan({0}, " + ZeroTemplate + ").ExtractMostSignificantBits()";

    private static IEnumerable<Instruction> Vectors(string vector, string multiplyAdd, string precondition)
    {
        Instruction Row(Operation operation, string template, Func<float, float, float, float> meaning) =>
            new(operation, template.Replace("Vector.", vector + ".").Replace("Vector<", vector + "<"), meaning, precondition);

        yield return Row(Operation.Add, "({0} + {1})", (a, b, _) => a + b);
        yield return Row(Operation.Subtract, "({0} - {1})", (a, b, _) => a - b);
        yield return Row(Operation.Multiply, "({0} * {1})", (a, b, _) => a * b);
        yield return Row(Operation.Divide, "({0} / {1})", (a, b, _) => a / b);
        yield return Row(Operation.MultiplyAdd, "Vector." + multiplyAdd + "({0}, {1}, {2})", (a, b, c) => (float)(((double)a * b) + c));
        yield return Row(Operation.Max, "Vector.MaxNative({0}, {1})", (a, b, _) => a > b ? a : b);
        yield return Row(Operation.Exp, "Vector.Exp({0})", (a, _, _) => (float)Math.Exp(a));
        yield return Row(
            Operation.SelectPositive,
            "Vector.ConditionalSelect(Vector.GreaterThan({0}, Vector<float>.Zero), {1}, {2})",
            (a, b, c) => a > 0 ? b : c);
    }

    private static IEnumerable<Instruction> Scalars()
    {
        Instruction Row(Operation operation, string template, Func<float, float, float, float> meaning) =>
            new(operation, template, meaning, Always);

        yield return Row(Operation.Add, "({0} + {1})", (a, b, _) => a + b);
        yield return Row(Operation.Subtract, "({0} - {1})", (a, b, _) => a - b);
        yield return Row(Operation.Multiply, "({0} * {1})", (a, b, _) => a * b);
        yield return Row(Operation.Divide, "({0} / {1})", (a, b, _) => a / b);
        yield return Row(Operation.MultiplyAdd, "(({0} * {1}) + {2})", (a, b, c) => (a * b) + c);
        yield return Row(Operation.Max, "({0} > {1} ? {0} : {1})", (a, b, _) => a > b ? a : b);
        yield return Row(Operation.Exp, "global::System.MathF.Exp({0})", (a, _, _) => (float)Math.Exp(a));
        yield return Row(Operation.SelectPositive, "({0} > 0f ? {1} : {2})", (a, b, c) => a > 0 ? b : c);
    }
}
