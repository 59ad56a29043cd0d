namespace Whittle;

/// <content>The backward pass: gradients, and the updates that follow from them.</content>
public sealed unsafe partial class TrainingSession
{
    /// <summary>The backward pass of the current batch: gradients from the last layer down, parameters updated with <paramref name="rule"/>.</summary>
    internal void Backward<TRule>(scoped ref readonly TRule rule)
        where TRule : struct, IUpdateRule
    {
        if (gradients is null)
        {
            Propagate(in rule, Moment(0), Moment(1), missed);
            return;
        }

        var whole = gradients.Pointer;
        Propagate(new GradientRule(), whole, null, null);
        var layers = Network.Layout.Layers;
        var sum = 0.0;
        for (var layer = lowestTrained; layer < layers.Length; layer++)
        {
            sum += frozen[layer] ? 0 : GradientClipping.SumOfSquares(whole, layers[layer], TouchedNodes(layer));
            recorder?.Lap(layer, StepPart.Update);
        }

        if (!double.IsFinite(sum))
        {
            gradientOverflows = true;
            return;
        }

        var scale = (float)Math.Min(1, Options.MaxGradientNorm!.Value / Math.Sqrt(sum));
        for (var layer = lowestTrained; layer < layers.Length; layer++)
        {
            if (!frozen[layer])
            {
                var nodes = TouchedNodes(layer) ?? (missed[layer] is null ? null : Network.Runner.AllNodes(layer));
                missed[layer]?.Touch(nodes!.Indices);
                GradientClipping.Apply(in rule, layers[layer], whole, scale, Network.Parameters.Pointer, MomentsOf(layer), nodes, missed[layer]);
                recorder?.Lap(layer, StepPart.Update);
            }
        }
    }

    /// <summary>The nodes whose rows the current batch has gradients of; null for all of them.</summary>
    private IndexSample? TouchedNodes(int layer) => sampling?[layer]?.Active?.Union(rows);

    private LayerMoments MomentsOf(int layer) => new(Network.Parameters.Pointer, Moment(0), Moment(1), Network.Layout.Layers[layer].Offset);

    private void Propagate<TRule>(scoped in TRule rule, float* first, float* second, MissedSteps?[]? missed)
        where TRule : struct, IUpdateRule
    {
        var parameters = Network.Parameters.Pointer;
        var runner = Network.Runner;
        if (Fuses(rows))
        {
            runner.BackwardFused(in rule, parameters, first, second, ref *input, inputStride, workspace, rows);
            return;
        }

        if (rows == 1 && runner.IsFused)
        {
            runner.ListInputs(workspace);
        }

        var top = Network.Layout.Layers.Length - 1;
        if (rows == 1 && TRule.SkipsZeroGradient)
        {
            for (var layer = top; layer >= lowestTrained; layer--)
            {
                if (!frozen[layer] && runner.FusesBackward(layer))
                {
                    runner.Backward(in rule, parameters, first, second, workspace, layer, sampling);
                    continue;
                }

                if (layer > lowestTrained)
                {
                    runner.InputGradient(parameters, workspace, layer, rows, sampling);
                }

                if (!frozen[layer])
                {
                    runner.WeightGradient(in rule, parameters, first, second, workspace, layer, rows, sampling, missed?[layer]);
                }
            }

            return;
        }

        // All of these first: the weights, of the forward pass, are then still in the cache, from which the moments drive them.
        for (var layer = top; layer > lowestTrained; layer--)
        {
            runner.InputGradient(parameters, workspace, layer, rows, sampling);
        }

        for (var layer = top; layer >= lowestTrained; layer--)
        {
            if (!frozen[layer])
            {
                runner.WeightGradient(in rule, parameters, first, second, workspace, layer, rows, sampling, missed?[layer]);
            }
        }
    }
}
