"""Evidence for Is it size?"""

from functools import partial
from itertools import product

import numpy as np

from evidence.cases import combine, complete, main, pick
from evidence.report import count, markdown, mean, tabulate
from lessons.is_it_size import linear, table
from tricknet.counting import Row, holm

CHEAPER = (1, 4, 16, 64, 256, 1024, 4096, 65536)
SIZE = combine(task=["squares"], seed=range(5), pictures=[462], cheaper=CHEAPER)
SIZE += combine(task=["clothes"], seed=range(5), pictures=[4000], cheaper=CHEAPER)
FEWER = combine(task=["squares"], seed=range(5, 25), pictures=[115, 462], cheaper=[65536])


def measure(task: str, seed: int, pictures: int, cheaper: int) -> list[Row]:
    """Every size, on the same pictures; `shared` are those that all sizes get right."""
    (train, labels), (test, truth) = linear.draw(task, seed)
    trials = {}
    for side in linear.SIDES[task]:
        part = linear.smaller(train[:pictures], side), labels[:pictures]
        price = pictures / len(train) * side**2 / cheaper
        trials[side**2] = linear.train_and_test(part, (linear.smaller(test, side), truth), 1 / price)
    shared = np.all([trial.epsilons > 0 for trial in trials.values()], axis=0)
    names, rows = ("trained", "right", "epsilon", "on_shared", "shared"), []
    for pixels, (*numbers, epsilons) in trials.items():
        values = np.round([*numbers, np.median(epsilons[shared]), shared.sum()], 4)
        rows.append({"pixels": pixels} | dict(zip(names, values.tolist(), strict=True)))
    return rows


def compare(rows: list[Row]) -> str:
    """A table: what a lower price divides epsilon by, with one pixel and with the most. Is it more with the most?"""
    from scipy import stats

    lines, ps = [], []
    for task, column, cheaper in product(linear.SIDES, ("epsilon", "on_shared"), CHEAPER[1:]):
        one, most = (
            np.array(pick(rows, column, task=task, cheaper=1, pixels=pixels))
            / pick(rows, column, task=task, cheaper=cheaper, pixels=pixels)
            for pixels in (1, linear.SIDES[task][-1] ** 2)
        )
        ps.append(stats.ttest_rel(np.log(one), np.log(most)).pvalue)
        cells = (str(mean("by")([{"by": factor} for factor in factors])) for factors in (one, most))
        lines.append([task, column, str(cheaper), *cells])
    assert max(p for line, p in zip(lines, holm(ps), strict=True) if line[2] == "65536") < 0.05
    head = ["task", "epsilon", "cheaper", "÷ with one pixel", "÷ with the most", "Holm's p"]
    return markdown(head, [[*line, f"{p:.1g}"] for line, p in zip(lines, holm(ps), strict=True)])


def make_tables() -> list[str]:
    """The tables of the page, in its order."""
    percent = [row | {column: 100 * row[column] for column in ("trained", "right")} for row in table("size")]
    cells = {column: mean(column, 1) for column in ("trained", "right", "epsilon", "on_shared")}
    draws = [[row for row in table("fewer") if setting.items() <= row.items()] for setting in FEWER]
    lowest = [min(draw, key=lambda row: row["epsilon"]) for draw in draws]
    worst = {f"{pixels} pixels": count("pixels", pixels) for pixels in sorted({row["pixels"] for row in lowest})}
    whole = tabulate(percent, ["task", "cheaper", "pixels"], cells)
    return [whole, compare(table("size")), tabulate(lowest, ["pictures"], worst)]


if __name__ == "__main__":
    settings = {"size": SIZE, "fewer": FEWER}.items()
    main(table, {name: partial(complete, table, name, these, measure) for name, these in settings}, make_tables)
