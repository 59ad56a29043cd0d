using System.Runtime.InteropServices;
using Whittle.Bench.Peers.Protocol;
using Whittle.Bench.Peers.Torch;

// TorchSharp's own search for its library takes minutes, copies half a gigabyte and ends in a page of text.
var directory = Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
var library = Path.Combine(directory, OperatingSystem.IsWindows() ? "LibTorchSharp.dll" : OperatingSystem.IsMacOS() ? "libLibTorchSharp.dylib" : "libLibTorchSharp.so");
if (!Directory.Exists(directory) || !Directory.EnumerateFiles(directory, "*torch_cpu*").Any())
{
    Console.Error.WriteLine("it was built without libtorch; build it with: dotnet build -c Release bench/Peers.Torch -p:Libtorch=true");
    return 1;
}

try
{
    NativeLibrary.Load(library);
}
catch (DllNotFoundException exception)
{
    var reason = exception.Message.Split('\n').FirstOrDefault(line => line.Contains("version", StringComparison.Ordinal)) ?? exception.Message.ReplaceLineEndings(" ");
    Console.Error.WriteLine($"its native library does not load here: {reason.Trim()}");
    return 1;
}

using var contender = new TorchSharpContender();
WorkerLoop.Serve(contender, Console.OpenStandardInput(), Console.OpenStandardOutput());
return 0;
