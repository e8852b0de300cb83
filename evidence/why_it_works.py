"""Evidence for lesson 5, Why it works on a network."""

from collections.abc import Callable, Iterator

import numpy as np
from tqdm import tqdm

from evidence.cases import SETS, main
from evidence.report import compare_counts, count, mean, median, melt, tabulate
from lessons.why_it_works import table
from lessons.why_it_works.switches import Switches, lead, lead_of, shares, walked
from tricknet import Classifier, images, load
from tricknet.arrays import Picture, rounded
from tricknet.counting import Row

SIZES = [0, 1, 2, 4, 8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 128, 160, 192, 255]  # of coin tosses


def measure_all() -> Iterator[Row]:
    """A row for every photograph."""
    model = load("GoogLeNet")
    for which, name in tqdm([(s, name) for s, names in SETS.items() for name in names], unit="picture"):
        yield {"set": which, "picture": name} | measure(model, images.load(name))


def measure(model: Classifier, picture: Picture) -> Row:
    """What evidence/why_it_works.md says of a row, for one picture (uint8, 224 x 224 x 3)."""
    label = model.predict(picture).best.index
    objective, start = lead(label), picture.astype(np.float32)
    slopes = model.gradient(picture, objective)
    stepped, ten = rounded(start - np.sign(slopes)), walked(model, picture, label)
    switches, before = Switches(model, picture), model.value(picture, objective)
    both = [*switches.relus, *switches.pools]
    leads = {
        "lead": before,
        "promised": before + float((slopes * (stepped - start)).sum(dtype=float)),
        "measured": (measured := lead_of(switches.scores(stepped), label)),
        "relus_frozen": lead_of(switches.scores(stepped, switches.relus), label),
        "pools_frozen": lead_of(switches.scores(stepped, switches.pools), label),
        "both_frozen": lead_of(switches.scores(stepped, both), label),
        "scores_straight": lead_of(switches.straight(stepped), label),
    }
    rng = np.random.default_rng(0)
    tosses = [rng.choice(np.array([-1, 1], np.float32), start.shape) for _ in range(3)]

    def shaken(size: float) -> float:
        return float(np.mean([model.value(rounded(start + size * toss), objective) for toss in tosses]))

    return {
        "class": label,
        **{name: round(value, 3) for name, value in leads.items()},
        "one_step": int(model.predict(stepped).best.index != label),
        "ten_steps": int(model.predict(ten).best.index != label),
        "noise": round(find_enough(shaken, measured), 1),
    }


def find_enough(shaken: Callable[[float], float], goal: float) -> float:
    """The first size at which the lead, straight between SIZES, is down to `goal`; the last of them if it never is."""
    size, left = 0, np.inf
    for larger in SIZES:
        if (found := shaken(larger)) <= goal:
            return float(np.interp(goal, [found, left], [larger, size]))
        size, left = larger, found
    return float(SIZES[-1])


def make_tables() -> list[str]:
    """The tables of the page, in its order."""
    names = [(which, name) for which, names in SETS.items() for name in names]
    assert [(row["set"], row["picture"]) for row in table("steps")] == names
    rows = [row | {"curve": row["scores_straight"] - row["promised"]} for row in table("steps")]
    falls = melt(rows, ("one_step", "ten_steps"), name="steps", value="falls")
    left = melt([row | shares(row) for row in rows], shares(rows[0]), name="frozen", value="left")
    return [
        tabulate(left, ["frozen"], {"": mean("left")}, across=["set"]),
        tabulate(rows, ["set"], {"difference": mean("curve")}),
        tabulate(falls, ["steps"], {"": count("falls")}, across=["set"]),
        compare_counts(falls, ["set"], [({"steps": "one_step"}, {"steps": "ten_steps"})], counted=["falls"]),
        tabulate(rows, ["set"], {"size": median("noise"), "not even 255": count("noise", 255)}),
    ]


if __name__ == "__main__":
    main(table, {"steps": measure_all}, make_tables)
