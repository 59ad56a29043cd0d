using System.Globalization;
using Whittle.Generator.Isa;
using Whittle.Generator.Lowering;
using Whittle.Generator.Model;

namespace Whittle.Generator.Emit;

/// <summary>Writes the procedures of a kernel program as C# methods, through an instruction table.</summary>
internal sealed class ProcedureEmitter(CodeWriter writer, InstructionTable isa)
{
    /// <summary>The entry of a kernel: opens the pass and runs.</summary>
    /// <param name="procedure">The entry.</param>
    /// <param name="passType">Type of the pass.</param>
    public void Entry(Procedure procedure, string passType)
    {
        writer.Line("/// <summary>Runs the product on the memory of a pass.</summary>");
        writer.Line(procedure.Updates
            ? $"public static void Run<TRule>(scoped ref readonly TRule rule, scoped ref readonly {passType} pass)"
            : $"public static void Run(scoped ref readonly {passType} pass)");
        if (procedure.Updates)
        {
            writer.Line("    where TRule : struct, IUpdateRule");
        }

        writer.Open();
        foreach (var view in procedure.Views)
        {
            writer.Line($"ref float {view} = ref pass.{Capitalised(view)};");
        }

        foreach (var list in procedure.Lists)
        {
            writer.Line($"ref int {list} = ref pass.{Capitalised(list)};");
        }

        foreach (var number in procedure.Numbers)
        {
            writer.Line($"nuint {number} = pass.{Capitalised(number)};");
        }

        Block(procedure.Body);
        writer.Close();
    }

    /// <summary>A register tile.</summary>
    public void Tile(Procedure procedure)
    {
        var parameters = procedure.Views.Select(view => "ref float " + view)
            .Concat(procedure.Lists.Select(list => "ref int " + list))
            .Concat(procedure.Numbers.Select(number => "nuint " + number));
        if (procedure.Updates)
        {
            parameters = new[] { procedure.CopiesRule ? "TRule rule" : "scoped ref readonly TRule rule" }.Concat(parameters);
        }

        writer.Line("/// <summary>" + procedure.Comment + "</summary>");
        if (procedure.CopiesRule)
        {
            writer.Line("[MethodImpl(MethodImplOptions.NoInlining)]");
        }

        writer.Line($"private static void {procedure.Name}{(procedure.Updates ? "<TRule>" : "")}({string.Join(", ", parameters)})");
        if (procedure.Updates)
        {
            writer.Line("    where TRule : struct, IUpdateRule");
        }

        writer.Open();
        Block(procedure.Body);
        writer.Close();
    }

    private void Block(EquatableArray<Statement> statements)
    {
        foreach (var statement in statements)
        {
            Write(statement);
        }
    }

    private void Write(Statement statement)
    {
        switch (statement)
        {
            case Comment comment:
                writer.Line();
                writer.Line("// " + comment.Text);
                break;
            case Scope scope:
                writer.Open();
                Block(scope.Body);
                writer.Close();
                break;
            case DeclareNumber { AtMost: { } most } number:
                writer.Line($"nuint {number.Name} = nuint.Min({number.Source}, {Invariant(most)});");
                break;
            case DeclareNumber number:
                writer.Line($"nuint {number.Name} = {number.Source ?? "0"};");
                break;
            case Loop loop:
                writer.Open(loop.Step == 1
                    ? $"for (; {loop.Variable} < {loop.End}; {loop.Variable}++)"
                    : $"for (; {loop.Variable} + {Invariant(loop.Step)} <= {loop.End}; {loop.Variable} += {Invariant(loop.Step)})");
                Block(loop.Body);
                writer.Close();
                break;
            case Branch branch:
                writer.Open($"if ({branch.Number} == {Invariant(branch.Value)})");
                Block(branch.Then);
                writer.Close();
                writer.Open("else");
                Block(branch.Otherwise);
                writer.Close();
                break;
            case DeclareIndex index:
                writer.Line($"nuint {index.Name} = (nuint)Unsafe.Add(ref {index.List}, {index.Entry});");
                break;
            case DeclareInLast number:
                writer.Line($"nuint {number.Name} = {number.Variable} + {Invariant(2 * number.Step)} > {number.End} ? {Invariant(number.Value)}u : 0u;");
                break;
            case DeclareProduct product:
                writer.Line($"nuint {product.Name} = {product.Left} * {product.Right};");
                break;
            case PrefetchSecondLevel prefetch:
                writer.Line($"CachePrefetch.SecondLevel(ref {prefetch.View}, {prefetch.Address});");
                break;
            case Prefetch { WithMoments: true } prefetch:
                writer.Line($"ParameterUpdate.Fetch<TRule>(ref {prefetch.View}, ref firstMoment, ref secondMoment, {prefetch.Address});");
                break;
            case Prefetch prefetch:
                writer.Line($"CachePrefetch.Line(ref {prefetch.View}, {prefetch.Address});");
                break;
            case CopyPanel panel:
                writer.Line(Copy(panel));
                break;
            case DeclareScratch scratch:
                writer.Line($"ref float {scratch.Name} = ref MemoryMarshal.GetReference(stackalloc float[{Invariant(scratch.Count)}]);");
                break;
            case Assign assign:
                var type = assign.Declares ? TypeOf(assign.Lanes) + " " : "";
                writer.Line($"{type}{assign.Register} = {Bare(Value(assign.Value, isa.For(assign.Lanes)))};");
                break;
            case Store store:
                var table = isa.For(store.Lanes);
                var value = Value(store.Value, table);
                writer.Line(Fill(table.StoreTemplate, store.View, store.Address.ToString(), store.Lanes == 1 ? Bare(value) : value) + ";");
                break;
            case CollectSigns signs:
                var wide = isa.For(signs.Lanes);
                var bits = Fill(wide.SignsTemplate, Fill(wide.LoadTemplate, signs.View, signs.Address.ToString()));
                writer.Line(signs.FirstBit == 0 ? $"ulong {signs.Word} = {bits};" : $"{signs.Word} |= (ulong){bits} << {Invariant(signs.FirstBit)};");
                break;
            case StoreCode code:
                writer.Line($"Unsafe.Add(ref {code.List}, {code.Entry}) = (int)({Shifted(code)} & {Invariant((1 << code.Bits) - 1)});");
                break;
            case StoreWinners winners:
                writer.Line($"Unsafe.Add(ref {winners.List}, {winners.Entry}) = {string.Join(" | ", winners.Bins.Select(bin => Winner(bin, winners.Count)))};");
                break;
            case Update update:
                writer.Line($"ParameterUpdate.Apply(in rule, {Bare(Value(update.Gradient, isa.For(update.Lanes)))}, ref {update.View}, ref firstMoment, ref secondMoment, {update.Address});");
                break;
            case Call call:
                var arguments = call.Views.Select(view => Reference(view.Source, view.Address))
                    .Concat(call.Lists.Select(list => Reference(list.Source, list.Address)))
                    .Concat(call.Numbers);
                writer.Line($"{call.Procedure}({(call.CopiesRule ? "rule, " : call.Updates ? "in rule, " : "")}{string.Join(", ", arguments)});");
                break;
            default:
                throw new InvalidOperationException($"No way to write {statement}.");
        }
    }

    private static string Shifted(StoreCode code)
    {
        var low = code.FirstBit == 0 ? code.Word : $"({code.Word} >> {Invariant(code.FirstBit)})";
        return code.NextWord is null ? low : $"({low} | ({code.NextWord} << {Invariant(64 - code.FirstBit)}))";
    }

    private static string Winner(BinOfCode bin, int count)
    {
        var winner = Invariant($"BinWinner.Of({Reference(bin.View, bin.Winners)}, {bin.Bin}, bins: {count})");
        return bin.FirstBit == 0 ? winner : Invariant($"({winner} << {bin.FirstBit})");
    }

    private static string Copy(CopyPanel panel) => panel.Copy switch
    {
        TransposedInputs all => Invariant(
            $"PanelTransposition.Run(ref {panel.Source}, {panel.Position}, ref {panel.Target}, inputs: {all.Inputs}, outputs: {all.Outputs}, width: {panel.PanelWidth});"),
        TransposedNodes listed => Invariant(
            $"NodeTransposition.Run(ref {panel.Source}, ref {listed.Nodes.List}, {panel.Position}, {listed.Nodes.CountName}, ref {listed.Columns.List}, {listed.Columns.CountName}, ref {panel.Target}, inputs: {listed.Inputs}, width: {panel.PanelWidth});"),
        PackedGradients packed => Invariant(
            $"PanelPacking.Run(ref {panel.Source}, {panel.Position}, ref {panel.Target}, rows, stride: {packed.Stride}, width: {panel.PanelWidth});"),
        _ => throw new InvalidOperationException($"No way to write {panel}."),
    };

    private string Value(Expression expression, InstructionTable table) => expression switch
    {
        Register register => register.Name,
        Constant { Value: 0 } => table.ZeroTemplate,
        Constant constant => Fill(table.ConstantTemplate, Literal.Float(constant.Value)),
        Load load => Fill(table.LoadTemplate, load.View, load.Address.ToString()),
        Gather gather => Fill(table.GatherTemplate, gather.View, gather.List, gather.Entry.ToString()),
        Broadcast broadcast => Fill(table.BroadcastTemplate, broadcast.View, broadcast.Address.ToString()),
        SumOfLanes sum => Fill(isa.SumTemplate(sum.Registers.Count), [.. sum.Registers]),
        Apply apply => Fill(table[apply.Operation].Template, [.. apply.Operands.Select((operand, index) => Argument(table[apply.Operation].Template, index, Value(operand, table)))]),
        _ => throw new InvalidOperationException($"No way to write {expression}."),
    };

    private string TypeOf(int lanes) => lanes == 1 ? "float" : isa.For(lanes).VectorType;

    /// <summary>An operand that a template puts between commas needs no parentheses of its own.</summary>
    private static string Argument(string template, int index, string value)
    {
        var place = "{" + Invariant(index) + "}";
        return template.Contains("(" + place + ",") || template.Contains(", " + place + ",") || template.Contains(", " + place + ")") || template.Contains("(" + place + ")")
            ? Bare(value)
            : value;
    }

    /// <summary>Without the parentheses around the whole.</summary>
    private static string Bare(string value)
    {
        if (!value.StartsWith("(", StringComparison.Ordinal) || !value.EndsWith(")", StringComparison.Ordinal))
        {
            return value;
        }

        var depth = 0;
        for (var index = 0; index < value.Length; index++)
        {
            depth += value[index] == '(' ? 1 : value[index] == ')' ? -1 : 0;
            if (depth == 0 && index < value.Length - 1)
            {
                return value;
            }
        }

        return value.Substring(1, value.Length - 2);
    }

    private static string Reference(string source, Affine address) =>
        address.ToString() is var text && text == "0" ? "ref " + source : $"ref Unsafe.Add(ref {source}, {text})";

    private static string Fill(string template, params string[] operands)
    {
        for (var index = 0; index < operands.Length; index++)
        {
            template = template.Replace("{" + Invariant(index) + "}", operands[index]);
        }

        return template;
    }

    private static string Capitalised(string name) => char.ToUpperInvariant(name[0]) + name.Substring(1);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static string Invariant(int value) => value.ToString(CultureInfo.InvariantCulture);
}
