"""Evidence for Is it size?"""

from itertools import pairwise, product

import numpy as np

from evidence.cases import combine, complete, main, pick
from evidence.report import mean, tabulate
from lessons.is_it_size import figures, linear, table
from tricknet.counting import Row

FREEDOMS = tuple(4.0**k for k in (-2, 0, 1, 2, 3, 4, 5, 6, 8))
SETTINGS = [
    setting
    for task, sides in linear.SIDES.items()
    for setting in combine(task=[task], seed=range(5), pixels=[side**2 for side in sides])
]


def fit_all_freedoms(task: str, seed: int, pixels: int) -> list[Row]:
    """One size of one seed, at every freedom."""
    side = round(pixels**0.5)
    train, choose, test = ((linear.smaller(x, side), y) for x, y in linear.draw(task, seed))
    rows = []
    for freedom in sorted({*FREEDOMS, pixels}):
        weights, constants = linear.fit(*train, C=freedom / pixels)
        chosen, epsilons = (linear.smallest_epsilon(weights, constants, *part) for part in (choose, test))
        right = epsilons > 0
        numbers = {"chosen": int((chosen > 0).sum()), "right": int(right.sum()), "n": len(right)}
        rows.append({"freedom": freedom, **numbers, "epsilon": round(float(np.median(epsilons[right])), 3)})
    return rows


def assert_claims() -> None:
    """At the same price, size makes no difference to squares, but more pixels make clothes harder to fool. They do so
    at the same accuracy, too.
    """
    rows, sizes = table("size"), (1, 16, 49, 196, 784)
    small, large = (np.mean(pick(rows, "epsilon", task="squares", freedom=1, pixels=pixels)) for pixels in (1, 1024))
    assert abs(large / small - 1) <= 0.03
    at = {(row["pixels"], row["seed"]): row for row in rows if row["task"] == "clothes" and row["freedom"] == 1}
    for (less, more), seed in product(pairwise(sizes), range(5)):
        assert all(at[more, seed][column] > at[less, seed][column] for column in ("epsilon", "right"))
    clothes = [row for row in rows if row["task"] == "clothes"]
    curves = [[row for row in clothes if row["pixels"] == pixels] for pixels in (4, *sizes[1:])]
    for lower, upper in pairwise(figures.means(one, lambda row: row["freedom"]).values() for one in curves):
        both = [(accuracy, epsilon) for accuracy, epsilon in lower if accuracy >= min(upper)[0]]
        assert both and all(max(e for a, e in upper if a >= accuracy) > epsilon for accuracy, epsilon in both)


def make_tables() -> list[str]:
    """The tables of the page, in its order."""
    assert_claims()
    rows = [row | {"accuracy": 100 * row["right"] / row["n"]} for row in table("size")]
    cells = {"right, %": mean("accuracy", 1), "epsilon": mean("epsilon", 1)}
    best = sorted(rows, key=lambda row: (-row["chosen"], row["freedom"]))
    chosen = [next(row for row in best if setting.items() <= row.items()) for setting in SETTINGS]
    return [
        tabulate(rows, ["task", "freedom", "pixels"], cells),
        tabulate(chosen, ["task", "pixels"], cells),
    ]


if __name__ == "__main__":
    main(table, {"size": lambda: complete(table, "size", SETTINGS, fit_all_freedoms)}, make_tables)
