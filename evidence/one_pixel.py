"""Evidence for lesson 8, One pixel."""

from collections.abc import Iterator
from functools import cache

from tqdm import tqdm

from evidence.cases import combine, complete, draw_cases, main
from evidence.report import count, mean, melt, tabulate
from evidence.tricked import make_pictures, see
from lessons.one_pixel import table
from lessons.one_pixel.survival import MOVES, follows, moved, survives
from tricknet import images, load, trick
from tricknet.counting import Row

STEPS = 20
LAYERS = {"conv1/7x7_s2": 2, "conv2/3x3": 4, "inception_3b/output": 8, "inception_4e/output": 16}  # and their strides
NETWORKS = ("GoogLeNet", "SqueezeNet", "EfficientNet-Lite0")
MOVED = [  # the kinds of pictures in `moves`
    *combine(network=NETWORKS, how=["photograph"], epsilon=[0]),
    *combine(network=NETWORKS, how=["plain"], epsilon=[2]),
    *combine(network=["GoogLeNet"], how=["plain", "sturdy"], epsilon=[8]),
]


def move_all() -> None:
    """Photographs and tricks that move to the right, on three networks."""
    loaded = cache(load)

    def measure(network: str, how: str, epsilon: float, picture: str) -> list[Row]:
        model = loaded(network)
        (case,) = draw_cases(model, [picture])
        (after,) = make_pictures(model, [case], 0, how, epsilon, STEPS)
        pictures = {str(right): moved(after, right) for right in MOVES}
        return [{"target": model.labels[case.target]} | see(model, case, pictures)]

    complete(table, "moves", [kind | {"picture": name} for kind in MOVED for name in images.HELD_OUT], measure)


def follow_strides() -> Iterator[Row]:
    """How well activations move along with a photograph, and with what a trick adds to them."""
    model = load("GoogLeNet")
    for case in tqdm(draw_cases(model, images.HELD_OUT[:3]), desc="strides"):
        after = trick(model, case.picture, case.target, epsilon=2, steps=STEPS).after
        bare, tricked = ([model.by_layer(moved(p, k), LAYERS) for k in MOVES] for p in (case.picture, after))
        for layer, stride in LAYERS.items():
            added = [b[layer] - a[layer] for a, b in zip(bare, tricked, strict=True)]
            for what, maps in {"photograph": [a[layer] for a in bare], "trick": added}.items():
                scores = {str(k): round(follows(maps[0], m, k / stride), 3) for k, m in zip(MOVES, maps, strict=True)}
                yield {"picture": case.name, "layer": layer, "stride": stride, "what": what} | scores


def make_tables() -> list[str]:
    """The tables of the page, in its order."""
    assert sorted(row["picture"] for row in table("moves")) == sorted(images.HELD_OUT * len(MOVED))
    worked = [row for row in table("moves") if survives(row, "0")]
    worked = melt(worked, map(str, MOVES), name="moved by")
    worked = [row | {"value": int(survives(row, row["moved by"]))} for row in worked]
    followed = melt(table("strides"), map(str, MOVES), name="moved by")
    return [
        tabulate(worked, ["moved by"], {"": count("value")}, across=["network", "how", "epsilon"]),
        tabulate(followed, ["what", "layer", "moved by"], {"correlations": mean("value")}),
    ]


if __name__ == "__main__":
    main(table, {"moves": move_all, "strides": follow_strides}, make_tables)
