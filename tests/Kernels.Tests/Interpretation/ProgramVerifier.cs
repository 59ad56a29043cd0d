using Whittle.Generator.Isa;
using Whittle.Generator.Lowering;

namespace Whittle.Kernels.Tests;

/// <summary>Finds programs that are not well formed: unknown names, wrong widths, elements that tiling left over.</summary>
internal static class ProgramVerifier
{
    public static IReadOnlyList<string> Errors(KernelProgram program, InstructionTable isa)
    {
        var errors = new List<string>();
        foreach (var procedure in program.Procedures)
        {
            var names = new HashSet<string>([.. procedure.Views, .. procedure.Lists, .. procedure.Numbers]);
            Check(procedure.Body, names, [], procedure);
        }

        return errors;

        void Check(IEnumerable<Statement> statements, HashSet<string> names, Dictionary<string, int> registers, Procedure procedure)
        {
            foreach (var statement in statements)
            {
                switch (statement)
                {
                    case Scope scope:
                        Check(scope.Body, [.. names], new(registers), procedure);
                        break;
                    case Loop loop:
                        Known(loop.Variable);
                        Address(loop.End);
                        Expect(loop.Step > 0, $"steps by {loop.Step}");
                        Check(loop.Body, [.. names], new(registers), procedure);
                        break;
                    case DeclareNumber number:
                        Expect(number.Source is null || names.Contains(number.Source), $"does not know {number.Source}");
                        Declare(number.Name);
                        break;
                    case DeclareIndex index:
                        Known(index.List);
                        Address(index.Entry);
                        Declare(index.Name);
                        break;
                    case DeclareInLast number:
                        Known(number.Variable);
                        Address(number.End);
                        Declare(number.Name);
                        break;
                    case PrefetchSecondLevel prefetch:
                        Known(prefetch.View);
                        Address(prefetch.Address);
                        break;
                    case Prefetch prefetch:
                        Known(prefetch.View);
                        Address(prefetch.Address);
                        break;
                    case DeclareProduct product:
                        Known(product.Left);
                        Known(product.Right);
                        Declare(product.Name);
                        break;
                    case CopyPanel panel:
                        Known(panel.Source);
                        Known(panel.Position);
                        foreach (var list in panel.Copy is TransposedNodes listed ? [listed.Nodes, listed.Columns] : Array.Empty<ListExtent>())
                        {
                            Known(list.List);
                            Known(list.CountName);
                        }

                        Known(panel.Target);
                        break;
                    case DeclareScratch scratch:
                        Declare(scratch.Name);
                        break;
                    case Assign assign:
                        Value(assign.Value, assign.Lanes);
                        Expect(assign.Declares != registers.ContainsKey(assign.Register), $"assigns {assign.Register} out of turn");
                        registers[assign.Register] = assign.Lanes;
                        break;
                    case Store store:
                        Known(store.View);
                        Address(store.Address);
                        Value(store.Value, store.Lanes);
                        break;
                    case CollectSigns signs:
                        Known(signs.View);
                        Address(signs.Address);
                        Expect(signs.Lanes == isa.Lanes, $"has no vectors of {signs.Lanes} lanes");
                        if (signs.FirstBit == 0)
                        {
                            Declare(signs.Word);
                        }

                        Known(signs.Word);
                        break;
                    case StoreCode code:
                        Known(code.List);
                        Address(code.Entry);
                        Known(code.Word);
                        Known(code.NextWord ?? code.Word);
                        break;
                    case Update update:
                        Expect(procedure.Updates, "has no rule to update with");
                        Address(update.Address);
                        Value(update.Gradient, update.Lanes);
                        break;
                    case Call call:
                        var callee = program.Procedures.SingleOrDefault(candidate => candidate.Name == call.Procedure);
                        Expect(callee is not null && callee.Views.Count == call.Views.Count && callee.Lists.Count == call.Lists.Count, $"cannot call {call.Procedure}");
                        foreach (var view in call.Views.Concat(call.Lists))
                        {
                            Known(view.Source);
                            Address(view.Address);
                        }

                        break;
                }
            }

            void Declare(string name) => Expect(names.Add(name), $"declares {name} twice");

            void Known(string name) => Expect(names.Contains(name), $"does not know {name}");

            void Address(Affine address)
            {
                foreach (var term in address.Terms)
                {
                    Known(term.Variable);
                }
            }

            void Value(Expression value, int lanes)
            {
                Expect(lanes == isa.Lanes || lanes is 1 or 4, $"has no vectors of {lanes} lanes");
                foreach (var leaf in value.Leaves())
                {
                    switch (leaf)
                    {
                        case Load load:
                            Known(load.View);
                            Address(load.Address);
                            break;
                        case Broadcast broadcast:
                            Known(broadcast.View);
                            Address(broadcast.Address);
                            break;
                        case Register register:
                            Expect(registers.GetValueOrDefault(register.Name) == lanes, $"uses {register.Name} with {lanes} lanes");
                            break;
                        case SumOfLanes sum:
                            Expect(sum.Registers.Count == lanes && sum.Registers.All(name => registers.GetValueOrDefault(name) == isa.Lanes), "sums the wrong vectors");
                            break;
                        default:
                            Expect(leaf is Constant, $"contains {leaf}");
                            break;
                    }
                }
            }

            void Expect(bool holds, string otherwise)
            {
                if (!holds)
                {
                    errors.Add($"{procedure.Name} {otherwise}.");
                }
            }
        }
    }
}
