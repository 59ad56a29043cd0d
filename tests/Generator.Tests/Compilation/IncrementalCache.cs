using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace Whittle.Generator.Tests.Compilation;

/// <summary>Questions to the steps that a run of the generator tracked.</summary>
internal static class IncrementalCache
{
    private static readonly Type[] HoldOnToACompilation =
        [typeof(Microsoft.CodeAnalysis.Compilation), typeof(ISymbol), typeof(SyntaxNode), typeof(SyntaxTree), typeof(Location), typeof(AttributeData), typeof(SemanticModel)];

    /// <summary>The reasons of a stage's outputs, in their order.</summary>
    public static IReadOnlyList<IncrementalStepRunReason> Reasons(GeneratorRunResult run, string stage) =>
        run.TrackedSteps.TryGetValue(stage, out var steps)
            ? steps.SelectMany(step => step.Outputs).Select(output => output.Reason).ToList()
            : [];

    /// <summary>Asserts that every stage, and every file, came from the cache.</summary>
    public static void AssertUnchanged(GeneratorRunResult run)
    {
        foreach (var stage in NetworkGenerator.Stages.All)
        {
            Assert.All(Reasons(run, stage), reason => Assert.True(IsUnchanged(reason), $"{stage} is {reason}"));
        }

        foreach (var (name, steps) in run.TrackedOutputSteps)
        {
            Assert.All(
                steps.SelectMany(step => step.Outputs),
                output => Assert.True(output.Reason == IncrementalStepRunReason.Cached, $"{name} is {output.Reason}"));
        }
    }

    public static bool IsUnchanged(IncrementalStepRunReason reason) =>
        reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged;

    /// <summary>Asserts that no stage passes on what keeps a compilation alive, or differs after every key stroke.</summary>
    public static void AssertValuesOnly(GeneratorRunResult run)
    {
        foreach (var stage in NetworkGenerator.Stages.All)
        {
            if (run.TrackedSteps.TryGetValue(stage, out var steps))
            {
                var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
                foreach (var output in steps.SelectMany(step => step.Outputs))
                {
                    Visit(output.Value, stage, seen);
                }
            }
        }
    }

    private static void Visit(object? value, string path, HashSet<object> seen)
    {
        if (value is null or string || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value))
        {
            return;
        }

        var type = value.GetType();
        Assert.False(HoldOnToACompilation.Any(kind => kind.IsAssignableFrom(type)), $"{path} is a {type}");
        if (value is IEnumerable items)
        {
            foreach (var item in items)
            {
                Visit(item, path + "[]", seen);
            }

            return;
        }

        foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            Visit(field.GetValue(value), path + "." + field.Name, seen);
        }
    }
}
