namespace Whittle;

/// <summary>The shape of a row of features that is an image, row by row from the top.</summary>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Pixels in a row.</param>
public readonly record struct ImageSize(int Height, int Width);
