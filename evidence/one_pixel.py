"""Evidence for lesson 8, One pixel."""

from collections.abc import Iterator
from functools import cache, partial

import numpy as np
from tqdm import tqdm

from evidence.cases import combine, complete, draw_cases, main
from evidence.report import count, mean, melt, tabulate
from evidence.tricked import make_pictures, see
from lessons.one_pixel import table
from lessons.one_pixel.survival import MOVES, survives
from tricknet import images, load, trick
from tricknet.attacks.result import added
from tricknet.attacks.transforms import move, moving
from tricknet.counting import Row

STEPS = 20
NETWORKS = ("GoogLeNet", "SqueezeNet", "EfficientNet-Lite0")
GAPS = ("gaps left", "gaps filled", "smoothed")
SETTINGS = {
    "moves": [
        *combine(network=NETWORKS, how=["photograph"], epsilon=[0], picture=images.HELD_OUT),
        *combine(network=NETWORKS, how=["plain"], epsilon=[2], picture=images.HELD_OUT),
        *combine(network=["GoogLeNet"], how=["plain", "sturdy"], epsilon=[8], picture=images.HELD_OUT),
    ],
    "gaps": combine(network=["SqueezeNet"], how=GAPS, epsilon=[2], picture=images.HELD_OUT[:16]),
}
WAYS = {"moves": {str(k): (k, 0) for k in MOVES}, "gaps": {str(k): (k, 0) for k in range(25)}}  # right, down
WAYS["gaps"] |= {f"down {k}": (0, k) for k in (1, 2, 3, 4, 5, 8, 16)}


def move_all(name: str) -> None:
    """The table `moves` or `gaps`: photographs and tricks that move to the right, and for `gaps` also down."""
    loaded = cache(load)

    def measure(network: str, how: str, epsilon: float, picture: str) -> list[Row]:
        model = loaded(network)
        (case,) = draw_cases(model, [picture])
        (after,) = make_pictures(model, [case], 0, how, epsilon, STEPS)
        moved = {to: move(after, *by) for to, by in WAYS[name].items()}
        return [{"target": model.labels[case.target]} | see(model, case, moved)]

    complete(table, name, SETTINGS[name], measure)


def measure_leads() -> Iterator[Row]:
    """The target's log-odds: photograph and trick moved, only one of the two moved, part of the trick kept."""
    model = load("GoogLeNet")
    for case in tqdm(draw_cases(model, images.HELD_OUT), desc="leads"):
        photo, change = case.picture, trick(model, case.picture, case.target, epsilon=2, steps=STEPS).perturbation
        order = np.random.default_rng([0, *case.name.encode()]).random(change.shape)
        shown = {"photograph": photo, "trick": added(photo, change)}
        shown |= {f"kept {share}%": added(photo, change * (order < share / 100)) for share in (90, 80, 70, 60, 50)}
        for k in (1, 2, 4, 8, 16):
            photo_moved, moved = move(photo, k), moving(k)(change)
            shown |= {f"photograph {k}": photo_moved, f"only photograph {k}": added(photo_moved, change)}
            shown |= {f"trick {k}": added(photo_moved, moved), f"only trick {k}": added(photo, moved)}
        odds = (round(answer.log_odds(case.target), 2) for answer in model.predict(list(shown.values())))
        yield {"picture": case.name} | dict(zip(shown, odds, strict=True))


def make_tables() -> list[str]:
    tables = []
    for name, ways in WAYS.items():
        assert len(table(name)) == len(SETTINGS[name])
        worked = melt((row for row in table(name) if survives(row, "0")), ways, name="moved by")
        worked = [row | {"value": int(survives(row, row["moved by"]))} for row in worked]
        tables.append(tabulate(worked, ["moved by"], {"": count("value")}, across=["network", "how", "epsilon"]))
    pushed = melt(table("leads"), list(table("leads")[0])[1:], name="what")
    return [*tables, tabulate(pushed, ["what"], {"mean log-odds": mean("value")})]


if __name__ == "__main__":
    main(table, {**{name: partial(move_all, name) for name in WAYS}, "leads": measure_leads}, make_tables)
