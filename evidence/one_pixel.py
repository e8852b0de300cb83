"""Evidence for lesson 8, One pixel."""

from collections.abc import Iterator
from functools import cache
from itertools import product

import numpy as np
from tqdm import tqdm

from evidence.cases import combine, complete, draw_cases, main
from evidence.report import count, mean, melt, tabulate
from evidence.tricked import make_pictures, see
from lessons.one_pixel import table
from lessons.one_pixel.survival import MOVES, follows, survives
from tricknet import images, load, trick
from tricknet.attacks.result import added, shuffled
from tricknet.attacks.transforms import move
from tricknet.counting import Row

STEPS = 20
LAYERS = {"conv1/7x7_s2": 2, "conv2/3x3": 4, "inception_3b/output": 8, "inception_4e/output": 16}  # and their strides
NETWORKS = ("GoogLeNet", "SqueezeNet", "EfficientNet-Lite0")
ADDED = ("photograph", "trick", "upside down", "shuffled", "coin tosses")  # to the photograph, in `strides`
SETTINGS = [  # of `moves`
    *combine(network=NETWORKS, how=["photograph"], epsilon=[0], picture=images.HELD_OUT),
    *combine(network=NETWORKS, how=["plain"], epsilon=[2], picture=images.HELD_OUT),
    *combine(network=["GoogLeNet"], how=["plain", "sturdy"], epsilon=[8], picture=images.HELD_OUT),
    *combine(network=["SqueezeNet"], how=["gaps left", "gaps filled"], epsilon=[2], picture=images.HELD_OUT[:16]),
]


def move_all() -> None:
    """Photographs and tricks that move to the right, on three networks."""
    loaded = cache(load)

    def measure(network: str, how: str, epsilon: float, picture: str) -> list[Row]:
        model = loaded(network)
        (case,) = draw_cases(model, [picture])
        (after,) = make_pictures(model, [case], 0, how, epsilon, STEPS)
        return [{"target": model.labels[case.target]} | see(model, case, {str(k): move(after, k) for k in MOVES})]

    complete(table, "moves", SETTINGS, measure)


def follow_strides() -> Iterator[Row]:
    """How well activations move along with a photograph, and with what a trick or a control adds to them."""
    model = load("GoogLeNet")
    for case in tqdm(draw_cases(model, images.HELD_OUT), desc="strides"):
        change = trick(model, case.picture, case.target, epsilon=2, steps=STEPS).perturbation
        coins = np.random.default_rng([0, *case.name.encode()]).choice([-2, 2], change.shape)
        changes = np.stack([0 * change, change, change[::-1], shuffled(change), coins])
        pictures = {what: added(case.picture, by) for what, by in zip(ADDED, changes, strict=True)}
        maps = {what: model.by_layer([move(p, k) for k in MOVES], LAYERS) for what, p in pictures.items()}
        for (layer, stride), what in product(LAYERS.items(), maps):
            mine = maps[what][layer] - (what != "photograph") * maps["photograph"][layer]
            scores = {str(k): round(follows(mine[0], m, k / stride), 3) for k, m in zip(MOVES, mine, strict=True)}
            yield {"picture": case.name, "layer": layer, "stride": stride, "what": what} | scores


def make_tables() -> list[str]:
    """The tables of the page, in its order."""
    assert len(table("moves")) == len(SETTINGS)
    worked = melt((row for row in table("moves") if survives(row, "0")), map(str, MOVES), name="moved by")
    worked = [row | {"value": int(survives(row, row["moved by"]))} for row in worked]
    followed = melt(table("strides"), map(str, MOVES), name="moved by")
    return [
        tabulate(worked, ["moved by"], {"": count("value")}, across=["network", "how", "epsilon"]),
        tabulate(followed, ["layer", "moved by"], {"mean": mean("value")}, across=["what"]),
    ]


if __name__ == "__main__":
    main(table, {"moves": move_all, "strides": follow_strides}, make_tables)
