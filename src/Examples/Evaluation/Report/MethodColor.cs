namespace Whittle.Examples.Evaluation.Report;

/// <summary>A method has one colour in all plots.</summary>
internal static class MethodColor
{
    private static readonly List<string> Names = [.. Methods.All.Select(method => method.Name)];

    /// <summary>Index of a method's colour; methods that this version does not know share one.</summary>
    public static int Of(string method) => Names.IndexOf(method) is var index and >= 0 ? index : Names.Count;
}
