using System.Globalization;
using Whittle.Generator.Isa;
using Whittle.Generator.Lowering;
using Whittle.Generator.Scheduling;

namespace Whittle.Generator.Emit;

/// <summary>What a kernel computes and costs, in words and numbers.</summary>
internal static class KernelDescription
{
    /// <summary>Floating-point operations for one row of the batch; a multiply-add counts as two, a comparison as one.</summary>
    public static long FlopsPerRow(KernelSpec kernel) => kernel.FindsWinners ? (long)kernel.Bins * WinnerLayout.BinSize : 2L * kernel.Inputs * Units(kernel);

    /// <summary>Bytes of parameters that one pass reads; the weight gradient writes as many.</summary>
    public static long ParameterBytes(KernelSpec kernel, InstructionTable isa)
    {
        if (kernel.FindsWinners)
        {
            return 4L * WinnerLayout.BinSize * WinnerLayout.Width(kernel.Bins);
        }

        if (kernel.Codes is not null)
        {
            return 4L * kernel.Inputs * ProjectionLayout.Width(kernel.Outputs);
        }

        if (kernel.Order == ParameterOrder.NodeRows)
        {
            return 4L * Units(kernel) * NodeRowLayout.Stride(kernel.Inputs);
        }

        var width = Scheduler.PanelWidth(isa);
        var panels = (kernel.Outputs + width - 1) / width;
        return 4L * panels * width * (kernel.Inputs + 1);
    }

    public static string Summary(KernelSpec kernel, InstructionTable isa) => (kernel.Order, kernel.Product) switch
    {
        (_, Product.HashInput) when kernel.FindsWinners => $"Hash codes of an input: the winners of {kernel.Bins} bins, {Tables(kernel)}, in {isa.Words}.",
        (_, Product.HashNodes) when kernel.FindsWinners => $"Hash codes of the weights of the listed nodes: the winners of {kernel.Bins} bins, {Tables(kernel)}, in {isa.Words}.",
        (_, Product.HashInput) => $"Hash codes of an input: the signs of {kernel.Outputs} projections{Transformed(kernel)}, {Tables(kernel)}, in {isa.Words}.",
        (_, Product.HashNodes) => $"Hash codes of the weights of the listed nodes: the signs of {kernel.Outputs} projections{Transformed(kernel)}, {Tables(kernel)}, in {isa.Words}.",
        (ParameterOrder.NodeRows, Product.Forward) => $"a = {Activated(kernel)} of a batch for the listed nodes, from the listed inputs, {Shape(kernel)}, in {isa.Words}.",
        (ParameterOrder.NodeRows, Product.ForwardSingle) => $"a = {Activated(kernel)} of one sample for the listed nodes, {Shape(kernel)}, in {isa.Words}.",
        (ParameterOrder.NodeRows, Product.InputGradient) => $"dL/dz below = (d W^T) * f'(a below){Below(kernel)}, summed over the listed nodes, {Shape(kernel)}, in {isa.Words}.",
        (ParameterOrder.NodeRows, Product.InputGradientSingle) => $"dL/dz below = (d W^T) * f'(a below){Below(kernel)} of one sample, summed over the listed nodes, {Shape(kernel)}, in {isa.Words}.",
        (ParameterOrder.NodeRows, Product.WeightGradient) => $"dL/dW = x^T d of a batch for the listed nodes, with the update of their rows, {Shape(kernel)}, in {isa.Words}.",
        (ParameterOrder.NodeRows, Product.WeightGradientSparse) => $"dL/dW = x^T d of a batch for one node, over the samples with a gradient there, with the update of its row, {Shape(kernel)}, in {isa.Words}.",
        (ParameterOrder.NodeRows, _) => $"dL/dW = x^T d of one sample for the listed nodes, with the update of their rows, {Shape(kernel)}, in {isa.Words}.",
        (_, Product.ForwardListed) => $"a = {Activated(kernel)} of a batch, from the listed inputs, {Shape(kernel)}, in {isa.Words}.",
        (_, Product.Forward) => $"a = {Activated(kernel)} of a batch, {Shape(kernel)}, in {isa.Words}.",
        (_, Product.ForwardSingle) => $"a = {Activated(kernel)} of one sample, walking its non-zero inputs, {Shape(kernel)}, in {isa.Words}.",
        (_, Product.InputGradient) => $"dL/dz below = (d W^T) * f'(a below){Below(kernel)}, {Shape(kernel)}, in {isa.Words}.",
        (_, Product.WeightGradient) when kernel.Packs => $"dL/dW = x^T d of a batch, from copies of x and d in the order of the tiles, with the update of W and b, {Shape(kernel)}, in {isa.Words}.",
        (_, Product.WeightGradient) => $"dL/dW = x^T d of a batch, with the update of W and b, {Shape(kernel)}, in {isa.Words}.",
        (_, Product.WeightGradientListed) => $"dL/dW = x^T d of a batch for listed inputs, from copies of {(kernel.Packs ? "x and d in the order of the tiles" : "x in their order")}, with the update of their rows of W and of b, {Shape(kernel)}, in {isa.Words}.",
        (_, Product.BackwardSingle) => $"dL/dz below = (d W^T) * f'(a below){Below(kernel)} of one sample, and the update of W with x^T d, for its listed inputs, and of b, {Shape(kernel)}, in {isa.Words}.",
        _ => $"dL/dW = x^T d of one sample, with the update of the rows of W whose input is not zero, and of b, {Shape(kernel)}, in {isa.Words}.",
    };

    public static IEnumerable<string> Header(KernelSpec kernel, InstructionTable isa)
    {
        var schedule = Scheduler.Describe(kernel, isa);
        var width = Scheduler.PanelWidth(kernel, isa);
        var panels = (kernel.Outputs + width - 1) / width;
        yield return "";
        yield return Summary(kernel, isa);
        yield return "";
        if (kernel.FindsWinners)
        {
            yield return Invariant($"Shapes:   {kernel.Inputs} inputs, {kernel.Bins} bins of {WinnerLayout.BinSize}.");
            yield return Invariant($"Layout:   coordinates [{WinnerLayout.BinSize}][{WinnerLayout.Width(kernel.Bins)} bins]{(kernel.Product == Product.HashNodes ? Invariant($"; weights [nodes][{NodeRowLayout.Stride(kernel.Inputs)}]") : "")}.");
            yield return $"Schedule: {schedule}.";
            yield return Invariant($"Cost:     {FlopsPerRow(kernel):N0} comparisons for each {(kernel.Product == Product.HashNodes ? "node" : "input")}, {ParameterBytes(kernel, isa):N0} bytes of coordinates.");
            yield return "";
            yield break;
        }

        if (kernel.Codes is not null)
        {
            yield return Invariant($"Shapes:   {kernel.Inputs} inputs, {kernel.Outputs} projections.");
            yield return Invariant($"Layout:   projections [{ProjectionLayout.Width(kernel.Outputs) / ProjectionLayout.Block} panels][{kernel.Inputs} inputs][{ProjectionLayout.Block}]{(kernel.Product == Product.HashNodes ? Invariant($"; weights [nodes][{NodeRowLayout.Stride(kernel.Inputs)}]") : "")}.");
            yield return $"Schedule: {schedule}.";
            yield return Invariant($"Cost:     {FlopsPerRow(kernel):N0} FLOP for each {(kernel.Product == Product.HashNodes ? "node" : "input without zeros")}, {ParameterBytes(kernel, isa):N0} bytes of projections.");
            yield return "";
            yield break;
        }

        yield return Invariant($"Shapes:   {kernel.Inputs} inputs, {kernel.Outputs} outputs.");
        yield return kernel.Order == ParameterOrder.NodeRows
            ? Invariant($"Layout:   parameters [{kernel.Outputs} nodes][{NodeRowLayout.Stride(kernel.Inputs)}], the bias at {NodeRowLayout.BiasColumn(kernel.Inputs)}; rows {RowLayout.Stride(kernel.Inputs, width)} and {RowLayout.Stride(kernel.Outputs, width)} floats apart.")
            : Invariant($"Layout:   parameters [{panels} panels][{kernel.Inputs} inputs + bias][{width} outputs]; rows {RowLayout.Stride(kernel.Inputs, width)} and {RowLayout.Stride(kernel.Outputs, width)} floats apart.");
        yield return $"Schedule: {schedule}.";
        yield return Invariant($"Cost:     {FlopsPerRow(kernel):N0} FLOP for each {(IsOfOneNode(kernel) ? "listed row" : "row of the batch")}, {ParameterBytes(kernel, isa):N0} bytes of parameters in each pass{(kernel.Order == ParameterOrder.NodeRows && !IsOfOneNode(kernel) ? ", if every node is listed" : "")}.");
        yield return "";
    }

    private static bool IsOfOneNode(KernelSpec kernel) => kernel.Product == Product.WeightGradientSparse;

    private static int Units(KernelSpec kernel) => IsOfOneNode(kernel) ? 1 : kernel.Outputs;

    private static string Transformed(KernelSpec kernel) => kernel.Codes!.Family == HashFamily.Alsh ? ", asymmetric" : "";

    private static string Tables(KernelSpec kernel) => Invariant($"{kernel.Codes!.Bits} bits for each of {kernel.Outputs / kernel.Codes.Bits} tables");

    private static string Shape(KernelSpec kernel) => Invariant($"{kernel.Inputs} to {kernel.Outputs}");

    /// <summary>What a layer computes, such as <c>relu(xW + b)</c>.</summary>
    public static string Activated(Activation activation, float slope) => activation switch
    {
        Activation.Identity => "xW + b",
        Activation.LeakyRelu => $"leakyRelu(xW + b) with slope {slope.ToString(CultureInfo.InvariantCulture)}",
        _ => activation.ToString().ToLowerInvariant() + "(xW + b)",
    };

    private static string Activated(KernelSpec kernel) => Activated(kernel.Activation, kernel.Slope);

    private static string Below(KernelSpec kernel) => kernel.Activation switch
    {
        Activation.Identity => " with f the identity",
        Activation.LeakyRelu => $" with f leaky ReLU of slope {kernel.Slope.ToString(CultureInfo.InvariantCulture)}",
        var activation => " with f " + activation.ToString().ToLowerInvariant(),
    };

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
