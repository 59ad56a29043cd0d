using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Whittle.Examples.Evaluation;

/// <summary>The rows of a data set by what they are for.</summary>
/// <param name="Train">To train on.</param>
/// <param name="Development">To choose by: the last of the training rows that were published.</param>
/// <param name="Test">To tell of.</param>
internal sealed record EvaluationData(Dataset Train, Dataset Development, Dataset Test)
{
    private const int DevelopmentRows = 5000;

    // Of a small set this share is held back instead.
    private const int DevelopmentParts = 5;

    // Standard errors by which an accuracy must pass that of guessing, the best of several trials too.
    private const double Significance = 3;

    // And the part of the way to no error at all.
    private const double LeastLearnt = 1.0 / 8;

    /// <summary>Tells these rows from others: the start of a hash of all their values.</summary>
    public string Fingerprint { get; } = Hash(Train, Development, Test);

    /// <summary>The accuracy on the development rows up to which a network may have learnt nothing: that of the largest class, and an eighth of the way to no error.</summary>
    public double Chance { get; } = ChanceOf(Development);

    /// <summary>Holds development rows back.</summary>
    /// <exception cref="UserErrorException">There are too few.</exception>
    public static EvaluationData Of(string name, Dataset all, Dataset test)
    {
        if (all.Count < DevelopmentParts)
        {
            throw new UserErrorException($"{name} has {all.Count} rows to train on; at least {DevelopmentParts} are needed, of which one is held back to choose by.");
        }

        var (train, development) = all.SplitAt(all.Count - Math.Min(DevelopmentRows, all.Count / DevelopmentParts));
        return new EvaluationData(train, development, test);
    }

    private static double ChanceOf(Dataset development)
    {
        var largest = development.Labels.ToArray().CountBy(label => label).Max(pair => pair.Value) / (double)development.Count;
        return largest + Math.Max(LeastLearnt * (1 - largest), Significance * Math.Sqrt(largest * (1 - largest) / development.Count));
    }

    private static string Hash(params ReadOnlySpan<Dataset> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            for (var row = 0; row < part.Count; row++)
            {
                hash.AppendData(MemoryMarshal.AsBytes(part.Row(row)));
            }

            hash.AppendData(MemoryMarshal.AsBytes(part.Labels));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
