using Whittle.Generator.Model;

namespace Whittle.Generator.Lowering;

/// <summary>What an instruction does with its operands, lane by lane.</summary>
internal enum Operation
{
    Add,
    Subtract,
    Multiply,
    Divide,

    /// <summary>a * b + c.</summary>
    MultiplyAdd,

    /// <summary>The larger operand; the second when either is not a number.</summary>
    Max,

    /// <summary>exp(a).</summary>
    Exp,

    /// <summary>a &gt; 0 ? b : c.</summary>
    SelectPositive,
}

/// <summary>A value: one float in a <see cref="Nest"/>, a vector in a <see cref="KernelProgram"/>.</summary>
internal abstract record Expression
{
    /// <summary>Rebuilds the expression with every leaf replaced.</summary>
    public Expression Replace(Func<Expression, Expression> leaf) => this is Apply apply
        ? new Apply(apply.Operation, apply.Operands.Select(operand => operand.Replace(leaf)).ToEquatableArray())
        : leaf(this);

    public IEnumerable<Expression> Leaves() =>
        this is Apply apply ? apply.Operands.SelectMany(operand => operand.Leaves()) : [this];

    public static Expression Of(Operation operation, params Expression[] operands) =>
        new Apply(operation, operands.ToEquatableArray());
}

/// <summary>An operation on operands.</summary>
internal sealed record Apply(Operation Operation, EquatableArray<Expression> Operands) : Expression;

/// <summary>A number.</summary>
internal sealed record Constant(float Value) : Expression;

/// <summary>One element of a buffer. Only in a nest: tiling turns it into a load or a broadcast.</summary>
internal sealed record Element(Buffer Buffer, Affine Address) : Expression;

/// <summary>The finished sum of the reduction. Only in the epilogue of a nest.</summary>
internal sealed record Accumulated : Expression;

/// <summary>A named vector.</summary>
internal sealed record Register(string Name) : Expression;

/// <summary>Consecutive floats of a view.</summary>
internal sealed record Load(string View, Affine Address) : Expression;

/// <summary>Floats of a view at the indices that a list holds from an entry on.</summary>
internal sealed record Gather(string View, string List, Affine Entry) : Expression;

/// <summary>One float of a view in every lane.</summary>
internal sealed record Broadcast(string View, Affine Address) : Expression;

/// <summary>The sum over the lanes of each named vector: one lane for one, four for four.</summary>
internal sealed record SumOfLanes(EquatableArray<string> Registers) : Expression;
