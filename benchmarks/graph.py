"""Are the networks of the page in a browser those of Caffe? Their answers, their gradients, and the tricks they make.

    python -m benchmarks.graph [graph] [graph_tricks]

It runs each network's graph (web/graph.py) in onnxruntime, without a browser, with exact weights and with half
precision. It writes two tables to benchmarks/tables. Ctrl-C keeps the settings that are done.

graph: for each photograph and each of two objectives (less of the first answer, and a set of two random classes) the
largest error of a probability (p) and the error of the gradient as a vector, relative to Caffe's (g). A gradient jumps
where two values in a max pooling, or a value and a ReLU's zero, are so near that rounding decides between them. So
Caffe is asked as well how far its own gradient moves when every pixel moves by up to 1e-5: `moved` is the larger of two
such moves. Where the exact graph and Caffe differ by more than 1%, PyTorch decides in float64: how far from its
gradient are Caffe's (`caffe from truth`) and the graph's (`graph from truth`)?

graph_tricks: tricks of 30 steps, made along the gradient of Caffe and of each graph, and all of them shown to Caffe.
"""

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np

from benchmarks import table
from tests.reference.onnx_twin import OnnxTwin
from tricknet import images
from tricknet.arrays import Floats, Picture
from tricknet.attacks.trick import trick
from tricknet.cases import SETS, Row, asked_for, cases, measure
from tricknet.networks import all_networks
from tricknet.networks.classifier import Classifier
from tricknet.networks.objectives import Class, Objective

NAMES = ("GoogLeNet", "SqueezeNet", "EfficientNet-Lite0")
WEIGHTS = ("exact", "half")
NOISE = 1e-5
DIFFERENT = 0.01  # a larger relative error of a gradient has to be explained
TRUTH = ("caffe from truth", "graph from truth")
STEPS = 30
EPSILONS = (1, 2)  # at 2 nearly every trick succeeds, so at 1 there is more to tell apart


class Setting(NamedTuple):
    """What a row of `graph` was measured with."""

    set: str
    network: str


class Making(NamedTuple):
    """What a row of `graph_tricks` was measured with. weights: of the graph whose gradient was climbed, or "caffe"."""

    set: str
    network: str
    epsilon: int
    weights: str


def main() -> None:
    """Make the tables that the command line names, or all of them."""
    chosen = asked_for(__doc__, ["graph", "graph_tricks"])
    if "graph" in chosen:
        measure(table, "graph", [Setting(*one) for one in product(SETS, NAMES)], rows)
    if "graph_tricks" in chosen:
        wanted = product(("held_out",), NAMES, EPSILONS, ("caffe", *WEIGHTS))
        measure(table, "graph_tricks", [Making(*one) for one in wanted], tricks)


@cache
def network(name: str) -> Classifier:
    """A network in Caffe."""
    return all_networks()[name]()


@cache
def graph(name: str, weights: str) -> OnnxTwin:
    """A network's graph."""
    return OnnxTwin(network(name), half=weights == "half")


def rows(setting: Setting) -> list[Row]:
    """How far the graphs of a network are from Caffe, a row for each photograph and each objective."""
    caffe = network(setting.network)
    graphs = {weights: graph(setting.network, weights) for weights in WEIGHTS}
    found = []
    for name in SETS[setting.set]:
        picture = images.load(name)
        for kind, objective in objectives(caffe, name, picture):
            row = {"picture": name, "objective": kind} | compared(caffe, graphs, picture, objective)
            row |= dict.fromkeys(TRUTH, "")
            if row["g exact"] > DIFFERENT:
                row |= explained(caffe, graphs["exact"], picture, objective)
            found.append(row)
    return found


def objectives(caffe: Classifier, name: str, picture: Picture) -> Iterator[tuple[str, Objective]]:
    """The first answer away, as a defender's question, and a set of two random classes."""
    yield "first", -1 * Class(caffe.predict(picture).best.index)
    random = np.random.default_rng([0, *name.encode()])  # by name, whatever other pictures are asked for
    yield "set", Class(random.choice(len(caffe.labels), 2, replace=False).tolist())


def compared(caffe: Classifier, graphs: dict[str, OnnxTwin], picture: Picture, objective: Objective) -> Row:
    """The errors of each graph, and how far Caffe's own gradient moves."""
    said, gradient = caffe.predict_and_gradient(picture, objective)
    row = {"moved": moved(caffe, picture, objective, gradient)}
    for weights, twin in graphs.items():
        told, found = twin.predict_and_gradient(picture, objective)
        row[f"p {weights}"] = float(np.abs(told.probabilities - said.probabilities).max())
        row[f"g {weights}"] = error(found, gradient)
    return {name: float(f"{value:.2g}") for name, value in row.items()}


def explained(caffe: Classifier, twin: OnnxTwin, picture: Picture, objective: Objective) -> Row:
    """How far Caffe's gradient and the graph's are from the one in float64, for a weighted Class."""
    from tests.reference import torch_net  # PyTorch is not everywhere

    ((weight, term),) = objective.terms
    truth = torch_net.gradient(caffe, picture, np.flatnonzero(caffe.labels.mask(term.target)).tolist(), weight)
    found = caffe.gradient(picture, objective), twin.predict_and_gradient(picture, objective)[1]
    return {name: float(f"{error(one, truth):.2g}") for name, one in zip(TRUTH, found, strict=True)}


def moved(caffe: Classifier, picture: Picture, objective: Objective, gradient: Floats) -> float:
    """How far Caffe's own gradient moves when every pixel moves by up to NOISE, the larger of two such moves."""
    random = np.random.default_rng(0)
    noise = (random.uniform(-NOISE, NOISE, picture.shape) for _ in range(2))
    return max(error(caffe.gradient(picture + one, objective), gradient) for one in noise)


def error(found: Floats, truth: Floats) -> float:
    """How far one vector is from another, relative to its length: 0 where both are nothing, as a sure network's are."""
    far, length = np.linalg.norm(found - truth), np.linalg.norm(truth)
    return float(far / length) if length else float("inf") if far else 0.0


def tricks(setting: Making) -> list[Row]:
    """Tricks along a graph's gradient (or Caffe's), each shown to Caffe where the graph says that it is best."""
    caffe = network(setting.network)
    photographs, targets = cases(caffe, SETS[setting.set])
    maker = caffe if setting.weights == "caffe" else graph(setting.network, setting.weights)
    found = []
    for name, picture, target in zip(SETS[setting.set], photographs, targets, strict=True):
        after = trick(maker, picture, target, epsilon=setting.epsilon, steps=STEPS).after
        said = caffe.predict(after)
        hit = int(said.probabilities.argmax()) == target
        found.append({"picture": name, "hit": int(hit), "probability": round(said[target], 4)})
    return found


if __name__ == "__main__":
    main()
