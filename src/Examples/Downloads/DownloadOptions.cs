namespace Whittle.Examples.Downloads;

/// <summary>How long a download tries.</summary>
public sealed record DownloadOptions
{
    /// <summary>Attempts in a row that bring nothing new before it gives up; one that does starts the count again.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The wait after the first failed attempt; it doubles with each further one.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait, also where the server asks for a longer one.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a server may be silent.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);
}
