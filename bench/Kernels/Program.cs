return Whittle.Bench.BenchmarkProgram.Run(typeof(Program).Assembly, args);
