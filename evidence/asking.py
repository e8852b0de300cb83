"""Evidence for the page You may only ask."""

import itertools
from collections.abc import Iterator

import numpy as np

from evidence.cases import main
from evidence.other_networks import prepare
from evidence.report import median, melt, tabulate
from lessons.asking import table
from lessons.asking.walk import approach
from tricknet.counting import Row

WALKED, PAIRS = (100, 300, 1000), 10  # questions, and how many walks


def walk_all() -> Iterator[Row]:
    """Which share of the distance is left after so many questions: a row for each pair of photographs."""
    networks, photographs = prepare()
    for one, start in itertools.pairwise(photographs[: PAIRS + 1]):
        frames, _ = approach(networks["GoogLeNet"], one.picture, start.picture, WALKED[-1])
        lengths = {n: float(np.linalg.norm(frames[n] - one.picture.astype(float))) for n in (0, *WALKED)}
        yield {"picture": one.name, "start": start.name} | {str(n): round(lengths[n] / lengths[0], 3) for n in WALKED}


def make_tables() -> list[str]:
    """The table of the page."""
    left = melt(table("walks"), map(str, WALKED), name="queries", value="left")
    return [tabulate(left, ["queries"], {"left": median("left", 2)})]


if __name__ == "__main__":
    main(table, {"walks": walk_all}, make_tables)
