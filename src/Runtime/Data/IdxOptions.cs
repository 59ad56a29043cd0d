namespace Whittle;

/// <summary>How to read IDX files.</summary>
public sealed record IdxOptions
{
    /// <summary>MNIST, Fashion-MNIST, Kuzushiji-MNIST: nothing special.</summary>
    public static IdxOptions Default { get; } = new();

    /// <summary>EMNIST, whose images are stored column by column. Set <see cref="Prefix"/> if a directory holds several of its parts.</summary>
    public static IdxOptions Emnist { get; } = new() { Transposed = true };

    /// <summary>The letters part of EMNIST: 26 classes, labelled from 1.</summary>
    public static IdxOptions EmnistLetters { get; } = new()
    {
        Transposed = true,
        Prefix = "emnist-letters-",
        FirstLabel = 1,
        ClassNames = [.. Enumerable.Range('A', 26).Select(letter => ((char)letter).ToString())],
    };

    /// <summary>The pixel value that becomes 1; smaller ones are in proportion, larger ones are refused.</summary>
    public int MaximalPixel { get; init; } = 255;

    /// <summary>The label of class 0.</summary>
    public int FirstLabel { get; init; }

    /// <summary>Number of classes; 0 to take those of <see cref="ClassNames"/>, or else the largest label of the training set.</summary>
    public int Classes { get; init; }

    /// <summary>Name of each class.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Whether the images are stored column by column.</summary>
    public bool Transposed { get; init; }

    /// <summary>What the file names begin with, where a directory holds more than one data set, such as "emnist-letters-".</summary>
    public string? Prefix { get; init; }
}
