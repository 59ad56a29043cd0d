using System.Diagnostics;
using System.Runtime.Intrinsics.X86;

namespace Whittle.Bench.Peers.Contenders;

/// <summary>Starts the workers of the two libraries that are built on libtorch.</summary>
internal static class TorchWorkers
{
    private const string Threads = "1";
    private static readonly string[] UsualPythons = ["python3", "/usr/bin/python3"];

    /// <summary>TorchSharp: a program of its own, for its native library takes some 475 MB.</summary>
    /// <exception cref="ContenderUnavailableException">It is not built, or its native library does not load.</exception>
    public static WorkerContender StartTorchSharp(PeerOptions options)
    {
        var program = options.TorchWorker?.FullName
            ?? Path.Combine(SiblingProgram.OutputDirectory("Peers.Torch"), "libtorch", SiblingProgram.Framework, "Whittle.Bench.Peers.Torch.dll");
        if (!File.Exists(program))
        {
            throw new ContenderUnavailableException(
                $"TorchSharp is left out: {program} does not exist; build it with: dotnet build -c Release bench/Peers.Torch -p:Libtorch=true");
        }

        string[] words = [.. (options.TorchLauncher ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries), "dotnet", program];
        var info = new ProcessStartInfo(words[0], words.Skip(1));
        SetThreads(info);
        return WorkerContender.Start("TorchSharp", info);
    }

    /// <summary>PyTorch as Debian builds it, on OpenBLAS.</summary>
    /// <param name="options">Which Python.</param>
    /// <param name="avx2Only">Keep OpenBLAS from using AVX-512.</param>
    /// <exception cref="ContenderUnavailableException">There is no Python with PyTorch.</exception>
    public static WorkerContender StartPyTorch(PeerOptions options, bool avx2Only)
    {
        var failures = new List<ContenderUnavailableException>();
        foreach (var python in options.Python is { } given ? [given] : UsualPythons)
        {
            var info = new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "Contenders", "pytorch_worker.py")]);
            SetThreads(info);
            // OpenBLAS does not know every new processor, and then takes slower kernels than it has.
            info.Environment["OPENBLAS_CORETYPE"] = Avx512F.IsSupported && !avx2Only ? "SKYLAKEX" : "HASWELL";
            info.Environment.Remove("OPENBLAS_L2_SIZE");
            try
            {
                return WorkerContender.Start(avx2Only ? "PyTorch, AVX2" : "PyTorch", info);
            }
            catch (ContenderUnavailableException exception)
            {
                failures.Add(exception);
            }
        }

        throw new ContenderUnavailableException(
            $"{failures[^1].Message} On Debian it comes with: apt-get install python3-torch libopenblas0", failures[^1]);
    }

    private static void SetThreads(ProcessStartInfo info)
    {
        foreach (var variable in (string[])["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"])
        {
            info.Environment[variable] = Threads;
        }
    }
}
