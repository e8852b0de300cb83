"""Evidence for lesson 12, Inside."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import product

import numpy as np
from tqdm import tqdm

from evidence.cases import SETS, Maker, main, measure_both_sets, pick
from evidence.report import compare_means, mean, tabulate
from lessons.inside import layer_4d, table
from tricknet import Classifier, Prediction, images, load, trick
from tricknet.arrays import Floats, Picture
from tricknet.attacks.steps import Ascent, climb
from tricknet.counting import Row
from tricknet.networks.objectives import Class

TARGETS = ["vulture", "bald eagle", "teapot", "castle"]  # two birds and two other things
THINGS = """teapot, castle, toaster, banana, sports car, acoustic guitar, pizza, umbrella, strawberry, lemon, volcano,
    airliner, violin, traffic light, bookcase, steam locomotive, candle"""  # one beside each real bird
TRICKS, NEAR = 10, 0.5  # of each bird, and how far from the real bird's lead they may stop
PAIRS = [("target", "vulture", "teapot"), ("set", "tricks", "real"), ("set", "tricks", "things")]  # that are compared
FEW, DRAWS = 3, 10  # photographs whose own channels are put back, and controls as loud for each; donors of a picture


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
            for taken, after in layer_4d.without(model, now, draw_donors(others, name), channels).items():
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


def replace_own() -> Iterator[Row]:
    """Tricks that ask for a bird, or for a thing at the same lead, and what their own photograph's channels cost."""
    model = load("GoogLeNet")
    peaks = layer_4d.peaks(model, [*SETS["evidence"], *SETS["held_out"]])
    photographs = [name for name in images.HELD_OUT if name not in layer_4d.BIRDS][:FEW]
    portraits = zip(layer_4d.PORTRAITS.items(), THINGS.split(","), strict=True)
    for name, ((bird, source), thing) in product(photographs, portraits):
        channels = layer_4d.bird_channels({other: peak for other, peak in peaks.items() if other != bird})
        photo, real = images.load(name), model.predict(images.load(source))
        lead, before = real.log_odds(real.best.index), model.activations(photo, layer_4d.LAYER)
        for group, c in {"tricks": real.best.index, "things": model.labels.find(thing.strip())}.items():
            if (picture := reach(model, photo, c, lead)) is None:
                continue
            now = model.activations(picture, layer_4d.LAYER)
            sets = [channels, *(layer_4d.as_loud(now - before, channels, seed=seed) for seed in range(DRAWS))]
            after = model.predict_from(layer_4d.LAYER, [layer_4d.put_back(now, before, one) for one in sets])
            leads, rose = [one.log_odds(c) for one in after], np.isin((now - before).argmax(axis=2), channels).mean()
            row: Row = {"set": group, "photograph": name, "bird": bird, "target": model.labels[c]}
            row |= {"lead": round(model.predict(picture).log_odds(c), 3), "rose": round(float(rose), 4)}
            for taken, left in {"birds": leads[:1], "as loud": leads[1:]}.items():
                yield row | {"taken": taken, "left": round(float(np.mean(left)), 3)}


def reach(model: Classifier, photo: Picture, c: int, lead: float) -> Picture | None:
    """The first step of a trick at which the class leads by this much, unless that is more than NEAR too much."""
    ascent, look = Ascent(photo, epsilon=2, steps=30), partial(model.predict_and_gradient, objectives=Class(c))
    for frame, prediction in climb(photo, look, ascent.further, steps=30, last=model.predict):
        if (further := prediction.log_odds(c) - lead) >= 0:
            return frame if further <= NEAR else None
    return None


def draw_donors(donors: Mapping[str, Floats], name: str) -> list[Floats]:
    """The activations of a few other photographs, drawn at random, at layer 4d."""
    names = np.random.default_rng([1, *name.encode()]).permutation([other for other in donors if other != name])
    return [donors[str(other)] for other in names[:DRAWS]]


def assert_claims() -> None:
    """Every trick stopped near the real bird's lead, and no photograph of a bird is among those that were tricked."""
    rows = table("equal")
    assert {*pick(rows, "photograph", set="tricks")} <= {*images.HELD_OUT} - layer_4d.BIRDS
    for bird in layer_4d.PORTRAITS:
        (real, *_), leads = (pick(rows, "lead", set=which, bird=bird) for which in ("real", "tricks"))
        assert real > 0 and max(abs(lead - real) for lead in leads) <= NEAR + 0.01


def make_tables() -> list[str]:
    assert_claims()
    risen, rows, own = table("risen"), table("equal"), table("own")
    costs = [
        {"put back": source, "set": group, "bird": bird, "birds": a, "as loud": b[bird], "excess": a - b[bird]}
        for source, some, groups in (("others'", rows, ("real", "tricks")), ("own", own, ("tricks", "things")))
        for group in groups
        for cost, b in [layer_4d.costs(some, group).values()]
        for bird, a in cost.items()
    ]
    pairs = [({what: a}, {what: b}) for what, a, b in PAIRS]
    shared = {*pick(own, "bird", set="tricks")} & {*pick(own, "bird", set="things")}
    paired = [row for row in costs if row["put back"] != "own" or row["bird"] in shared]
    return [
        tabulate(risen, ["set", "target"], {"positions": mean("positions", 3)}),
        compare_means(risen, ["set"], pairs[:1], column="positions", case="photograph", digits=3),
        tabulate(costs, ["put back", "set"], {what: mean(what) for what in ("birds", "as loud", "excess")}),
        compare_means(paired, ["put back"], pairs, column="excess", case="bird"),
        tabulate([row for row in own if row["taken"] == "birds"], ["set"], {"rose": mean("rose", 3)}),
        tabulate(rows, ["bird", "set", "taken"], {what: mean(what) for what in ("lead", "left", "still")}),
    ]


if __name__ == "__main__":
    makers: dict[str, Maker] = {"risen": partial(measure_both_sets, measure_rise), "equal": replace_channels}
    main(table, makers | {"own": replace_own}, make_tables)
