namespace Whittle.Generator.Model;

/// <summary>What a stage made of a network, or the exception it ended with: a fault of the generator is a diagnostic, never a crash.</summary>
/// <param name="Network">Full name of the network, or of the kernel.</param>
/// <param name="Value">What the stage made; null when it failed or had nothing to make.</param>
/// <param name="Error">The exception in one line; null when there was none.</param>
internal sealed record Attempt<T>(string Network, T? Value, string? Error)
{
    public static Attempt<T> At(string network, Func<T?> stage)
    {
        try
        {
            return new(network, stage(), null);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var message = exception.Message.Replace("\r", "").Replace('\n', ' ');
            return new(network, default, $"{exception.GetType().Name}: {message}");
        }
    }
}
