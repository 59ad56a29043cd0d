using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;
using Whittle.Bench.Peers.Protocol;

namespace Whittle.Bench.Peers.Contenders;

/// <summary>A network as an ONNX model: Gemm and Relu for each layer, the weights as constants, the batch size fixed.</summary>
internal static class OnnxModel
{
    public const string Input = "x";

    public const string Output = "logits";

    // Gemm has been what it is since operator set 13, which any runtime of the last years knows.
    private const int OperatorSet = 13;
    private const int IntermediateRepresentation = 7;

    /// <summary>The model file's bytes.</summary>
    public static byte[] Serialize(Workload workload)
    {
        var shape = workload.Shape;
        var graph = new GraphProto { Name = shape.ToString() };
        graph.Input.Add(Value(Input, workload.BatchSize, shape.Inputs));
        graph.Output.Add(Value(Output, workload.BatchSize, shape.Outputs));
        var below = Input;
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var isLast = layer == shape.Layers - 1;
            var sums = isLast ? Output : $"z{layer}";
            graph.Initializer.Add(Tensor($"W{layer}", workload.Weights[layer], shape.Units[layer + 1], shape.Units[layer]));
            graph.Initializer.Add(Tensor($"b{layer}", workload.Biases[layer], shape.Units[layer + 1]));
            var product = new NodeProto { OpType = "Gemm", Input = { below, $"W{layer}", $"b{layer}" }, Output = { sums } };
            product.Attribute.Add(new AttributeProto { Name = "transB", Type = AttributeProto.Types.AttributeType.Int, I = 1 });
            graph.Node.Add(product);
            if (!isLast)
            {
                below = $"a{layer}";
                graph.Node.Add(new NodeProto { OpType = "Relu", Input = { sums }, Output = { below } });
            }
        }

        var model = new ModelProto { IrVersion = IntermediateRepresentation, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = OperatorSet });
        return model.ToByteArray();
    }

    private static TensorProto Tensor(string name, float[] numbers, params ReadOnlySpan<int> dimensions)
    {
        var tensor = new TensorProto
        {
            Name = name,
            DataType = (int)TensorProto.Types.DataType.Float,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(numbers)),
        };
        foreach (var dimension in dimensions)
        {
            tensor.Dims.Add(dimension);
        }

        return tensor;
    }

    private static ValueInfoProto Value(string name, params ReadOnlySpan<int> dimensions)
    {
        var shape = new TensorShapeProto();
        foreach (var dimension in dimensions)
        {
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = dimension });
        }

        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } },
        };
    }
}
