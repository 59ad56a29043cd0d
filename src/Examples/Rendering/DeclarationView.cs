namespace Whittle.Examples.Rendering;

/// <summary>Writes a network as it was declared.</summary>
internal static class DeclarationView
{
    public static void Write(Terminal terminal, NetworkDescription network)
    {
        terminal.WriteLine($"[Network(Inputs = {network.Inputs}, BatchSize = {network.BatchSize})]");
        foreach (var layer in network.Layers)
        {
            terminal.WriteLine(layer.Activation == Activation.Identity ? $"[Dense({layer.Outputs})]" : $"[Dense({layer.Outputs}, Activation.{layer.Activation})]");
        }

        var name = network.Name[(network.Name.LastIndexOf('.') + 1)..];
        terminal.WriteLine($"public sealed partial class {name} : INetwork<{name}>;");
        terminal.WriteLine();
    }
}
