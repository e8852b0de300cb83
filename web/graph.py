"""A network of Caffe's as one ONNX graph, which goes forward and backward: what a browser can run.

The graph takes and gives float32, and a batch of one:

    picture        1 x height x width x 3: RGB, 0..255      probabilities  1 x classes
    inside         1 x classes: 1 in a set, 0 outside       gradient       of the picture's shape
    weight         1                                        means          1 x channels
    slope          1 x classes
    channels       1 x channels: of an inner layer

The gradient is that of the objective weight * log P(set) + slope . logits + channels . means. Class("vulture") is the
weight 1 and the vulture inside; any other objective of the logits is the weight 0 and its own slope. The means are
those of an inner layer's channels, over all positions, for dreams. A graph without such a layer has neither.

Each type of layer is a function below. It adds the nodes of the forward pass, and gives the top and a function for the
backward pass, which adds its nodes: from the slope at the top to the slope at each bottom.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from tricknet.networks.classifier import Classifier

OPSET, IR = 17, 8  # the oldest that have all we need
SMALL = 30_000  # numbers: layers with fewer weights stay exact, which costs 5% of the file and avoids most of the error
NEVER = np.float32(-1e30)  # a logit outside the set: its exponential is 0

type Array = npt.NDArray[Any]
type Backward = Callable[[str], list[str]]
type Step = tuple[str, list[str], str, Backward]  # a layer's name, its bottoms, its top and its way back


class UnknownLayerError(ValueError):
    """A layer that cannot be written as ONNX; the message says which."""


@dataclass(frozen=True)
class Layer:
    """A layer of the prototxt: the settings of its type, its arrays, the shapes of its bottoms and of its top."""

    settings: Any
    weights: list[Array]
    shapes: list[tuple[int, ...]]
    shape: tuple[int, ...]


class Graph:
    """Nodes, and the arrays that they read. Each is named after the layer that it belongs to.

    half: are many weights stored in half precision? All is computed in float32 even then.
    """

    def __init__(self, *, half: bool):
        self.half, self.layer = half, ""
        self.nodes: list[onnx.NodeProto] = []
        self.arrays: list[onnx.TensorProto] = []

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Add a node, and give the name of its output."""
        return self.add_several(1, kind, *inputs, **attributes)[0]

    def add_several(self, outputs: int, kind: str, *inputs: str, **attributes: Any) -> list[str]:
        """`add` for a node of several outputs."""
        name = f"{self.layer}:{kind}{len(self.nodes)}"
        names = [name, *(f"{name}.{i}" for i in range(1, outputs))]
        self.nodes.append(helper.make_node(kind, inputs, names, name, **attributes))
        return names

    def array(self, array: npt.ArrayLike) -> str:
        """Store an array, and give its name. Whole numbers are int64, as shapes are."""
        self.arrays.append(numpy_helper.from_array(np.asarray(array), f"{self.layer}.{len(self.arrays)}"))
        return self.arrays[-1].name

    def weights(self, weights: Array) -> str:
        """Store weights, in half precision if told so and if they are many."""
        if not self.half or weights.size < SMALL:
            return self.array(weights)
        return self.add("Cast", self.array(weights.astype(np.float16)), to=TensorProto.FLOAT)

    def reshape(self, x: str, shape: tuple[int, ...]) -> str:
        """The same numbers in another shape."""
        return self.add("Reshape", x, self.array(list(shape)))


def convolution(graph: Graph, layer: Layer, x: str) -> tuple[str, Backward]:
    """Backward, the same weights go the other way."""
    weights, *bias = layer.weights
    pad, stride = _first(layer.settings.pad, 0), _first(layer.settings.stride, 1)
    how = {"pads": [pad] * 4, "strides": [stride] * 2, "group": layer.settings.group}
    read = graph.weights(weights)
    y = graph.add("Conv", x, read, *map(graph.array, bias), **how)
    sides = zip(layer.shapes[0][2:], weights.shape[2:], strict=True)
    left = [(side + 2 * pad - window) % stride for side, window in sides]  # pixels that no window reaches
    return y, lambda slope: [graph.add("ConvTranspose", slope, read, output_padding=left, **how)]


def relu(graph: Graph, layer: Layer, x: str) -> tuple[str, Backward]:
    """Backward, where something came through."""
    y = graph.add("Relu", x)
    return y, lambda slope: [graph.add("Mul", slope, graph.add("Sign", y))]


def relu6(graph: Graph, layer: Layer, x: str) -> tuple[str, Backward]:
    """A ReLU that lets through no more than 6. Backward, where less than that came through."""
    six = graph.array(np.float32(6))
    y = graph.add("Clip", x, graph.array(np.float32(0)), six)

    def backward(slope: str) -> list[str]:
        within = graph.add("Sign", graph.add("Mul", y, graph.add("Sub", six, y)))
        return [graph.add("Mul", slope, within)]

    return y, backward


def pooling(graph: Graph, layer: Layer, x: str) -> tuple[str, Backward]:
    """The largest of each window, or the mean of everything. (0 is MAX and 1 is AVE in Caffe.)"""
    return (_mean if layer.settings.pool else _largest)(graph, layer, x)


def _largest(graph: Graph, layer: Layer, x: str) -> tuple[str, Backward]:
    """Backward, the slope of a window goes to the place of its largest value; it may be that of several windows."""
    window, pad, stride = layer.settings.kernel_size, layer.settings.pad, layer.settings.stride
    shape = layer.shapes[0]
    # Caffe rounds the number of windows up, so the last ones may reach further than the padding.
    more = [(o - 1) * stride + window - side - pad for o, side in zip(layer.shape[2:], shape[2:], strict=True)]
    sides = {"kernel_shape": [window] * 2, "strides": [stride] * 2, "pads": [pad, pad, *more]}
    y, places = graph.add_several(2, "MaxPool", x, **sides)

    def backward(slope: str) -> list[str]:
        nothing = graph.add("ConstantOfShape", graph.array([int(np.prod(shape))]))
        flat = (graph.reshape(each, (-1,)) for each in (places, slope))
        return [graph.reshape(graph.add("ScatterElements", nothing, *flat, reduction="add"), shape)]

    return y, backward


def _mean(graph: Graph, layer: Layer, x: str) -> tuple[str, Backward]:
    """Backward, each value has the same share in its channel's mean."""
    shape = layer.shapes[0]
    if layer.shape[2:] != (1, 1) or layer.settings.pad:
        raise UnknownLayerError("A mean is known here over everything only.")
    share = np.full((1, 1, *shape[2:]), 1 / np.prod(shape[2:]), np.float32)
    return graph.add("GlobalAveragePool", x), lambda slope: [graph.add("Mul", slope, graph.array(share))]


def lrn(graph: Graph, layer: Layer, x: str) -> tuple[str, Backward]:
    """Local response normalisation: y = x / (1 + alpha * the mean square of the neighbour channels) ** 0.75."""
    n, alpha = layer.settings.local_size, layer.settings.alpha
    if layer.settings.beta != 0.75 or layer.settings.k != 1 or layer.settings.norm_region:
        raise UnknownLayerError("An LRN is known here across channels, with the power 0.75 and the constant 1 only.")
    _, channels, height, width = layer.shape
    mean = graph.array(np.full((1, 1, n, 1), 1 / n, np.float32))

    def neighbours(z: str) -> str:
        """The mean over neighbour channels: a convolution down a picture that has a channel in each row."""
        rows = graph.reshape(z, (1, 1, channels, height * width))
        return graph.reshape(graph.add("Conv", rows, mean, pads=[n // 2, 0, n // 2, 0]), layer.shape)

    def times(z: str, factor: float) -> str:
        return graph.add("Mul", z, graph.array(np.float32(factor)))

    scale = graph.add("Add", times(neighbours(graph.add("Mul", x, x)), alpha), graph.array(np.float32(1)))
    root = graph.add("Sqrt", scale)
    power = graph.add("Mul", root, graph.add("Sqrt", root))  # scale ** 0.75, several times as fast
    y = graph.add("Div", x, power)

    def backward(slope: str) -> list[str]:
        """Down the numerator, and down the scale, in which x is n times."""
        shared = neighbours(graph.add("Div", graph.add("Mul", slope, y), scale))
        damped = times(graph.add("Mul", x, shared), 2 * alpha * 0.75)
        return [graph.add("Sub", graph.add("Div", slope, power), damped)]

    return y, backward


def concat(graph: Graph, layer: Layer, *bottoms: str) -> tuple[str, Backward]:
    """The channels of all branches, one after the other. Backward, each takes its own."""
    channels = [shape[1] for shape in layer.shapes]
    y = graph.add("Concat", *bottoms, axis=1)
    return y, lambda slope: graph.add_several(len(channels), "Split", slope, graph.array(channels), axis=1)


def eltwise(graph: Graph, layer: Layer, *bottoms: str) -> tuple[str, Backward]:
    """The sum of blobs of one shape. Backward, each takes all."""
    return graph.add("Sum", *bottoms), lambda slope: [slope] * len(bottoms)


def inner_product(graph: Graph, layer: Layer, x: str) -> tuple[str, Backward]:
    """Each output is a weighted sum of all inputs. Backward, each input is one of all outputs."""
    weights, *bias = layer.weights
    read = graph.weights(weights)
    y = graph.add("Gemm", graph.reshape(x, (1, -1)), read, *map(graph.array, bias), transB=1)
    return y, lambda slope: [graph.reshape(graph.add("MatMul", slope, read), layer.shapes[0])]


# Every type of layer that is known here, and the settings that are read. Others would be other layers.
LAYERS: dict[str, tuple[Callable[..., tuple[str, Backward]], str, set[str]]] = {
    "Convolution": (convolution, "convolution_param", {"num_output", "kernel_size", "pad", "stride", "group"}),
    "ReLU": (relu, "relu_param", set()),
    "ReLU6": (relu6, "relu_param", set()),
    "Pooling": (pooling, "pooling_param", {"pool", "kernel_size", "pad", "stride", "global_pooling"}),
    "LRN": (lrn, "lrn_param", {"local_size", "alpha", "beta", "k", "norm_region"}),
    "Concat": (concat, "concat_param", set()),
    "Eltwise": (eltwise, "eltwise_param", set()),
    "InnerProduct": (inner_product, "inner_product_param", {"num_output"}),
}


def _first(setting: Any, default: int) -> int:
    """A setting of a convolution, of which Caffe may have one for each side."""
    if len(setting) > 1:
        raise UnknownLayerError("A convolution is known here with the same setting for all sides only.")
    return int(setting[0]) if setting else default


def objective_slope(graph: Graph, logits: str, probabilities: str) -> str:
    """The objective's slope at the logits."""
    outside = graph.add("Sub", graph.array(np.float32(1)), "inside")
    chosen = graph.add("Cast", "inside", to=TensorProto.BOOL)
    share = graph.add("Softmax", graph.add("Where", chosen, logits, graph.array(NEVER)), axis=1)
    # d log P(set) / d logits is share - p. In float32, where the network is sure of the set, that would be 0. It is
    # also the probability of all that is outside, times how the two are shared out.
    rivals = graph.add("Mul", probabilities, outside)
    missing = graph.add("ReduceSum", rivals, graph.array([1]), keepdims=1)
    climb = graph.add("Sub", graph.add("Mul", share, missing), rivals)
    return graph.add("Add", graph.add("Mul", climb, "weight"), "slope")


def means_of(graph: Graph, activations: str, shape: tuple[int, ...]) -> tuple[str, str]:
    """The mean of each channel of a layer, and the slope at the layer of `channels` . means."""
    flat, one_each = (1, shape[1]), (1, shape[1], 1, 1)
    means = graph.reshape(graph.add("GlobalAveragePool", activations), flat)
    share = graph.add("Mul", "channels", graph.array(np.float32(1 / np.prod(shape[2:]))))
    return means, graph.add("Expand", graph.reshape(share, one_each), graph.array(list(shape)))


def graph_of(model: Classifier, *, half: bool = False, inner: str | None = None) -> onnx.ModelProto:
    """A network as an ONNX graph; the top of this file says what goes in and comes out.

    half: store the weights of large layers in half precision, which halves the file. inner: the layer whose channels
    can be climbed. Raises UnknownLayerError for a layer of a kind that is not known here.
    """
    graph = Graph(half=half)
    (height, width), channels = model.size, graph.array(list(range(model.channels))[::-1])  # Caffe wants blue first
    centred = graph.add("Sub", "picture", graph.array(np.float32(model.mean)))
    data = graph.add("Transpose", graph.add("Gather", centred, channels, axis=3), perm=[0, 3, 1, 2])
    made, backwards = _forward(graph, model, data)

    graph.layer, shape = "prob", model.shapes[model.logits]
    each, picture = (1, int(np.prod(shape))), (1, height, width, model.channels)
    logits = graph.reshape(made[model.logits], each)
    probabilities = graph.add("Softmax", logits, axis=1)
    slopes: defaultdict[str, list[str]] = defaultdict(list)
    slopes[made[model.logits]].append(graph.reshape(objective_slope(graph, logits, probabilities), shape))
    inputs = {"picture": picture, "inside": each, "weight": (1,), "slope": each}
    found, outputs = {"probabilities": probabilities}, {"probabilities": each, "gradient": picture}
    if inner:
        graph.layer, shape = f"dream of {inner}", model.shapes[inner]
        found["means"], slope = means_of(graph, made[inner], shape)
        slopes[made[inner]].append(slope)
        inputs["channels"] = outputs["means"] = shape[:2]

    for graph.layer, bottoms, y, backward in reversed(backwards):
        parts = slopes.pop(y)
        slope = parts[0] if len(parts) == 1 else graph.add("Sum", *parts)
        for bottom, part in zip(bottoms, backward(slope), strict=True):
            slopes[bottom].append(part)
    (slope,) = slopes.pop(data)
    found["gradient"] = graph.add("Gather", graph.add("Transpose", slope, perm=[0, 2, 3, 1]), channels, axis=3)
    graph.nodes += [helper.make_node("Identity", [value], [name], name) for name, value in found.items()]
    return _model(graph, model.name, inputs=inputs, outputs=outputs)


def _forward(graph: Graph, model: Classifier, data: str) -> tuple[dict[str, str], list[Step]]:
    """Add the forward pass. Gives which value a blob is held by in the end, and what goes back, layer by layer."""
    made, steps = {"data": data}, []  # several layers may work in one blob, one after the other
    for layer in _layers(model):
        if layer.type in ("Input", "Softmax"):
            continue
        graph.layer, bottoms = layer.name, [made[name] for name in layer.bottom]
        y, backward = _added(graph, model, layer, bottoms)
        steps.append((layer.name, bottoms, y, backward))
        made[layer.top[0]] = y
    return made, steps


def _layers(model: Classifier) -> list[Any]:
    """The layers of the network's prototxt."""
    from caffe.proto import caffe_pb2
    from google.protobuf import text_format

    return list(text_format.Parse(model.prototxt.read_text(), caffe_pb2.NetParameter()).layer)


def _added(graph: Graph, model: Classifier, layer: Any, bottoms: list[str]) -> tuple[str, Backward]:
    """Add a layer's forward pass."""
    if layer.type not in LAYERS:
        raise UnknownLayerError(f"{layer.name} is a layer of the type {layer.type}. Known are {', '.join(LAYERS)}.")
    add, field, known = LAYERS[layer.type]
    settings = getattr(layer, field)
    if others := {setting.name for setting, _ in settings.ListFields()} - known - {"weight_filler", "bias_filler"}:
        raise UnknownLayerError(f"{layer.name} has settings that are not known here: {', '.join(sorted(others))}.")
    weights = [array.copy() for array in model.parameters.get(layer.name, [])]
    shapes = [model.shapes[name] for name in (*layer.bottom, layer.top[0])]
    try:
        return add(graph, Layer(settings, weights, shapes[:-1], shapes[-1]), *bottoms)
    except UnknownLayerError as error:
        raise UnknownLayerError(f"{layer.name}: {error}") from None


def _model(
    graph: Graph, name: str, *, inputs: dict[str, tuple[int, ...]], outputs: dict[str, tuple[int, ...]]
) -> onnx.ModelProto:
    """The graph as a file's content, checked by ONNX's own rules."""
    given, found = (
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in those.items()]
        for those in (inputs, outputs)
    )
    whole = helper.make_graph(graph.nodes, name, given, found, initializer=graph.arrays)
    model = helper.make_model(whole, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)
    onnx.checker.check_model(model, full_check=True)
    return model
