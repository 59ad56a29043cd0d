using Whittle.Bench.Peers.RuntimeShapes;
using Whittle.Examples.Measurements;

namespace Whittle.Bench.Kernels.Ladder;

/// <summary>One layer and the kernels for it that were written by hand. Parameters lie in rows [nOut][stride], as in files, and in panels.</summary>
internal abstract class HandLayer
{
    /// <summary>Takes the numbers of a layer, for the widest vectors that the benchmark runs in; at least 256 bits.</summary>
    public static HandLayer Create(LayerMemory memory, int inputs, int rows, bool hasRelu) => InstructionSets.Active == InstructionSet.Avx512
        ? new HandLayer<Vector16>(memory, inputs, rows, hasRelu)
        : new HandLayer<Vector8>(memory, inputs, rows, hasRelu);

    /// <summary>Forward over rows of W, one vector of sums.</summary>
    public abstract void OneAccumulator();

    /// <summary>Forward over rows of W, eight vectors of sums.</summary>
    public abstract void SeveralAccumulators();

    /// <summary>Forward over rows of W, twelve outputs in registers.</summary>
    public abstract void RegisterTile();

    /// <summary>Forward over panels, a tile of outputs in registers.</summary>
    public abstract void PackedPanels();

    /// <summary>Input gradient as dot products along panels.</summary>
    public abstract void DotProducts();

    /// <summary>Input gradient by turning panels of W round, as the forward product.</summary>
    public abstract void TurnedPanels();

    /// <summary>Weight gradient and plain descent, the step written into the tile.</summary>
    public abstract void FixedRule(float rate);

    /// <summary>Weight gradient, the update by a rule.</summary>
    public abstract void Update<TRule, TWay>(TRule rule)
        where TRule : struct, IUpdateRule
        where TWay : struct, IGradientWay;

    /// <summary>What the last kernel of a product wrote, without padding; of the weight gradient weights [nOut][nIn], then biases.</summary>
    public abstract float[] Result(KernelProduct product);

    /// <summary>The same with the gradient taken from the first moments of one step from zero, in place of the changed parameters.</summary>
    /// <param name="beta1">Decay of the first moment.</param>
    public abstract float[] FirstMomentResult(float beta1);

    /// <summary>Undoes all updates and forgets all results.</summary>
    public abstract void Reset();
}

/// <summary>The layer for one width of vectors.</summary>
internal sealed class HandLayer<TVector> : HandLayer
    where TVector : struct, IVector<TVector>
{
    private const int UnitsTogether = 4;

    private readonly LayerMemory memory;
    private readonly LayerShape panelShape;
    private readonly ProductShape shape;
    private readonly int inputs;
    private readonly int rows;
    private readonly AlignedBuffer weights;
    private readonly AlignedBuffer biases;
    private readonly AlignedBuffer panels;
    private readonly AlignedBuffer first;
    private readonly AlignedBuffer second;
    private readonly AlignedBuffer output;
    private readonly AlignedBuffer inputGradient;
    private readonly AlignedBuffer turned;

    public HandLayer(LayerMemory memory, int inputs, int rows, bool hasRelu)
    {
        (this.memory, this.inputs, this.rows) = (memory, inputs, rows);
        var width = 2 * (int)TVector.Lanes;
        panelShape = new LayerShape(inputs, memory.Outputs, (int)TVector.Lanes);
        shape = new ProductShape((nuint)inputs, (nuint)memory.Outputs, (nuint)rows, (nuint)memory.InputStride, (nuint)memory.OutputStride, hasRelu);
        var units = (memory.Outputs + UnitsTogether - 1) / UnitsTogether * UnitsTogether;
        weights = new AlignedBuffer(units * memory.InputStride);
        biases = new AlignedBuffer(units);
        panels = new AlignedBuffer(panelShape.ParameterCount);
        first = new AlignedBuffer(panelShape.ParameterCount);
        second = new AlignedBuffer(panelShape.ParameterCount);
        output = new AlignedBuffer(rows * memory.OutputStride);
        inputGradient = new AlignedBuffer(rows * memory.InputStride);
        turned = new AlignedBuffer(((int)panelShape.Panels + 1) * width * width);
        for (var unit = 0; unit < memory.Outputs; unit++)
        {
            biases.Span[unit] = memory.Bias(unit);
            for (var input = 0; input < inputs; input++)
            {
                weights.Span[(unit * memory.InputStride) + input] = memory.Weight(unit, input);
            }
        }

        Reset();
    }

    public override void OneAccumulator() =>
        Ladder.OneAccumulator.Forward<TVector>(shape, ref weights.First, ref biases.First, ref memory.Input.First, ref output.First);

    public override void SeveralAccumulators() =>
        Ladder.SeveralAccumulators.Forward<TVector>(shape, ref weights.First, ref biases.First, ref memory.Input.First, ref output.First);

    public override void RegisterTile() =>
        Ladder.RegisterTile.Forward<TVector>(shape, ref weights.First, ref biases.First, ref memory.Input.First, ref output.First);

    public override void PackedPanels() =>
        ForwardKernel.Run<TVector>(panelShape, ref panels.First, ref memory.Input.First, ref output.First, shape.Rows, shape.InputStride, shape.OutputStride, shape.HasRelu);

    public override void DotProducts() =>
        InputGradientKernel.Run<TVector>(panelShape, ref panels.First, ref memory.OutputGradient.First, ref memory.Input.First, ref inputGradient.First, shape.Rows, shape.InputStride, shape.OutputStride);

    public override void TurnedPanels() =>
        InputGradientKernel.RunTransposed<TVector>(panelShape, ref panels.First, ref turned.First, ref memory.OutputGradient.First, ref memory.Input.First, ref inputGradient.First, shape.Rows, shape.InputStride, shape.OutputStride);

    public override void FixedRule(float rate) =>
        WeightGradientKernel.Run<TVector>(panelShape, ref panels.First, ref memory.Input.First, ref memory.OutputGradient.First, shape.Rows, shape.InputStride, shape.OutputStride, rate);

    public override void Update<TRule, TWay>(TRule rule) =>
        UpdateTile.Run<TVector, TRule, TWay>(panelShape, in rule, ref panels.First, ref first.First, ref second.First, ref memory.Input.First, ref memory.OutputGradient.First, shape.Rows, shape.InputStride, shape.OutputStride);

    public override float[] Result(KernelProduct product) => product switch
    {
        KernelProduct.Forward => Rows(output, memory.OutputStride, memory.Outputs),
        KernelProduct.InputGradient => Rows(inputGradient, memory.InputStride, inputs),
        _ => Parameters((offset, _) => panels.Span[offset]),
    };

    public override float[] FirstMomentResult(float beta1) => Parameters((offset, before) => before - (first.Span[offset] / (1 - beta1)));

    public override void Reset()
    {
        output.Span.Clear();
        inputGradient.Span.Clear();
        first.Span.Clear();
        second.Span.Clear();
        for (var unit = 0; unit < memory.Outputs; unit++)
        {
            for (var input = 0; input <= inputs; input++)
            {
                panels.Span[panelShape.Offset(unit, input)] = Before(unit, input);
            }
        }
    }

    /// <summary>A parameter before any update.</summary>
    private float Before(int unit, int input) => input < inputs ? weights.Span[(unit * memory.InputStride) + input] : biases.Span[unit];

    private float[] Rows(AlignedBuffer buffer, int stride, int units) =>
        [.. Enumerable.Range(0, rows * units).Select(index => buffer.Span[(index / units * stride) + (index % units)])];

    private float[] Parameters(Func<int, float, float> value)
    {
        var all = new float[memory.Outputs * (inputs + 1)];
        for (var unit = 0; unit < memory.Outputs; unit++)
        {
            for (var input = 0; input <= inputs; input++)
            {
                var index = input < inputs ? (unit * inputs) + input : (memory.Outputs * inputs) + unit;
                all[index] = value(panelShape.Offset(unit, input), Before(unit, input));
            }
        }

        return all;
    }
}
