namespace Whittle;

/// <summary>A model file cannot be read or written, or is refused; the message is one line that says why.</summary>
public sealed class ModelFileException : Exception
{
    internal ModelFileException(string path, string reason, Exception? inner = null)
        : base($"Model file '{path}' {reason}", inner)
    {
        Path = path;
    }

    /// <summary>The file.</summary>
    public string Path { get; }
}
