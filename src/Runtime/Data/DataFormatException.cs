namespace Whittle;

/// <summary>Data that cannot be used. The message is one line: which data, what is wrong with it, and what to do.</summary>
public sealed class DataFormatException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">One line for the user.</param>
    /// <param name="innerException">What the system reported, if anything.</param>
    public DataFormatException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
