"""Evidence for lesson 5, Why it works on a network."""

from collections.abc import Callable, Iterator

import numpy as np
from tqdm import tqdm

from evidence.cases import SETS, main
from evidence.report import Prose, compare_counts, count, mean, median, melt, tabulate
from lessons.why_it_works import table
from lessons.why_it_works.switches import Switches, lead, lead_of, shares, walked
from tricknet import Classifier, images, load
from tricknet.arrays import Picture, rounded
from tricknet.counting import Row

ABOUT = """\
Lesson 5 asks how far a gradient can be trusted, and how strong noise must be to do as much as a trick. `python -m
evidence.why_it_works` takes about twenty minutes."""
ROWS = {
    "steps": """is one of the 70 photographs of EVIDENCE and HELD_OUT; nothing was tuned on either. Every value moves by
1 against the signs of the gradient of the class's lead (log-odds), so that the lead falls. A row holds the `lead`
before this step, the lead that the slopes `promised` after it, and the lead `measured`. It also holds the lead with the
switches of the ReLUs, of the max-pooling layers (pools) or of both frozen as the photograph sets them, and the lead if
every score went straight on along its own slopes. `one_step` says whether the first answer changes, and `ten_steps`
whether it does after ten steps of 0.1, each with a new gradient. `noise` is the size at which random signs (coin
tosses) leave as little of the lead as the one step, on average over three draws. It is 255 if no size does. Pictures
are rounded and clipped, as in a file.""",
}
PROSE = Prose(ABOUT, ROWS, sets=("EVIDENCE", "HELD_OUT"))

SIZES = [0, 1, 2, 4, 8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 128, 160, 192, 255]  # of coin tosses


def measure_all() -> Iterator[Row]:
    """A row for every photograph."""
    model = load("GoogLeNet")
    for which, name in tqdm([(s, name) for s, names in SETS.items() for name in names], unit="picture"):
        yield {"set": which, "picture": name} | measure(model, images.load(name))


def measure(model: Classifier, picture: Picture) -> Row:
    """What the module's first lines say, of one picture (uint8, 224 x 224 x 3)."""
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


def describe() -> dict[str, list[str]]:
    names = [(which, name) for which, names in SETS.items() for name in names]
    assert [(row["set"], row["picture"]) for row in table("steps")] == names
    rows = [row | {"curve": row["scores_straight"] - row["promised"]} for row in table("steps")]
    falls = melt(rows, ("one_step", "ten_steps"), name="steps", value="falls")
    left = melt([row | shares(row) for row in rows], shares(rows[0]), name="frozen", value="left")
    return {
        "steps": [
            "The bend is the measured lead minus the lead if every score went straight on. The table shows the mean "
            "share of it that is left with switches frozen. With both frozen, only the normalisation layers bend.",
            tabulate(left, ["frozen"], {"": mean("left")}, across=["set"]),
            "The next table shows the lead if every score went straight on, minus the promised lead, on average.",
            tabulate(rows, ["set"], {"difference": mean("curve")}),
            "The next table counts the photographs whose first answer changes.",
            tabulate(falls, ["steps"], {"": count("falls")}, across=["set"]),
            "The next one compares one step with ten.",
            compare_counts(falls, ["set"], [({"steps": "one_step"}, {"steps": "ten_steps"})], counted=["falls"]),
            "The last table shows the median of `noise`, and counts the photographs for which not even 255 suffices.",
            tabulate(rows, ["set"], {"size": median("noise"), "not even 255": count("noise", 255)}),
        ]
    }


if __name__ == "__main__":
    main(PROSE, table, {"steps": measure_all}, describe)
