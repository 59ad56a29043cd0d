using Whittle.Examples.Commands;

return await CommandLine.RunAsync(args, Console.Out, Console.Error);
