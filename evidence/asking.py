"""Evidence for the page You may only ask."""

import itertools
from collections.abc import Iterator

import numpy as np

from evidence.cases import main
from evidence.other_networks import prepare
from evidence.report import compare_means, mean, melt, tabulate
from lessons.asking import table
from lessons.asking.walk import approach, distance, mixed
from tricknet import images, load
from tricknet.counting import Row
from tricknet.paths import DOCS
from tricknet.plots.sheet import lay

WALKED, PAIRS = (50, 100), 10  # questions, and how many walks


def walk_all() -> Iterator[Row]:
    """Which share of the distance mixing leaves, and so many questions: a row for each pair of photographs."""
    networks, photographs = prepare()
    for one, start in itertools.pairwise(photographs[: PAIRS + 1]):
        nearest = mixed(networks["GoogLeNet"], one.picture, start.picture)
        frames, _ = approach(networks["GoogLeNet"], one.picture, nearest, WALKED[-1])
        ends = {"mixed": nearest} | {str(n): frames[n] for n in WALKED}
        shares = {n: distance(end, one.picture) / distance(start.picture, one.picture) for n, end in ends.items()}
        yield {"picture": one.name, "start": start.name} | {n: round(share, 3) for n, share in shares.items()}


def film() -> None:
    """Film the page's walk beside the nearest mixture."""
    model, panda, vulture = load("GoogLeNet"), images.load("panda"), images.load("vulture")
    nearest = mixed(model, panda, vulture)
    frames, papers, unmoved = approach(model, panda, nearest)[0], [], f"only mixed\n{distance(nearest, panda):.0f} away"
    for n in [*np.unique(np.geomspace(1, 901, 60).astype(int) - 1), *[900] * 8]:
        words = [unmoved, f"question {n}\n{distance(frames[n], panda):.0f} away"]
        papers.append(lay([nearest, frames[n]], words, size=18)[0])
    first, *rest = papers
    first.save(DOCS / "asking.webp", save_all=True, append_images=rest, duration=250, loop=0, quality=60, method=6)


def make_tables() -> list[str]:
    left = melt(table("walks"), ["mixed", *map(str, WALKED)], name="how", value="left")
    nearer = [({"how": "mixed"}, {"how": str(n)}) for n in WALKED]
    return [tabulate(left, ["how"], {"left": mean("left")}), compare_means(left, [], nearer, column="left")]


if __name__ == "__main__":
    main(table, {"walks": walk_all, "film": film}, make_tables)
