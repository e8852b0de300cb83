"""Evidence for Is it size?"""

from functools import partial
from itertools import product

import numpy as np

from evidence.cases import combine, complete, main
from evidence.report import mean, tabulate
from lessons.is_it_size import linear, table
from tricknet.counting import Row

CHEAPER = (1, 4, 16, 64, 256, 1024, 4096, 65536)
SIZE = combine(task=linear.SIDES, seed=range(5), cheaper=CHEAPER)
GARMENTS = combine(seed=range(5), pictures=[4000, 16000])


def measure(task: str, seed: int, cheaper: int) -> list[Row]:
    """Every size, on the same pictures; `shared` are those that all sizes get right."""
    trials = {}
    for side in linear.SIDES[task]:
        train, test = ((linear.smaller(pictures, side), labels) for pictures, labels in linear.draw(task, seed))
        trials[side**2] = linear.evaluate(*linear.fit(*train, cheaper / side**2), train, test)
    shared = np.all([trial.epsilons > 0 for trial in trials.values()], axis=0)
    names, rows = ("trained", "right", "epsilon", "on_shared", "shared"), []
    for pixels, (*numbers, epsilons) in trials.items():
        values = np.round([*numbers, np.median(epsilons[shared]), shared.sum()], 4)
        rows.append({"pixels": pixels} | dict(zip(names, values.tolist(), strict=True)))
    return rows


def average(seed: int, pictures: int) -> list[Row]:
    """Clothes of 784 pixels, weights 1024 times cheaper: as trained, and each 4 x 4 block's weights averaged."""
    train, test = linear.draw("clothes", seed, pictures)
    weights, constants = linear.fit(*train, 1024 / 784 * 4000 / pictures)
    blocks = linear.smaller(weights.reshape(10, 28, 28, 1), 7)[..., 0]
    averaged = blocks.repeat(4, axis=1).repeat(4, axis=2).reshape(10, 784)
    rows = []
    for name, own in {"as trained": weights, "averaged": averaged}.items():
        numbers = np.round([*linear.evaluate(own, constants, train, test)[:3]], 4).tolist()
        rows.append({"weights": name} | dict(zip(("trained", "right", "epsilon"), numbers, strict=True)))
    return rows


def assert_claims(falls: list[Row], garments: list[Row]) -> None:
    """With every seed, cheap weights lower epsilon, and further with many pixels than with one. Averaged afterwards,
    they give it back, but clothes are right less often.
    """
    fall = {(row["task"], row["pixels"], row["seed"]): row["epsilon"] for row in falls}
    for (task, sides), seed in product(linear.SIDES.items(), range(5)):
        assert 1 < fall[task, 1, seed] < fall[task, max(sides) ** 2, seed]
    trained, averaged = ([row for row in garments if row["weights"] == name] for name in ("as trained", "averaged"))
    for before, after in zip(trained, averaged, strict=True):
        assert before["epsilon"] < after["epsilon"] and before["right"] > after["right"]


def make_tables() -> list[str]:
    size, garments = (
        [row | {column: 100 * row[column] for column in ("trained", "right")} for row in table(name)]
        for name in ("size", "garments")
    )
    cells = {column: mean(column, 1) for column in ("trained", "right", "epsilon")}
    cheap, full = ({(r["task"], r["pixels"], r["seed"]): r for r in size if r["cheaper"] == c} for c in (1024, 1))
    columns = ("epsilon", "on_shared")
    falls = [row | {column: full[case][column] / row[column] for column in columns} for case, row in cheap.items()]
    assert_claims(falls, garments)
    return [
        tabulate(size, ["task", "cheaper", "pixels"], cells | {"on_shared": mean("on_shared", 1)}),
        tabulate(falls, ["task", "pixels"], {f"{column} ÷": mean(column) for column in columns}),
        tabulate(garments, ["pictures", "weights"], cells),
    ]


if __name__ == "__main__":
    makers = {
        "size": partial(complete, table, "size", SIZE, measure),
        "garments": partial(complete, table, "garments", GARMENTS, average),
    }
    main(table, makers, make_tables)
