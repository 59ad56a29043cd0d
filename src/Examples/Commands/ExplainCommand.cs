using System.CommandLine;
using Spectre.Console;
using Whittle.Examples.Measurements;
using Whittle.Examples.Networks;
using Whittle.Examples.Rendering;

namespace Whittle.Examples.Commands;

/// <summary>Shows what the generator decided for each kernel of a network and, measured, what came of it.</summary>
internal static class ExplainCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("network")
        {
            Description = $"The network: {string.Join(", ", DeclaredNetwork.All.Select(network => network.Name))}.",
            DefaultValueFactory = _ => DeclaredNetwork.All[0].Name,
        };
        var measure = new Option<bool>("--measure") { Description = "Run each kernel and show its speed and its share of this machine's peak." };
        var command = new Command("explain", "Show the plan of each compiled kernel: shape, schedule, FLOPs and bytes.") { name, measure };
        command.SetAction((parsed, cancellation) => Task.Run(
            () => Run(terminal, DeclaredNetwork.Find(parsed.GetRequiredValue(name)), parsed.GetValue(measure), cancellation), CancellationToken.None));
        return command;
    }

    private static int Run(Terminal terminal, DeclaredNetwork network, bool measure, CancellationToken cancellation)
    {
        if (measure && network.IsSampled)
        {
            throw new UserErrorException($"--measure runs kernels on all nodes, which says little of {network.Name}; time its steps with bench/Peers, --filter sampled.");
        }

        var declaration = network.Declaration;
        var plans = network.Kernels.Where(plan => plan.InstructionSet == InstructionSets.Active).ToArray();
        DeclarationView.Write(terminal, declaration);
        terminal.WriteLine(FormattableString.Invariant(
            $"{declaration.ParameterCount:N0} parameters, {2 * declaration.MultiplyAdds:N0} FLOP per row forward; kernels for {InstructionSets.Active}, {network.Kernels.Count} over all instruction sets."));
        var cost = declaration.CostOfStep();
        terminal.WriteLine(FormattableString.Invariant(
            $"A training step takes {cost.MultiplyAdds:N0} multiply-adds per row ({cost.Selection:N0} of them to choose) and {cost.ParameterBytes:N0} bytes of parameters."));
        terminal.WriteLine();

        var peak = measure ? PeakArithmetic.Measure() : 0;
        var table = new Table().RoundedBorder().AddColumns("layer", "product", "shape", "schedule");
        foreach (var heading in new[] { "FLOP per row", "parameter bytes" }.Concat(measure ? ["rows", "µs", "GFLOP/s", "of peak"] : []))
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        using var instance = measure ? network.Create(seed: 1) : null;
        foreach (var plan in plans)
        {
            cancellation.ThrowIfCancellationRequested();
            var cells = new List<string>
            {
                Layer(declaration, plan), $"{plan.Product}", $"{plan.Inputs} x {plan.Outputs}", plan.Schedule,
                FormattableString.Invariant($"{plan.FlopsPerRow:N0}"), FormattableString.Invariant($"{plan.ParameterBytes:N0}"),
            };
            if (instance is not null)
            {
                var measured = KernelMeasurement.Run(instance, plan, declaration.BatchSize);
                cells.AddRange([
                    $"{measured.Rows}",
                    FormattableString.Invariant($"{measured.Median.TotalMicroseconds:N1}"),
                    FormattableString.Invariant($"{measured.GigaFlops:N1}"),
                    FormattableString.Invariant($"{measured.GigaFlops / peak:P0}"),
                ]);
            }

            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        terminal.Console.Write(table);
        if (measure)
        {
            terminal.WriteLine(FormattableString.Invariant(
                $"Peak of one thread, measured with 12 independent chains of multiply-adds: {peak:N1} GFLOP/s. Times are medians; kernels of single rows and the listed forward product skip the half of the inputs that is zero, and count as if they did not."));
        }

        if (network.IsSampled)
        {
            terminal.WriteLine("FLOP and bytes of a NodeSampled or InputSampled layer are those of all its nodes; a step gives its kernels lists of some of them.");
        }

        return 0;
    }

    /// <summary>The layer of a kernel, with what kind it is where not all are of one kind.</summary>
    private static string Layer(NetworkDescription declaration, KernelPlan plan)
    {
        var layer = declaration.Layers.First(candidate => candidate.Kernel == plan.Layer);
        return $"{plan.Layer} {DeclarationView.Kind(layer)}{(layer.NodeSampling is { } nodes ? $" {nodes.Selector}" : layer.InputSampling is { } inputs ? $" {inputs.Estimator}" : "")}";
    }
}
