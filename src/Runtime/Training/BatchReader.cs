namespace Whittle;

/// <summary>Gathers rows of a data set into a workspace, with the truth that a loss needs.</summary>
internal sealed class BatchReader
{
    private readonly CompiledNetwork network;
    private readonly Dataset data;
    private readonly Scaling? scaling;
    private readonly bool labelsAreTargets;
    private int[] labels = [];
    private float[] targets = [];
    private int count;

    /// <summary>Prepares to read.</summary>
    /// <param name="network">The network that the rows go to.</param>
    /// <param name="data">The rows.</param>
    /// <param name="loss">The loss that the truth goes to.</param>
    /// <exception cref="DataFormatException">The data does not fit network and loss.</exception>
    public BatchReader(CompiledNetwork network, Dataset data, LossFunction loss)
    {
        this.network = network;
        this.data = data;
        var architecture = network.Architecture;
        if (data.Count == 0)
        {
            throw new DataFormatException("The data has no rows; give at least one.");
        }

        if (data.Features != architecture.Inputs)
        {
            throw new DataFormatException($"The data has {data.Features} features per row, but {architecture.Name} takes {architecture.Inputs} inputs.");
        }

        if (data.Scaling is not null && network.InputScaling is { } expected && !SameScaling(data.Scaling, expected))
        {
            throw new DataFormatException($"The data is scaled differently from what {architecture.Name} was trained on; apply its InputScaling, or give unscaled data.");
        }

        // Scaled rows go in as they are; rows as they came are scaled as a prediction would.
        scaling = data.Scaling is null ? network.InputScaling : null;
        HasLabels = data.Targets == 0;
        labelsAreTargets = HasLabels && loss is BinaryCrossEntropy && architecture.Outputs == 1;
        var classes = labelsAreTargets ? 2 : architecture.Outputs;
        if (loss.UsesLabels && !HasLabels)
        {
            throw new DataFormatException($"The loss of {architecture.Name} needs a class per row, but the data has target values.");
        }

        if (HasLabels && !loss.UsesLabels && !labelsAreTargets && loss is not GivenLoss)
        {
            throw new DataFormatException($"The loss of {architecture.Name} needs {architecture.Outputs} target values per row, but the data has classes.");
        }

        if (HasLabels && data.Classes > classes && loss is not GivenLoss)
        {
            throw new DataFormatException($"The data has {data.Classes} classes, but {architecture.Name} tells {classes} apart.");
        }

        if (!HasLabels && data.Targets != architecture.Outputs && loss is not GivenLoss)
        {
            throw new DataFormatException($"The data has {data.Targets} target values per row, but {architecture.Name} has {architecture.Outputs} outputs.");
        }
    }

    /// <summary>Whether the rows have a class each.</summary>
    public bool HasLabels { get; }

    /// <summary>The class of each row of the batch; empty if the data has targets.</summary>
    public ReadOnlySpan<int> Labels => labels.AsSpan(0, HasLabels ? count : 0);

    /// <summary>The labels to give to the loss.</summary>
    public ReadOnlySpan<int> LossLabels => labelsAreTargets ? default : Labels;

    /// <summary>The targets to give to the loss.</summary>
    public ReadOnlySpan<float> LossTargets => targets.AsSpan(0, labelsAreTargets ? count : HasLabels ? 0 : count * data.Targets);

    /// <summary>Whether two scalings compute the same.</summary>
    public static bool SameScaling(Scaling? left, Scaling? right) => left == right
        || (left is not null && right is not null && left.Offsets.SequenceEqual(right.Offsets) && left.Factors.SequenceEqual(right.Factors));

    /// <summary>Copies rows into the inputs of a workspace. The caller holds a lease of it.</summary>
    public void Read(ReadOnlySpan<int> rows, Workspace workspace)
    {
        count = rows.Length;
        if (HasLabels && labels.Length < count)
        {
            labels = new int[count];
        }

        var perRow = labelsAreTargets ? 1 : data.Targets;
        if (targets.Length < count * perRow)
        {
            targets = new float[count * perRow];
        }

        for (var index = 0; index < count; index++)
        {
            var input = workspace.Row(0, index, data.Features);
            data.Row(rows[index]).CopyTo(input);
            scaling?.Apply(input, input);
            if (HasLabels)
            {
                labels[index] = data.Labels[rows[index]];
            }

            if (labelsAreTargets)
            {
                targets[index] = labels[index];
            }
            else if (!HasLabels)
            {
                data.TargetRow(rows[index]).CopyTo(targets.AsSpan(index * perRow, perRow));
            }
        }
    }
}
