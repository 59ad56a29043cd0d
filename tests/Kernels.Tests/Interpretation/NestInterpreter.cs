using Whittle.Generator.Isa;
using Whittle.Generator.Lowering;

namespace Whittle.Kernels.Tests;

/// <summary>
/// What a nest means: its loops run one float at a time, sums in double precision. The update rule of the meaning
/// subtracts the gradient and adds it to the first moment.
/// </summary>
internal sealed class NestInterpreter(Nest nest, KernelMemory memory, int panelWidth)
{
    private readonly Dictionary<string, int> indices = [];

    public void Run() => Over(nest.Outer, () =>
    {
        if (nest.Copy is { } copy)
        {
            CopiedPanel.Fill(memory, copy, indices[nest.Outer.Name], panelWidth);
        }

        Over(nest.Inner, () =>
        {
            if (nest.IsDotProduct)
            {
                Iterate(0);
                return;
            }

            // A panel axis counts panels, or their units in steps of a panel.
            var first = indices[nest.PanelAxis] * (nest.Outer.Step == 1 ? panelWidth : 1);
            for (var lane = 0; lane < panelWidth && first + lane < nest.Units; lane++)
            {
                Iterate(lane);
            }
        });
    });

    private void Iterate(int lane)
    {
        indices[Nest.Lane] = lane;
        var sum = Value(nest.Initial, 0);
        Over(nest.Reduction, () =>
        {
            for (var step = 0; step < (nest.IsDotProduct ? panelWidth : 1); step++)
            {
                indices[Nest.Lane] = nest.IsDotProduct ? step : lane;
                sum += Value(nest.Left, 0) * (nest.Right is null ? 1 : Value(nest.Right, 0));
                if (nest.Factor is { } factor)
                {
                    Update(nest.Right!.Buffer, Address(nest.Right.Address), Value(nest.Left, 0) * Value(factor, 0));
                }
            }
        });
        indices[Nest.Lane] = lane;
        if (nest.Epilogue is UpdateEpilogue { Rows: { } rows })
        {
            indices[rows.Index] = memory.Lists[rows.List][indices[nest.Inner!.Name]];
        }

        var address = Address(nest.Epilogue.Address);
        switch (nest.Epilogue)
        {
            case StoreEpilogue store:
                memory.Of(store.Target)[address] = (float)Value(store.Value, sum);
                break;
            case SignEpilogue signs:
                var unit = (indices[nest.PanelAxis] * panelWidth) + lane;
                ref var code = ref memory.Lists["codes"][Address(signs.Codes) + (unit / signs.Bits)];
                code |= Value(signs.Value, sum) < 0 ? 1 << (unit % signs.Bits) : 0;
                break;
            case UpdateEpilogue update:
                Update(update.Target, address, sum);
                break;
        }
    }

    private void Update(Generator.Lowering.Buffer target, int address, double gradient)
    {
        memory.Of(target)[address] -= (float)gradient;
        memory.Floats["firstMoment"][address] += (float)gradient;
    }

    private void Over(Axis? axis, Action body)
    {
        if (axis is null)
        {
            body();
            return;
        }

        IEnumerable<int> range = axis.Extent switch
        {
            ConstantExtent constant => Enumerable.Range(0, constant.Count),
            NamedExtent named => Enumerable.Range(0, memory.Numbers[named.Name]),
            RangeExtent => Enumerable.Range(memory.Numbers["begin"], memory.Numbers["end"] - memory.Numbers["begin"])
                .Where(index => (index - memory.Numbers["begin"]) % axis.Step == 0),
            ListExtent list => memory.List(list).ToArray(),
            _ => throw new InvalidOperationException(axis.ToString()),
        };
        foreach (var (position, index) in range.Index())
        {
            if (axis.Extent is ListExtent && (axis == nest.Reduction || axis == nest.Outer))
            {
                indices[Nest.Entry] = position;
            }

            indices[axis.Name] = index;
            body();
        }
    }

    private double Value(Expression expression, double sum)
    {
        switch (expression)
        {
            case Constant constant:
                return constant.Value;
            case Element element:
                return memory.Of(element.Buffer)[Address(element.Address) + (element.Buffer == Generator.Lowering.Buffer.PackedInput ? BeforeBlock() : 0)];
            case Accumulated:
                return sum;
            case Apply apply:
                var operands = apply.Operands.Select(operand => (float)Value(operand, sum)).Concat([0f, 0f]).ToArray();
                return InstructionTable.Scalar[apply.Operation].Meaning(operands[0], operands[1], operands[2]);
            default:
                throw new InvalidOperationException(expression.ToString());
        }
    }

    /// <summary>Blocks of packed inputs hold all rows, of which one is in the address already.</summary>
    private int BeforeBlock()
    {
        var height = GradientPacking.Height(panelWidth);
        return indices[nest.Inner!.Name] / height * height * (memory.Numbers["rows"] - 1);
    }

    private int Address(Affine address) => address.Constant + address.Terms.Sum(term => indices[term.Variable] * term.Coefficient);
}
