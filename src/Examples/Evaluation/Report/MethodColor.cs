namespace Whittle.Examples.Evaluation.Report;

/// <summary>A method has one colour in all plots.</summary>
internal static class MethodColor
{
    private static readonly List<string> Names = [.. Methods.All.Select(method => method.Name)];

    /// <summary>Index of a method's colour.</summary>
    public static int Of(string method) => Math.Max(Names.IndexOf(method), 0);
}
