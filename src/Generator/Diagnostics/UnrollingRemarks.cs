using Whittle.Generator.Model;
using Whittle.Generator.Parsing;

namespace Whittle.Generator.Diagnostics;

/// <summary>Remarks about the layers whose kernels are not unrolled fully.</summary>
internal static class UnrollingRemarks
{
    public static IEnumerable<Problem> Of(NetworkSpec spec, IReadOnlyList<AttributeReader> layers)
    {
        var inputs = spec.Inputs;
        for (var i = 0; i < layers.Count; i++)
        {
            // Repetitions after the first have the layer's own units as inputs.
            var units = spec.Layers[i].Units;
            var largest = spec.Layers[i].Repeat > 1 ? Math.Max(inputs, units) : inputs;
            var weights = (long)largest * units;
            if (weights > Limits.FullUnroll)
            {
                yield return new Problem(Descriptors.LoopedKernels, layers[i].Location, largest, units, weights, Limits.FullUnroll);
            }

            inputs = units;
        }
    }
}
