namespace Whittle.Examples.Downloads;

/// <summary>How far the download of a file is.</summary>
/// <param name="File">The file.</param>
/// <param name="Bytes">Bytes that are here.</param>
/// <param name="Trouble">Why the last attempt failed and that there will be another; null if there is no trouble.</param>
public readonly record struct DownloadProgress(PublishedFile File, long Bytes, string? Trouble = null);
