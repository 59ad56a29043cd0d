using Whittle;
using Whittle.Aot.Smoke;

// Trains, saves, loads and predicts: all of it must work in a program compiled ahead of time.
const int Images = 200;
var train = StrokeDigits.Generate(1000, seed: 1);
var test = StrokeDigits.Generate(Images, seed: 2);

using var network = new TinyDigits(seed: 3);
var before = network.Evaluate(train).Loss;
Trainer.Fit(network, train, new TrainingOptions { Epochs = 3, Optimizer = Optimizer.Adam(2e-3f) });
var after = network.Evaluate(train).Loss;

var path = Path.Combine(Path.GetTempPath(), $"whittle-{Guid.NewGuid():N}.safetensors");
var equal = 0;
try
{
    network.Save(path);
    using var loaded = TinyDigits.Load(path);
    for (var image = 0; image < Images; image++)
    {
        equal += network.Classify(test.Row(image)) == loaded.Classify(test.Row(image)) ? 1 : 0;
    }
}
finally
{
    File.Delete(path);
}

Console.WriteLine($"instruction set: {network.InstructionSet}");
Console.WriteLine($"compiled ahead of time: {!System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported}");
Console.WriteLine(FormattableString.Invariant($"loss: {before:F4} to {after:F4}"));
Console.WriteLine($"equal after loading: {equal} of {Images}");
return after < 0.5 * before && equal == Images ? 0 : 1;
