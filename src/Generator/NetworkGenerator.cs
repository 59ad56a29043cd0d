using Microsoft.CodeAnalysis;

namespace Whittle.Generator;

/// <summary>Compiles every declared network: parse, lower, schedule, emit.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class NetworkGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
    }
}
