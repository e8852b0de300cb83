"""The fast layers against Caffe's own: the same numbers, forward and back to input and weights.

Caffe's own layers live in the same module: CAFFE_FAST=0 in the environment, when a net is made, asks for them. Every
test runs with oneDNN and without. test_fast_paths.py runs all this again as other processors would.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import caffe
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tricknet.networks import load

examples = settings(max_examples=int(os.environ.get("CAFFE_EXAMPLES", "40")), derandomize=True)
sizes = st.integers(1, 20)
batches = st.integers(1, 3)
channels = st.sampled_from([1, 3, 8, 15, 16, 17, 32, 40])
seeds = st.integers(0, 2**31)
biases = st.sampled_from(["true", "false"])


@contextmanager
def caffe_fast(words: str) -> Iterator[None]:
    """Nets made inside are made with CAFFE_FAST=words."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CAFFE_FAST", words)
        yield


@pytest.fixture(scope="module", autouse=True, params=["", "without-onednn"], ids=["oneDNN", "without oneDNN"])
def path(request) -> Iterator[None]:
    """With oneDNN, where it is fast on this processor, and without."""
    with caffe_fast(request.param):
        yield


def make_net(prototxt: str, tmp: Path) -> caffe.Net:
    path = tmp / "net.prototxt"
    path.write_text(prototxt)
    return caffe.Net(str(path), caffe.TEST)


def layer(kind: str, bottom: str, top: str, more: str = "", name: str = "") -> str:
    bottoms = "".join(f' bottom: "{b}"' for b in bottom.split())
    return f'layer {{ name: "{name or top}" type: "{kind}"{bottoms} top: "{top}" {more} }}\n'


def conv(bottom: str, top: str, outputs: int, kernel: int = 1, size: str = "", more: str = "") -> str:
    param = f"convolution_param {{ num_output: {outputs} kernel_size: {kernel} {size} }}"
    return layer("Convolution", bottom, top, more + param)


def inputs(shape: tuple[int, ...], name: str = "x") -> str:
    dims = " ".join(f"dim: {d}" for d in shape)
    return f'layer {{ name: "{name}" type: "Input" top: "{name}" input_param {{ shape {{ {dims} }} }} }}\n'


class Pair:
    """The same net twice, of fast layers and of Caffe's own, with the same weights."""

    def __init__(self, tmp: Path, body: str, shape: tuple[int, ...], seed: int = 0, force: bool = True):
        text = ("force_backward: true\n" if force else "") + inputs(shape) + body
        self.fast = make_net(text, tmp)
        with caffe_fast("0"):
            self.stock = make_net(text, tmp)
        self.random = np.random.default_rng(seed)
        for mine, theirs in self.weights():
            theirs.data[...] = mine.data[...] = self.values(mine.data.shape)

    def weights(self) -> Iterator[tuple]:
        """All weights and biases, of both nets."""
        for name, blobs in self.stock.params.items():
            yield from zip(self.fast.params[name], blobs, strict=True)

    def agree(self, x: np.ndarray | None = None, tolerance: float = 2e-6) -> None:
        """Both ways through both nets agree but for rounding, twice: the second time the blobs have been looked at.

        x: what comes in the first time, random numbers if none are given. A gradient of weights is added to what is
        there, as in Caffe.
        """
        for _ in range(2):
            x = self.values(self.fast.blobs["x"].data.shape) if x is None else x
            dy = self.values(self.fast.blobs[self.fast.outputs[0]].data.shape)
            for mine, theirs in zip(both_ways(self.fast, x, dy), both_ways(self.stock, x, dy), strict=True):
                assert_close(mine, theirs, tolerance)
            x = None
        for _ in range(2 if self.fast.params else 0):
            for mine, theirs in self.weights():
                assert_close(mine.diff, theirs.diff, 1e-5)
            self.fast.backward()
            self.stock.backward()

    def forward(self, x: np.ndarray | None = None, **part: str) -> list[np.ndarray]:
        """What both nets give for x, or only a part of them for what is there."""
        for net in (self.fast, self.stock):
            net.blobs["x"].data[...] = net.blobs["x"].data if x is None else x
            net.forward(**part)
        return [net.blobs[net.outputs[0]].data for net in (self.fast, self.stock)]

    def values(self, shape: tuple[int, ...]) -> np.ndarray:
        """Random numbers of both signs, float32."""
        return self.random.normal(0, 1, shape).astype(np.float32)


def both_ways(net: caffe.Net, x: np.ndarray, dy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The net's output for x, and its gradient for the output's gradient dy."""
    net.blobs["x"].data[...] = x
    y = net.forward()[net.outputs[0]].copy()
    net.blobs[net.outputs[0]].diff[...] = dy
    net.clear_param_diffs()
    net.backward()
    return y, net.blobs["x"].diff.copy()


def assert_close(ours: np.ndarray, truth: np.ndarray, tolerance: float = 2e-6) -> None:
    """Equal but for rounding, as a share of the largest number, and none of them NaN."""
    assert np.isfinite(truth).all()
    np.testing.assert_allclose(ours, truth, rtol=0, atol=tolerance * max(1, np.abs(truth).max(initial=0)))


@pytest.fixture(scope="module")
def tmp(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("nets")


@st.composite
def convolutions(draw):
    """A convolution that fits its input: (shape, parameters)."""
    group, dilation = draw(st.sampled_from([1, 1, 1, 2, 16])), draw(st.sampled_from([1, 1, 1, 2]))
    c_in, c_out = (draw(channels if group == 1 else st.sampled_from([16, 32, 48])) for _ in range(2))
    shape, p = [draw(st.integers(1, 8)), c_in], {"group": group, "dilation": dilation, "num_output": c_out}
    for side, most in (("h", 7), ("w", 5)):
        kernel, pad = draw(st.integers(1, most)), draw(st.integers(0, 3))
        shape.append(max(1, dilation * (kernel - 1) + 1 - 2 * pad) + draw(st.integers(0, 12)))
        p |= {f"kernel_{side}": kernel, f"pad_{side}": pad, f"stride_{side}": draw(st.integers(1, 3))}
    return tuple(shape), p | {"bias_term": draw(biases)}


# Weights are not learnt, but biases are: otherwise Caffe would not go back at all.
NOT_LEARNT = "propagate_down: true loss_weight: 1 param { lr_mult: 0 } param { lr_mult: 1 } "


@st.composite
def winograd_convolutions(draw):
    """A convolution that the fast layers compute by Winograd's method, if its weights are fixed: (shape, parameters).

    Tiles end beyond the picture, channels fill no register, with any padding, of several pictures.
    """
    c_in, c_out = (draw(st.sampled_from([32, 33, 40, 48, 64])) for _ in range(2))
    pads = {f"pad_{side}": draw(st.integers(0, 2)) for side in "hw"}
    shape = (draw(batches), c_in, *(draw(st.integers(13, 26)) + 2 - 2 * pad for pad in pads.values()))
    return shape, pads | {"num_output": c_out, "kernel_size": 3, "bias_term": draw(biases)}


@pytest.mark.parametrize(
    ("cases", "trained", "tolerance"),
    [(convolutions(), True, 2e-6), (convolutions(), False, 2e-6), (winograd_convolutions(), False, 5e-6)],
    ids=["trained", "fixed", "Winograd"],
)
@examples
@given(data=st.data(), seed=seeds)
def test_convolution(tmp, cases, trained, tolerance, data, seed):
    """Any kernel, stride, padding, dilation, groups and batch; with and without gradients of the weights."""
    shape, p = data.draw(cases)
    more = "" if trained else NOT_LEARNT if p["bias_term"] == "true" else "param { lr_mult: 0 } "
    param = " ".join(f"{name}: {value}" for name, value in p.items())
    body = layer("Convolution", "x", "y", f"{more} convolution_param {{ {param} }}")
    Pair(tmp, body, shape, seed, force=trained).agree(tolerance=tolerance)


def convolved(tmp: Path, x: np.ndarray, words: str) -> np.ndarray:
    """A convolution of x, 3 x 3 with random weights, in a net made with CAFFE_FAST=words."""
    with caffe_fast(words):
        net = make_net(inputs(x.shape) + conv("x", "y", 32, 3, "pad: 1", NOT_LEARNT), tmp)
    random = np.random.default_rng(0)
    for blob in net.params["y"]:
        blob.data[...] = random.normal(0, 1, blob.data.shape)
    net.blobs["x"].data[...] = x
    return net.forward()["y"].copy()


@pytest.mark.parametrize("where", [np.s_[:], np.s_[1, :, 4, 3:5], np.s_[1, :, 9:11, 3]], ids=["all", "two", "two more"])
def test_ties_are_broken_as_without_winograd(tmp, where):
    """Where pixels equal their neighbours, max pooling has ties: then not one bit may depend on the method."""
    x = np.random.default_rng(1).normal(0, 1, (2, 40, 16, 15)).astype(np.float32)  # large enough for several threads
    here = os.environ["CAFFE_FAST"]
    assert (convolved(tmp, x, here) != convolved(tmp, x, here + ",without-winograd")).any()  # it is used
    x[where] = 1
    np.testing.assert_array_equal(convolved(tmp, x, here), convolved(tmp, x, here + ",without-winograd"))


@st.composite
def poolings(draw):
    """A pooling that fits its input: (shape, kernel, stride, pad)."""
    kernel = draw(st.integers(1, 5))
    stride = draw(st.integers(1, kernel))
    pad = draw(st.integers(0, kernel // 2))
    side = [max(1, kernel - 2 * pad) + draw(st.integers(0, 12)) for _ in range(2)]
    return (draw(batches), draw(channels), *side), kernel, stride, pad


@pytest.mark.parametrize("kind", ["MAX", "AVE"])
@examples
@given(case=poolings(), seed=seeds, ties=st.booleans())
def test_pooling(tmp, kind, case, seed, ties):
    """Sizes that round up, padding, windows over the edge; and which of several equal values gets the gradient."""
    shape, kernel, stride, pad = case
    param = f"pooling_param {{ pool: {kind} kernel_size: {kernel} stride: {stride} pad: {pad} }}"
    pair = Pair(tmp, layer("Pooling", "x", "y", param), shape, seed)
    pair.agree(np.rint(pair.values(shape)) if ties else None)


def test_windows_that_lie_outside(tmp):
    """With strides larger than the kernel, the last windows see nothing: they give what Caffe gives."""
    shape = (2, 17, 5, 8)
    pair = Pair(tmp, layer("Pooling", "x", "y", "pooling_param { pool: MAX kernel_size: 1 stride: 3 }"), shape)
    ours, stock = pair.forward(pair.values(shape))  # and not backward: Caffe would write outside its memory
    assert (stock[:, :, -1] < -3e38).all()  # the smallest number there is
    np.testing.assert_array_equal(ours, stock)


def test_pooling_backwards_without_a_forward_pass(tmp):
    """Nothing is written outside the net's memory, whatever the last forward pass has left."""
    body = layer("Pooling", "x", "y", "pooling_param { pool: MAX kernel_size: 3 stride: 2 }")
    net = Pair(tmp, body, (1, 5, 64, 64)).fast
    for side in (64, 20):
        net.blobs["x"].reshape(1, 5, side, side)
        net.reshape()
        net.backward()
        assert np.isfinite(net.blobs["x"].diff).all()
        net.forward()


@examples
@given(
    n=batches, c=channels, h=sizes, w=sizes, seed=seeds,
    size=st.sampled_from([1, 3, 5, 7]), beta=st.sampled_from([0.75, 0.5, 1.2]), k=st.sampled_from([1.0, 2.0]),
)  # fmt: skip
def test_lrn(tmp, n, c, h, w, size, beta, k, seed):
    """Across channels, also where there are fewer of them than the window is wide."""
    param = f"lrn_param {{ local_size: {size} alpha: 0.1 beta: {beta} k: {k} }}"
    pair = Pair(tmp, layer("LRN", "x", "y", param), (n, c, h, w), seed)
    pair.agree(3 * pair.values((n, c, h, w)), tolerance=5e-6)


@pytest.mark.parametrize("shape", [(2, 17, 5, 3), (3, 40)])
@pytest.mark.parametrize("slope", [0, 0.1])
@pytest.mark.parametrize("top", ["h", "y"], ids=["in place", "not in place"])
@pytest.mark.parametrize("kind", ["ReLU", "ReLU6"])
def test_relu(tmp, shape, slope, top, kind):
    """Pictures and vectors, leaky or not, in place or not, with a ceiling or without; a NaN comes through."""
    body = layer("Power", "x", "h", "power_param { scale: 8 }")
    body += layer(kind, "h", top, f"{kind.lower()}_param {{ negative_slope: {slope} }}", name="relu")
    pair = Pair(tmp, body, shape)
    for _ in range(2):
        x, dy = pair.values(shape), pair.values(shape)
        x.flat[:4] = np.nan, 0, 0.75, -0.75  # 0.75 is 6 to the layer
        (y, dx), (stock_y, stock_dx) = (both_ways(net, x, dy) for net in (pair.fast, pair.stock))
        np.testing.assert_array_equal(y.flat[1:], stock_y.flat[1:])
        np.testing.assert_array_equal(dx.flat[1:], stock_dx.flat[1:])
        assert np.isnan(y.flat[0]) and (y.flat[1:].max() > 6) == (kind == "ReLU")


def eltwise(bottoms: str, param: str) -> str:
    """Two convolutions and a layer that joins what they give, value by value."""
    body = conv("x", "a", 17) + conv("x", "b", 17)
    body += layer("Eltwise", bottoms, "d", f"eltwise_param {{ {param} }}")
    return body + layer("Pooling", "d", "y", "pooling_param { kernel_size: 2 }")


def joined(*parts: int) -> str:
    """One blob read by several layers, whose results are joined; the gradients meet again."""
    body = "".join(conv("x", f"c{c}", c) + layer("ReLU", f"c{c}", f"c{c}", name=f"r{c}") for c in parts)
    body += layer("Concat", " ".join(f"c{c}" for c in parts), "joined")
    return body + layer("Pooling", "joined", "y", "pooling_param { pool: MAX kernel_size: 2 }")


MIXED = (
    conv("x", "a", 24, 3, "pad: 1")
    + layer("ReLU", "a", "a", name="relu")
    + layer("Scale", "a", "b", "scale_param { bias_term: true }")
    + conv("b", "c", 24, 3, "pad: 1")
    + layer("Eltwise", "a c", "d")
    + layer("LRN", "d", "e", "lrn_param { norm_region: WITHIN_CHANNEL local_size: 3 }")
    + layer("Pooling", "e", "f", "pooling_param { pool: AVE kernel_size: 3 stride: 2 }")
    + conv("f", "y", 16)
)
# A convolution may read several blobs in turn: each has its own result and its own gradient.
TWO_PICTURES = (
    layer("Power", "x", "b", "power_param { scale: -2 }")
    + 'layer { name: "c" type: "Convolution" bottom: "x" bottom: "b" top: "c" top: "d" '
    + "convolution_param { num_output: 48 kernel_size: 3 pad: 1 } }"
    + layer("Eltwise", "c d", "y")
)
WHOLE = layer("Pooling", "x", "y", "pooling_param { pool: AVE global_pooling: true }")
NETS = {
    "a sum": (eltwise("a b x", ""), (2, 17, 6, 5)),
    "two pictures of one layer": (TWO_PICTURES, (1, 40, 14, 15)),
    "a difference, which is left to Caffe": (eltwise("a b", "coeff: 2 coeff: -1"), (2, 17, 6, 5)),
    "the larger, which is left to Caffe": (eltwise("a b", "operation: MAX"), (2, 17, 6, 5)),
    "whole groups joined": (joined(16, 32, 48), (2, 16, 9, 7)),
    "odd channels joined": (joined(3, 20, 16), (2, 16, 9, 7)),
    # A sum of nothing is divided by: not in the channels that there are, nor in those that only fill up.
    "normalised with k = 0": (
        conv("x", "h", 24) + layer("LRN", "h", "n", "lrn_param { local_size: 5 alpha: 1 k: 0 }") + conv("n", "y", 24),
        (2, 24, 5, 5),
    ),
    "the mean of a whole picture": (WHOLE, (3, 17, 13, 5)),
    "layers that only know the plain layout between": (MIXED, (2, 3, 12, 13)),
}
for param in ("transpose: false", "transpose: true", "bias_term: false", "bias_term: false transpose: true"):
    product = layer("InnerProduct", "x", "y", f"inner_product_param {{ num_output: 21 {param} }}")
    NETS[f"inner product, {param}"] = product, (3, 5, 4, 2)
for rates in ((1, 0), (0, 1)):  # what is not to be learnt has no gradient
    more = " ".join(f"param {{ lr_mult: {rate} }}" for rate in rates)
    product = layer("InnerProduct", "x", "y", f"{more} inner_product_param {{ num_output: 20 }}")
    NETS[f"learning at rates of {rates}"] = product, (2, 17, 5, 6)


@pytest.mark.parametrize("name", NETS)
def test_layers_together(tmp, name):
    """Every blob on the way is Caffe's, and so is its gradient."""
    pair = Pair(tmp, *NETS[name])
    pair.agree(tolerance=1e-5)
    for blob, truth in pair.stock.blobs.items():
        assert_close(pair.fast.blobs[blob].data, truth.data, 1e-5)
        if "_split_" not in blob:
            assert_close(pair.fast.blobs[blob].diff, truth.diff, 1e-5)


def test_a_blob_is_true_whenever_it_is_read(tmp):
    """An array taken from a blob follows the net, and what is written to it counts."""
    pair = Pair(tmp, MIXED, (1, 3, 12, 13))
    held, truth = (net.blobs["a"].data for net in (pair.fast, pair.stock))
    assert not held.any()
    pair.agree(tolerance=1e-5)
    assert_close(held, truth)
    pair.forward(pair.values((1, 3, 12, 13)), end="a")  # before the ReLU
    assert_close(held, truth)
    assert held.min() < 0
    held[...] = truth[...] = pair.values(held.shape)
    assert_close(*pair.forward(start="relu"), 1e-5)


def test_a_net_may_change_its_shape(tmp):
    """A larger batch, a larger picture, and back."""
    pair = Pair(tmp, MIXED, (1, 3, 12, 13))
    for shape in ((4, 3, 12, 13), (2, 3, 20, 17), (1, 3, 12, 13)):
        for net in (pair.fast, pair.stock):
            net.blobs["x"].reshape(*shape)
            net.reshape()
        pair.agree(tolerance=1e-5)


SMALL, FOR_WINOGRAD = conv("x", "y", 16, 3), conv("x", "y", 40, 3, more=NOT_LEARNT)


@pytest.mark.parametrize(
    "body, shape", [(SMALL, (1, 16, 6, 6)), (FOR_WINOGRAD, (1, 32, 15, 15))], ids=["small", "Winograd"]
)
def test_however_weights_are_changed_the_next_pass_uses_them(tmp, body, shape):
    """Written and forgotten, through arrays and views that are kept, from a file, and shared with another net."""
    pair, file = Pair(tmp, body, shape, force=body == SMALL), str(tmp / "w.caffemodel")
    nets = pair.fast, pair.stock

    def write(arrays, value) -> None:
        """The nets agree before and after."""
        pair.agree(tolerance=1e-5)
        for array in arrays:
            array[...] = value
        pair.agree(tolerance=1e-5)

    write((net.params["y"][0].data for net in nets), 2)
    arrays = [net.params["y"][0].data for net in nets]
    for i in range(3):
        write([array[i, 2, 1] for array in arrays], 5)
    views = [array[3:5].T for array in arrays]
    del arrays
    write(views, 1)
    del views
    pair.agree(tolerance=1e-5)
    pair.fast.params["y"][0].data[...] = 3  # which the file does away with
    pair.stock.save(file)
    pair.fast.copy_from(file)
    pair.agree(tolerance=1e-5)
    other = make_net(inputs(shape) + body, tmp)
    for mine, theirs in zip(other.params["y"], pair.stock.params["y"], strict=True):
        mine.data[...] = theirs.data[...] = pair.values(mine.data.shape)
    pair.fast.share_with(other)
    pair.agree(tolerance=1e-5)
    write([net.params["y"][0].data for net in (other, pair.stock)], 0.5)


@pytest.mark.parametrize("engine", ["CAFFE", "DEFAULT"])
def test_the_prototxt_can_ask_for_caffes_own_layer(tmp, engine):
    """One layer at a time. Caffe's own max pooling drops a NaN, the fast layer does not: so they can be told apart."""
    param = f"pooling_param {{ pool: MAX kernel_size: 2 engine: {engine} }}"
    net = make_net(inputs((1, 1, 2, 2)) + layer("Pooling", "x", "y", param), tmp)
    net.blobs["x"].data[...] = [[[[1, np.nan], [2, 3]]]]
    assert np.isnan(net.forward()["y"].item()) == (engine == "DEFAULT")


def test_a_nan_is_not_hidden(tmp):
    """A NaN in the picture reaches every number that depends on it. Caffe's own layers keep it, but for max pooling."""
    body = conv("x", "a", 16, 3) + layer("ReLU", "a", "a", name="relu") + layer("LRN", "a", "b")
    body += layer("Pooling", "b", "y", "pooling_param { pool: MAX kernel_size: 2 stride: 2 }")
    pair = Pair(tmp, body, (1, 16, 10, 10))
    x = pair.values((1, 16, 10, 10))
    x[0, 3, 5, 5] = np.nan
    ours, _ = pair.forward(x)
    windows = np.isnan(pair.stock.blobs["b"].data).reshape(1, 16, 4, 2, 4, 2)
    assert windows.any() and not windows.all()
    np.testing.assert_array_equal(np.isnan(ours), windows.any(axis=(3, 5)))


def test_googlenet():
    """Probabilities to 1e-6, the gradient to 1 % as a vector. (PyTorch judges it in tests/networks.)

    No closer, because rounding may decide a near tie in a max pooling or a ReLU the other way, which sends the
    gradient along another path.
    """
    fast = load("GoogLeNet")
    with caffe_fast("0"):
        stock = load("GoogLeNet")
    for seed in range(3):
        picture = np.random.default_rng(seed).integers(0, 256, (224, 224, 3), np.uint8)
        (ours, gradient), (theirs, truth) = (net.predict_and_gradient(picture, 23) for net in (fast, stock))
        assert np.abs(ours.probabilities - theirs.probabilities).max() < 1e-6
        assert np.linalg.norm(gradient - truth) < 0.01 * np.linalg.norm(truth)
