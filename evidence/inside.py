"""Evidence for lesson 12, Inside."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np
from tqdm import tqdm

from evidence.cases import SETS, main, measure_both_sets, pick
from evidence.report import compare_means, mean, tabulate
from lessons.inside import layer_4d, table
from tricknet import Classifier, Prediction, images, load, trick
from tricknet.arrays import Floats, Picture
from tricknet.counting import Row

TARGETS = ["vulture", "bald eagle", "teapot", "castle"]  # two birds and two other things
TRICKS, NEAR = 10, 0.5  # of each bird, and how far from the real bird's lead they may stop


def measure_rise(model: Classifier, which: str) -> list[Row]:
    """For each photograph that is not a bird, and each target: do bird channels rise most in 4d?"""
    birds, rows = layer_4d.bird_channels(layer_4d.peaks(model, [*SETS["evidence"], *SETS["held_out"]])), []
    for name in tqdm([name for name in SETS[which] if name not in layer_4d.BIRDS], desc=which):
        photo = images.load(name)
        before = model.activations(photo, layer_4d.LAYER)
        for target in TARGETS:
            rise = model.activations(trick(model, photo, target).after, layer_4d.LAYER) - before
            positions = round(float(np.isin(rise.argmax(axis=2), birds).mean()), 4)
            rows.append({"set": which, "photograph": name, "target": target, "positions": positions})
    return rows


def replace_channels() -> Iterator[Row]:
    """Real birds, and tricks stopped at their leads, without their bird channels and without as many others."""
    model = load("GoogLeNet")
    everyone = {name: model.activations(images.load(name), layer_4d.LAYER) for names in SETS.values() for name in names}
    others = {name: now for name, now in everyone.items() if name not in layer_4d.BIRDS}
    for bird, source in tqdm(layer_4d.PORTRAITS.items(), desc="birds"):
        excited = {name: now.max(axis=(0, 1)) for name, now in everyone.items() if name != bird}
        channels, real = layer_4d.bird_channels(excited), model.predict(photo := images.load(source))
        c = real.best.index
        for name, picture in {bird: photo, **stop_at_lead(model, [*others], real)}.items():
            now, prediction = model.activations(picture, layer_4d.LAYER), model.predict(picture)
            fields = {"set": "real" if name == bird else "tricks", "photograph": name, "bird": bird}
            fields |= {"lead": round(prediction.log_odds(c), 3)}
            for taken, after in layer_4d.without(model, now, draw_donors(others, name), channels, seed=name).items():
                leads = [one.log_odds(c) for one in after]
                still = round(float(np.mean([one.best.index == c for one in after])), 2)
                yield fields | {"taken": taken, "left": round(float(np.mean(leads)), 3), "still": still}


def stop_at_lead(model: Classifier, names: Sequence[str], real: Prediction) -> dict[str, Picture]:
    """Held-out photographs among these made into a real bird's class, each at the step that is nearest to its lead."""
    pictures, c, lead = {}, real.best.index, real.log_odds(real.best.index)
    for name in [name for name in images.HELD_OUT if name in names][:TRICKS]:
        result = trick(model, images.load(name), c)
        misses = [abs(Prediction(row, model.labels).log_odds(c) - lead) for row in result.history]
        if min(misses) <= NEAR:
            pictures[name] = result.frames[int(np.argmin(misses))]
    return pictures


def draw_donors(donors: Mapping[str, Floats], name: str) -> list[Floats]:
    """The activations of a few other photographs, drawn at random, at layer 4d."""
    names = np.random.default_rng([1, *name.encode()]).permutation([other for other in donors if other != name])
    return [donors[str(other)] for other in names[: layer_4d.DRAWS]]


def assert_claims() -> None:
    """Every trick stopped near the real bird's lead, and no photograph of a bird is among those that were tricked."""
    rows = table("equal")
    assert {*pick(rows, "photograph", set="tricks")} <= {*images.HELD_OUT} - layer_4d.BIRDS
    for bird in layer_4d.PORTRAITS:
        (real, *_), leads = (pick(rows, "lead", set=which, bird=bird) for which in ("real", "tricks"))
        assert real > 0 and max(abs(lead - real) for lead in leads) <= NEAR + 0.01


def make_tables() -> list[str]:
    """The tables of the page, in its order."""
    assert_claims()
    risen, rows = table("risen"), table("equal")
    birds = [({"target": "vulture"}, {"target": "teapot"})]
    costs = [
        {"control": control, "set": group, "bird": bird, "excess": value}
        for control in ("as loud", "random")
        for bird, pair in layer_4d.excess(rows, control).items()
        for group, value in zip(("real", "tricks"), pair, strict=True)
    ]
    tricks = [({"set": "tricks"}, {"set": "real"})]
    return [
        tabulate(risen, ["set", "target"], {"positions": mean("positions", 3)}),
        compare_means(risen, ["set"], birds, column="positions", case="photograph", digits=3),
        tabulate(costs, ["control", "set"], {"excess": mean("excess")}),
        compare_means(costs, ["control"], tricks, column="excess", case="bird"),
        tabulate(rows, ["bird", "set", "taken"], {what: mean(what) for what in ("lead", "left", "still")}),
    ]


if __name__ == "__main__":
    main(table, {"risen": partial(measure_both_sets, measure_rise), "equal": replace_channels}, make_tables)
