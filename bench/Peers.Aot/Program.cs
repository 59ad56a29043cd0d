using Whittle.Bench.Peers.Contenders;
using Whittle.Bench.Peers.Protocol;

// What bench/Peers runs in itself, to be compiled ahead of time.
WorkerLoop.Serve(new OwnContender(), Console.OpenStandardInput(), Console.OpenStandardOutput());
