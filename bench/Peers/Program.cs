using Whittle.Bench.Peers;
using Whittle.Bench.Peers.Measurement;

return ChildProcess.Serve(args) ? 0 : await CommandLine.RunAsync(args);
