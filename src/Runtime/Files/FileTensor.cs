namespace Whittle;

/// <summary>One tensor of a model file, moved row by row so that no second copy of it is needed.</summary>
internal abstract class FileTensor(string name, int[] shape)
{
    /// <summary>Its name in the file.</summary>
    public string Name { get; } = name;

    /// <summary>Its shape in the file, one or two dimensions.</summary>
    public int[] Shape { get; } = shape;

    /// <summary>Elements of one row; a tensor of one dimension is one row.</summary>
    public int RowLength => Shape[^1];

    /// <summary>Number of rows.</summary>
    public int RowCount => Shape.Length == 1 ? 1 : Shape[0];

    /// <summary>Number of bytes.</summary>
    public long Bytes => sizeof(float) * (long)RowCount * RowLength;

    /// <summary>Copies a row out of the model.</summary>
    public abstract void ReadRow(int row, Span<float> values);

    /// <summary>Copies a row into the model.</summary>
    public abstract void WriteRow(int row, ReadOnlySpan<float> values);
}

/// <summary>The weights of a layer, [nOut, nIn], or values in their layout. The owner of the block holds a lease of it.</summary>
internal sealed unsafe class WeightTensor(string name, AlignedMemory block, LayerLayout layout) : FileTensor(name, [layout.Outputs, layout.Inputs])
{
    /// <inheritdoc/>
    public override void ReadRow(int row, Span<float> values) => LayerWeights.ReadRow(block.Pointer, layout, row, values);

    /// <inheritdoc/>
    public override void WriteRow(int row, ReadOnlySpan<float> values) => LayerWeights.WriteRow(block.Pointer, layout, row, values);
}

/// <summary>The biases of a layer, [nOut], or values in their layout. The owner of the block holds a lease of it.</summary>
internal sealed unsafe class BiasTensor(string name, AlignedMemory block, LayerLayout layout) : FileTensor(name, [layout.Outputs])
{
    /// <inheritdoc/>
    public override void ReadRow(int row, Span<float> values) => LayerWeights.ReadBiases(block.Pointer, layout, values);

    /// <inheritdoc/>
    public override void WriteRow(int row, ReadOnlySpan<float> values) => LayerWeights.WriteBiases(block.Pointer, layout, values);
}

/// <summary>Values in an array, [length].</summary>
internal sealed class ArrayTensor(string name, float[] array) : FileTensor(name, [array.Length])
{
    /// <inheritdoc/>
    public override void ReadRow(int row, Span<float> values) => array.CopyTo(values);

    /// <inheritdoc/>
    public override void WriteRow(int row, ReadOnlySpan<float> values) => values.CopyTo(array);
}
