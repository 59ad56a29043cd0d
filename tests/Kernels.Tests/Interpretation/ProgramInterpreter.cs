using Whittle.Generator.Isa;
using Whittle.Generator.Lowering;

namespace Whittle.Kernels.Tests;

/// <summary>Runs a kernel program statement by statement, each instruction by its meaning in the instruction table.</summary>
internal sealed class ProgramInterpreter(KernelProgram program, InstructionTable isa, KernelMemory memory)
{
    public void Run()
    {
        var frame = new Frame();
        foreach (var (name, floats) in memory.Floats)
        {
            frame.Views[name] = (floats, 0);
        }

        foreach (var (name, list) in memory.Lists)
        {
            frame.Lists[name] = (list, 0);
        }

        foreach (var (name, number) in memory.Numbers)
        {
            frame.Numbers[name] = number;
        }

        Execute(program.Procedures[0].Body, frame);
    }

    private void Execute(IEnumerable<Statement> statements, Frame frame)
    {
        foreach (var statement in statements)
        {
            Execute(statement, frame);
        }
    }

    private void Execute(Statement statement, Frame frame)
    {
        switch (statement)
        {
            case Comment:
                break;
            case Scope scope:
                Execute(scope.Body, frame);
                break;
            case DeclareNumber number:
                var value = number.Source is null ? 0 : frame.Numbers[number.Source];
                frame.Numbers[number.Name] = Math.Min(value, number.AtMost ?? int.MaxValue);
                break;
            case Loop loop:
                for (; frame.Numbers[loop.Variable] + loop.Step <= frame.Address(loop.End); frame.Numbers[loop.Variable] += loop.Step)
                {
                    Execute(loop.Body, frame);
                }

                break;
            case DeclareIndex index:
                frame.Numbers[index.Name] = frame.Entry(index.List, index.Entry);
                break;
            case DeclareProduct product:
                frame.Numbers[product.Name] = frame.Numbers[product.Left] * frame.Numbers[product.Right];
                break;
            case DeclareInLast number:
                frame.Numbers[number.Name] = frame.Numbers[number.Variable] + (2 * number.Step) > frame.Address(number.End) ? number.Value : 0;
                break;
            case PrefetchSecondLevel:
                break;
            case Prefetch prefetch:
                frame.Floats(prefetch.View, prefetch.Address, 1);
                break;
            case CopyPanel panel:
                CopiedPanel.Fill(memory, panel.Copy, frame.Numbers[panel.Position], panel.PanelWidth);
                break;
            case DeclareScratch scratch:
                frame.Views[scratch.Name] = (new float[scratch.Count], 0);
                break;
            case Assign assign:
                frame.Registers[assign.Register] = Value(assign.Value, assign.Lanes, frame);
                break;
            case Store store:
                Value(store.Value, store.Lanes, frame).CopyTo(frame.Floats(store.View, store.Address, store.Lanes));
                break;
            case Update update:
                var gradient = Value(update.Gradient, update.Lanes, frame);
                var parameters = frame.Floats(update.View, update.Address, update.Lanes);
                var moments = frame.Floats("firstMoment", update.Address, update.Lanes);
                for (var lane = 0; lane < update.Lanes; lane++)
                {
                    parameters[lane] -= gradient[lane];
                    moments[lane] += gradient[lane];
                }

                break;
            case CollectSigns signs:
                var below = frame.Floats(signs.View, signs.Address, signs.Lanes);
                for (var lane = 0; lane < signs.Lanes; lane++)
                {
                    var before = signs.FirstBit + lane == 0 ? 0 : frame.Words[signs.Word];
                    frame.Words[signs.Word] = before | (below[lane] < 0 ? 1ul << (signs.FirstBit + lane) : 0);
                }

                break;
            case StoreCode code:
                var word = (UInt128)frame.Words[code.Word] | ((UInt128)(code.NextWord is null ? 0 : frame.Words[code.NextWord]) << 64);
                frame.Entry(code.List, code.Entry) = (int)(uint)((word >> code.FirstBit) & ((1u << code.Bits) - 1));
                break;
            case Call call:
                var procedure = program.Procedures.Single(candidate => candidate.Name == call.Procedure);
                var inner = new Frame();
                foreach (var (name, view) in procedure.Views.Zip(call.Views))
                {
                    var (floats, offset) = frame.Views[view.Source];
                    inner.Views[name] = (floats, offset + frame.Address(view.Address));
                }

                foreach (var (name, list) in procedure.Lists.Zip(call.Lists))
                {
                    var (items, first) = frame.Lists[list.Source];
                    inner.Lists[name] = (items, first + frame.Address(list.Address));
                }

                foreach (var name in procedure.Numbers)
                {
                    inner.Numbers[name] = frame.Numbers[name];
                }

                Execute(procedure.Body, inner);
                break;
            default:
                throw new InvalidOperationException(statement.ToString());
        }
    }

    private float[] Value(Expression expression, int lanes, Frame frame)
    {
        switch (expression)
        {
            case Constant constant:
                return Enumerable.Repeat(constant.Value, lanes).ToArray();
            case Register register:
                return frame.Registers[register.Name];
            case Load load:
                return frame.Floats(load.View, load.Address, lanes).ToArray();
            case Broadcast broadcast:
                return Enumerable.Repeat(frame.Floats(broadcast.View, broadcast.Address, 1)[0], lanes).ToArray();
            case SumOfLanes sum:
                return sum.Registers.Select(register => frame.Registers[register].Sum()).ToArray();
            case Apply apply:
                var meaning = isa.For(lanes)[apply.Operation].Meaning;
                var operands = apply.Operands.Select(operand => Value(operand, lanes, frame)).ToArray();
                float Operand(int index, int lane) => index < operands.Length ? operands[index][lane] : 0;
                return Enumerable.Range(0, lanes).Select(lane => meaning(Operand(0, lane), Operand(1, lane), Operand(2, lane))).ToArray();
            default:
                throw new InvalidOperationException(expression.ToString());
        }
    }

    /// <summary>The names of one running procedure.</summary>
    private sealed class Frame
    {
        public Dictionary<string, (float[] Floats, int Start)> Views { get; } = [];

        public Dictionary<string, (int[] Items, int Start)> Lists { get; } = [];

        public Dictionary<string, ulong> Words { get; } = [];

        public Dictionary<string, int> Numbers { get; } = [];

        public Dictionary<string, float[]> Registers { get; } = [];

        public int Address(Affine address) => address.Constant + address.Terms.Sum(term => Numbers[term.Variable] * term.Coefficient);

        public ref int Entry(string list, Affine entry)
        {
            var (items, start) = Lists[list];
            return ref items[start + Address(entry)];
        }

        public Span<float> Floats(string view, Affine address, int count)
        {
            var (floats, start) = Views[view];
            return floats.AsSpan(start + Address(address), count);
        }
    }
}
