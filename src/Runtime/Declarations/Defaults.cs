#if WHITTLE_GENERATOR
namespace Whittle.Generator.Shared;
#else
namespace Whittle;
#endif

/// <summary>Values of attribute properties that a declaration leaves out.</summary>
internal static class Defaults
{
    public const int BatchSize = 32;

    public const float Slope = 0.01f;
}
