using System.Runtime.InteropServices;

namespace Whittle;

/// <summary>
/// Asks the system to back large blocks with huge pages. Passes over megabytes of parameters otherwise spend much of
/// their time on address translation, most of all in virtual machines. Never required: where the system cannot, the
/// block keeps its small pages.
/// </summary>
internal static unsafe partial class HugePages
{
    /// <summary>Size of a huge page on x64 and most of Arm64.</summary>
    public const int Size = 2 << 20;

    private const int AdviseHugePage = 14;

    /// <summary>Advises on the whole huge pages of a block, before its first use.</summary>
    /// <param name="block">Start of the block.</param>
    /// <param name="bytes">Size of the block.</param>
    public static void Advise(void* block, nuint bytes)
    {
        if (!OperatingSystem.IsLinux() || bytes < Size || (nuint)block % Size != 0)
        {
            return;
        }

        try
        {
            // The answer does not matter: it is advice.
            _ = MemoryAdvise(block, bytes / Size * Size, AdviseHugePage);
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MemoryAdvise(void* start, nuint length, int advice);
}
