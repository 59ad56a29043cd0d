namespace Whittle.Generator.Model;

/// <summary>A generated file.</summary>
/// <param name="HintName">Its name, without a folder.</param>
/// <param name="Text">Its content.</param>
internal sealed record SourceFile(string HintName, string Text);
