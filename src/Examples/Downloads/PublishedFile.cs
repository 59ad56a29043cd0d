namespace Whittle.Examples.Downloads;

/// <summary>A file that someone publishes: what it must be once it is here.</summary>
/// <param name="Name">Its name, the last part of its address.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its SHA-256, 64 small hexadecimal digits.</param>
public sealed record PublishedFile(string Name, long Bytes, string Sha256)
{
    /// <summary>Whether it is an archive of which some files are wanted.</summary>
    public bool IsArchive => Name.EndsWith(".tar.gz", StringComparison.Ordinal) || Name.EndsWith(".zip", StringComparison.Ordinal);
}
