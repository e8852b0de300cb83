"""A network of Caffe's as a plan of operations, forward and backward: what web/engine/engine.cpp performs in a browser.

A plan is a file and its description. The file has the weights and the operations; in memory, all other numbers lie
between the two. The description says which operations are which, and where in memory the page leaves and finds its
numbers. All offsets are in bytes from where the weights begin in memory. All arrays are "in blocks" (see kernels.hpp).

`python -m web.plan` prints the C++ header with which the engine is compiled.

The gradient is that of the objective slopes . logits.
"""

import struct
from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
from caffe.proto import caffe_pb2
from google.protobuf import text_format

from tricknet.networks.classifier import Classifier

LANES, STEP = 4, 8  # channels side by side, and those that a dense convolution computes at once
CHUNK, TILES = 64, 32  # pixels, and tiles of Winograd's, at a time: what they need stays in the cache
POINTS = 36  # of each tile
SMALL = 30_000  # numbers: layers with fewer weights stay exact, which costs 5% of the file and avoids most of the error
Kind = IntEnum(
    "Kind",
    "pack_direct pack_winograd pack_scatter flat convolve scatter depthwise depthwise_back max_pool "
    "max_pool_back mean_pool mean_pool_back relu relu_back norm norm_back add copy",
    start=0,
)
Window = namedtuple("Window", "height width out_height out_width kernel_h kernel_w stride_h stride_w pad_h pad_w")
FIELDS = {  # of the engine's struct Operation, and their types
    "kind": "Kind",
    # Offsets, 0 where there is none.
    **dict.fromkeys(["x", "y", "extra", "weights", "winograd", "bias"], "int"),
    # Numbers of channels. The offset of a number that is not 0 if the picture has flat parts. Has the file float16? Are
    # the weights those of the backward pass?
    **dict.fromkeys(["from_", "to", "flag", "half", "turned"], "int"),
    **{f"window.{name}": "int" for name in Window._fields},
    "norm.size": "int",
    **dict.fromkeys(["norm.alpha", "norm.beta", "norm.k", "ceiling"], "float"),
}
OPERATION = struct.Struct("<" + "".join({"float": "f"}.get(kind, "i") for kind in FIELDS.values()))

type Array = npt.NDArray[Any]


@dataclass
class Blob:
    """What a layer gives: where its numbers lie, and where their slopes do."""

    channels: int
    height: int
    width: int
    data: int = 0
    slopes: int = 0
    begun: bool = False  # are there slopes already, to which others are to be added?

    @property
    def size(self) -> int:
        """In bytes."""
        return 4 * self.height * self.width * filled(self.channels, LANES)

    @property
    def shape(self) -> tuple[int, ...]:
        """As the network's activations have it."""
        return (self.height, self.width, self.channels) if self.height * self.width > 1 else (self.channels,)

    @property
    def each(self) -> dict[str, Any]:
        """The fields of an operation on every number."""
        return {"from_": self.channels, "window": Window(*2 * (self.height, self.width), *4 * (1,), 0, 0)}


@dataclass(frozen=True)
class Layer:
    """A layer of the prototxt: the settings of its type, its weights and bias in the file, its bottoms and its top."""

    settings: Any
    weights: tuple[int, bool]  # where, and whether in half precision
    bias: int
    bottoms: list[Blob]
    top: Blob


def filled(count: int, step: int) -> int:
    """The least multiple of `step` that is not less than `count`."""
    return -(-count // step) * step


class Plan:
    """A plan that grows layer by layer.

    half: are many weights stored in half precision? All is computed in float32 even then.
    """

    def __init__(self, *, half: bool):
        self.half, self.scratch = half, 0
        self.flags: list[int] = []  # the page clears them before each pass
        self.file = bytearray(16)  # offset 0 means "none"
        self.top = 0  # of memory
        self.lists: dict[str, list[bytes]] = {"prepare": [], "forward": [], "backward": []}

    def store(self, weights: Array, *, exact: bool = False) -> tuple[int, bool]:
        """Put weights in the file. Gives where, and whether they are in half precision."""
        half, place = self.half and weights.size >= SMALL and not exact, len(self.file)
        self.file += weights.astype("<f2" if half else "<f4").tobytes()
        self.file += bytes(filled(len(self.file), 16) - len(self.file))
        return place, half

    def room(self, size: int) -> int:
        """Memory for that many bytes."""
        self.top += filled(size, 16)
        return self.top - filled(size, 16)

    def add(self, part: str, kind: str, *, window: Window, **fields: Any) -> None:
        """Add an operation to one of the lists. Fields that are not given are 0."""
        fields |= {"kind": Kind[kind]} | {f"window.{name}": number for name, number in window._asdict().items()}
        assert fields.keys() <= FIELDS.keys()
        self.lists[part].append(OPERATION.pack(*(fields.get(name, 0) for name in FIELDS)))

    def back_to(self, blob: Blob, write: Callable[[int], None]) -> None:
        """Call `write` with the place for a blob's slopes. If it has some already, the new ones are added to them."""
        if blob.begun:
            part = self.room(blob.size)
            write(part)
            self.add("backward", "add", x=part, extra=blob.slopes, y=blob.slopes, **blob.each)
        else:
            write(blob.slopes)
            blob.begun = True

    def convolve(self, part: str, *, raw: tuple[int, bool], window: Window, **fields: Any) -> None:
        """A dense convolution, in either direction."""
        depth, width = filled(fields["from_"], LANES), filled(fields["to"], STEP)
        pack: dict[str, Any] = {"x": raw[0], "half": raw[1], "window": window}
        pack |= {name: fields[name] for name in ("from_", "to", "turned") if name in fields}
        fields["weights"] = self.room(4 * window.kernel_h * window.kernel_w * depth * width)
        self.add("prepare", "pack_direct", y=fields["weights"], **pack)
        rows = -(-CHUNK // window.out_width) + 1  # in which so many pixels can lie
        high, wide = rows * window.stride_h + window.kernel_h, window.out_width * window.stride_w + window.kernel_w
        self.scratch = max(self.scratch, 4 * (LANES * (CHUNK + window.out_width) + depth * high * wide))
        if pays(window, fields["from_"], fields["to"]):
            fields["winograd"] = self.room(4 * POINTS * depth * width)
            self.add("prepare", "pack_winograd", y=fields["winograd"], **pack)
            self.scratch = max(self.scratch, 4 * POINTS * (TILES + 1) * (depth + width))
            if part == "forward":  # backward, nothing is compared
                fields["flag"] = self.room(4)
                self.flags.append(fields["flag"])
                self.add(part, "flat", window=window, x=fields["x"], from_=fields["from_"], flag=fields["flag"])
        self.add(part, "convolve", window=window, **fields)


def pays(window: Window, inputs: int, outputs: int) -> bool:
    """Can the kernels compute a convolution by Winograd's method, and is it faster in a browser?

    Measured: from 15 pixels on, a step of GoogLeNet takes a fifth longer, and from 16 channels on, 8%.
    """
    usual = window[4:8] == (3, 3, 1, 1) and max(window.pad_h, window.pad_w) <= 2
    return usual and min(inputs, outputs) >= 32 and min(window.out_height, window.out_width) >= 13


def window_of(layer: Layer, kernel: tuple[int, int], stride: int, pad: int) -> Window:
    """How a window lies over a layer's bottom."""
    x, y = layer.bottoms[0], layer.top
    return Window(x.height, x.width, y.height, y.width, *kernel, stride, stride, pad, pad)


def turned(window: Window) -> Window:
    """The window of the backward pass of a convolution without strides."""
    height, width, out_height, out_width, tall, wide, _, _, down, along = window
    return Window(out_height, out_width, height, width, tall, wide, 1, 1, tall - 1 - down, wide - 1 - along)


def convolution(plan: Plan, layer: Layer) -> Callable[[], None]:
    """A convolution. Its backward pass uses the same weights, the other way round."""
    settings = layer.settings
    (kernel,), stride, pad = settings.kernel_size, (*settings.stride, 1)[0], (*settings.pad, 0)[0]
    window = window_of(layer, (kernel, kernel), stride, pad)
    return (_dense if settings.group == 1 else _depthwise)(plan, layer, window)


def _dense(plan: Plan, layer: Layer, window: Window) -> Callable[[], None]:
    (x,), y, raw = layer.bottoms, layer.top, layer.weights
    there = {"x": x.data, "y": y.data, "from_": x.channels, "to": y.channels}
    plan.convolve("forward", raw=raw, window=window, bias=layer.bias, **there)
    if window.stride_h > 1:
        return _scattered(plan, layer, window)
    each: dict[str, Any] = {"raw": raw, "turned": 1, "x": y.slopes, "from_": y.channels, "to": x.channels}
    return lambda: plan.back_to(x, lambda to: plan.convolve("backward", window=turned(window), y=to, **each))


def _scattered(plan: Plan, layer: Layer, window: Window) -> Callable[[], None]:
    """The backward pass of a convolution with strides, whose bottom is a picture."""
    (x,), y, (raw, half) = layer.bottoms, layer.top, layer.weights
    each: dict[str, Any] = {"window": window, "from_": y.channels, "to": x.channels}
    weights = plan.room(4 * STEP * y.channels * -(-window.kernel_h * window.kernel_w // 2))
    plan.add("prepare", "pack_scatter", x=raw, half=half, y=weights, turned=1, **each)
    plan.scratch = max(plan.scratch, 4 * y.width * (2 * LANES + filled(y.channels, LANES)))
    each |= {"x": y.slopes, "weights": weights}
    return lambda: plan.back_to(x, lambda to: plan.add("backward", "scatter", y=to, **each))


def _depthwise(plan: Plan, layer: Layer, window: Window) -> Callable[[], None]:
    (x,), y, (weights, _) = layer.bottoms, layer.top, layer.weights
    each: dict[str, Any] = {"window": window, "from_": x.channels, "to": x.channels, "weights": weights}
    bias = layer.bias or plan.room(4 * filled(x.channels, LANES))
    plan.add("forward", "depthwise", x=x.data, y=y.data, bias=bias, **each)
    return lambda: plan.back_to(x, lambda to: plan.add("backward", "depthwise_back", x=y.slopes, y=to, **each))


def inner_product(plan: Plan, layer: Layer) -> Callable[[], None]:
    """Each output is a weighted sum of all inputs: a convolution whose window is everything."""
    x = layer.bottoms[0]
    return _dense(plan, layer, window_of(layer, (x.height, x.width), 1, 0))


def relu(plan: Plan, layer: Layer, ceiling: float = float("inf")) -> Callable[[], None]:
    """Backward, where something came through, and nothing was cut off."""
    (x,), y = layer.bottoms, layer.top
    plan.add("forward", "relu", x=x.data, y=y.data, ceiling=ceiling, **y.each)

    def write(to: int) -> None:
        plan.add("backward", "relu_back", x=y.slopes, extra=y.data, y=to, ceiling=ceiling, **y.each)

    return (lambda: write(y.slopes)) if x is y else lambda: plan.back_to(x, write)


def pooling(plan: Plan, layer: Layer) -> Callable[[], None]:
    """The largest or the mean of each window. (0 is MAX and 1 is AVE in Caffe.) Ties go to the first, as in Caffe."""
    (x,), y, settings = layer.bottoms, layer.top, layer.settings
    kernel = (x.height, x.width) if settings.global_pooling else (settings.kernel_size,) * 2
    kind, extra = ("mean_pool", 0) if settings.pool else ("max_pool", plan.room(y.size))
    window = window_of(layer, kernel, settings.stride, settings.pad)
    each: dict[str, Any] = {"window": window, "from_": x.channels, "extra": extra}
    plan.add("forward", kind, x=x.data, y=y.data, **each)
    return lambda: plan.back_to(x, lambda to: plan.add("backward", f"{kind}_back", x=y.slopes, y=to, **each))


def lrn(plan: Plan, layer: Layer) -> Callable[[], None]:
    """Local response normalisation, across channels."""
    (x,), y, settings = layer.bottoms, layer.top, layer.settings
    norm = {"size": settings.local_size, "alpha": settings.alpha, "beta": settings.beta, "k": settings.k}
    each = x.each | {f"norm.{name}": number for name, number in norm.items()}
    plan.scratch = max(plan.scratch, 16 * (filled(x.channels, LANES) + settings.local_size))
    plan.add("forward", "norm", x=x.data, y=y.data, **each)
    return lambda: plan.back_to(x, lambda to: plan.add("backward", "norm_back", x=y.slopes, extra=x.data, y=to, **each))


def concat(plan: Plan, layer: Layer) -> Callable[[], None]:
    """The bottoms lie in the top already (see _blobs)."""

    def backward() -> None:
        for bottom in layer.bottoms:
            bottom.begun = True

    return backward


def eltwise(plan: Plan, layer: Layer) -> Callable[[], None]:
    """The sum of two blobs of one shape. Backward, each takes all."""
    (one, other), y = layer.bottoms, layer.top
    plan.add("forward", "add", x=one.data, extra=other.data, y=y.data, **y.each)

    def backward() -> None:
        for x in (one, other):
            plan.back_to(x, lambda to: plan.add("backward", "copy", x=y.slopes, y=to, **y.each))

    return backward


# Of their settings, those are read that our networks use. The tests compare every network with Caffe.
LAYERS: dict[str, Callable[[Plan, Layer], Callable[[], None]]] = {
    "Convolution": convolution,
    "ReLU": relu,
    "ReLU6": partial(relu, ceiling=6),
    "Pooling": pooling,
    "LRN": lrn,
    "Concat": concat,
    "Eltwise": eltwise,
    "InnerProduct": inner_product,
}


def plan_of(model: Classifier, *, half: bool = False) -> tuple[dict[str, Any], bytes]:
    """A network as a plan: its description, and its file.

    half: store the weights of large layers in half precision, which halves the file.

    Raises ValueError for a layer that the engine lacks.
    """
    prototxt = text_format.Parse(model.prototxt.read_text(), caffe_pb2.NetParameter())
    plan, layers = Plan(half=half), [layer for layer in prototxt.layer if layer.type not in ("Input", "Softmax")]
    stored = {layer.name: _stored(plan, model, layer) for layer in layers}
    plan.top = len(plan.file)
    blobs = _blobs(plan, model, layers)
    backwards, places = [], {}
    for layer in layers:
        settings = getattr(layer, f"{layer.type.lower()}_param", None)
        bottoms = [blobs[name] for name in layer.bottom]
        one = Layer(settings, *stored[layer.name], bottoms, blobs[layer.top[0]])
        if layer.type not in LAYERS:
            raise ValueError(
                f"{model.name} has a layer of the kind {layer.type} ({layer.name}), which the engine of the web pages "
                "lacks. Add it to LAYERS in web/plan.py, or write site=False into the row of the network's TRAINED."
            )
        backwards.append(LAYERS[layer.type](plan, one))
        places[layer.top[0]] = {"data": one.top.data, "shape": one.top.shape, "operations": len(plan.lists["forward"])}
    logits, picture = blobs[model.logits], blobs["data"]
    logits.begun = True
    for backward in reversed(backwards):
        backward()
    operations = b"".join(chain.from_iterable(plan.lists.values()))
    description = {
        "stored": len(plan.file),
        "operations": plan.room(len(operations)),
        "memory": plan.top,
        "scratch": filled(plan.scratch, 16),
        "flags": plan.flags,
        **{name: len(part) for name, part in plan.lists.items()},
        "mean": np.broadcast_to(model.mean, model.channels).tolist(),
        "picture": {"data": picture.data, "slopes": picture.slopes},
        "logits": {"data": logits.data, "slopes": logits.slopes},
        "layers": places,
    }
    return description, bytes(plan.file) + operations


def _stored(plan: Plan, model: Classifier, layer: Any) -> tuple[tuple[int, bool], int]:
    """Where a layer's weights and its bias are in the file."""
    if layer.name not in model.parameters:
        return (0, False), 0
    weights, *bias = model.parameters[layer.name]
    places = [plan.store(np.pad(one, (0, filled(one.size, STEP) - one.size)))[0] for one in bias]
    depthwise = layer.convolution_param.group > 1
    if depthwise:  # as the kernels want them: groups x taps x lanes
        weights = weights.reshape(-1, LANES, weights[0].size).swapaxes(1, 2)
    return plan.store(weights, exact=depthwise), places[0] if places else 0


def _blobs(plan: Plan, model: Classifier, layers: list[Any]) -> dict[str, Blob]:
    """Every blob in its place. The bottoms of a Concat lie in its top, so that nothing is copied."""
    shapes = {name: (*shape[1:], 1, 1)[:3] for name, shape in model.shapes.items()}
    names = dict.fromkeys(["data", *(layer.top[0] for layer in layers)])
    blobs = {name: Blob(channels, height, width) for name in names for channels, height, width in [shapes[name]]}
    inside = {name: layer.top[0] for layer in layers if layer.type == "Concat" for name in layer.bottom}
    for name in names:
        if name not in inside:
            blobs[name].data, blobs[name].slopes = plan.room(blobs[name].size), plan.room(blobs[name].size)
    for layer in reversed([layer for layer in layers if layer.type == "Concat"]):
        data, slopes = blobs[layer.top[0]].data, blobs[layer.top[0]].slopes
        for name in layer.bottom:
            if blobs[name].channels % LANES:  # the next one would begin in the middle of a vector
                raise ValueError(f"{layer.name}: the number of channels of {name} is not a multiple of {LANES}.")
            blobs[name].data, blobs[name].slopes = data, slopes
            data, slopes = data + blobs[name].size, slopes + blobs[name].size
    return blobs


def header() -> str:
    """What the engine has to know of a plan, in C++, so that the compiler checks it against kernels.cpp."""
    kinds = ", ".join(f"k{kind.name.title().replace('_', '')}" for kind in Kind)
    members = dict.fromkeys(name.partition(".")[0] for name in FIELDS)
    same = [
        f"__builtin_offsetof(Operation, {name}) == {4 * i} && __is_same(decltype(Operation().{name}), {kind})"
        for i, (name, kind) in enumerate(FIELDS.items())
    ]
    same += [f"sizeof(Operation) == {OPERATION.size}", f"kLanes == {LANES} && kStep == {STEP} && kPoints == {POINTS}"]
    lines = [
        f"constexpr int kChunk = {CHUNK}, kTilesAtOnce = {TILES};",
        f"enum Kind {{ {kinds} }};",
        "struct Operation {",
        *(f"  {FIELDS.get(name, name.title())} {name};" for name in members),
        "};",
        *(f"static_assert({one});" for one in same),
    ]
    return "\n".join(lines).replace("from_", "from")


if __name__ == "__main__":
    print(header())
