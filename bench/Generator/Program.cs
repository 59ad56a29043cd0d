using Whittle.Bench;
using Whittle.Bench.Generation;

// With --facts only the summary, else BenchmarkDotNet's measurements after it.
var facts = GenerationFacts.Measure();
facts.Write(Console.Out);
if (facts.Emissions > 0 || facts.EmissionsOfLayer == 0)
{
    Console.Error.WriteLine("error: an edit elsewhere must generate nothing again, one of the network something.");
    return 1;
}

if (facts.Bytes > GenerationFacts.MostBytes)
{
    Console.Error.WriteLine(FormattableString.Invariant($"error: the generated source has {facts.Bytes} bytes; it must have at most {GenerationFacts.MostBytes}."));
    return 1;
}

return args is ["--facts"] ? 0 : BenchmarkProgram.Run(typeof(Program).Assembly, args);
