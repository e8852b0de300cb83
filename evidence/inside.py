"""Evidence for lesson 12, Inside."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from evidence.cases import SETS, main, measure_both_sets, pick
from evidence.report import compare_counts, compare_means, mean, tabulate, total
from lessons.inside import layer_4d, table
from tricknet import Classifier, Prediction, images, load, trick
from tricknet.arrays import Floats
from tricknet.counting import Row

TARGETS = ["vulture", "bald eagle", "teapot", "castle"]  # two birds and two other things


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


class Bird(NamedTuple):
    """A real bird's photograph: its class, its lead, and the bird channels, which the other birds chose."""

    name: str
    c: int
    lead: float
    channels: layer_4d.Channels


def replace_channels() -> Iterator[Row]:
    """Real birds, and tricks stopped at their leads, without their bird channels."""
    model = load("GoogLeNet")
    everyone = {name: model.activations(images.load(name), layer_4d.LAYER) for names in SETS.values() for name in names}
    others = {name: now for name, now in everyone.items() if name not in layer_4d.BIRDS}
    birds = []
    for name in ("vulture", *sorted(layer_4d.BIRDS)):
        prediction, now = model.predict(photo := images.load(name)), model.activations(photo, layer_4d.LAYER)
        chosen = layer_4d.bird_channels({other: a.max(axis=(0, 1)) for other, a in everyone.items() if other != name})
        birds.append(bird := Bird(name, prediction.best.index, prediction.log_odds(prediction.best.index), chosen))
        fields = {"set": "birds", "photograph": name, "bird": name, "lead": round(bird.lead, 3), "source": "others"}
        for taken, after in layer_4d.without(model, now, draw_donors(others, name), chosen, seed=name).items():
            yield fields | {"taken": taken} | judge(after, bird.c)
    vulture, *rest = birds
    names = [name for name in images.HELD_OUT if name in others]
    for name, bird in tqdm([(name, vulture) for name in names] + list(zip(names, rest, strict=False)), desc="tricks"):
        yield from stop_at_lead(model, name, others, bird)


def stop_at_lead(model: Classifier, name: str, others: Mapping[str, Floats], bird: Bird) -> Iterator[Row]:
    """A photograph made into a bird's class, stopped at the bird's lead, without its bird channels."""
    result = trick(model, images.load(name), bird.c)
    leads = np.array([Prediction(row, model.labels).log_odds(bird.c) for row in result.history])
    if leads.max() < bird.lead - 0.01:
        return  # it never comes so far
    step = int(np.abs(leads - bird.lead).argmin())
    now = model.activations(result.frames[step], layer_4d.LAYER)
    fields = {"set": "held_out", "photograph": name, "bird": bird.name, "lead": round(float(leads[step]), 3)}
    for source, those in {"own": [others[name]], "others": draw_donors(others, name)}.items():
        for taken, after in layer_4d.without(model, now, those, bird.channels, seed=name).items():
            yield fields | {"source": source, "taken": taken} | judge(after, bird.c)


def draw_donors(donors: Mapping[str, Floats], name: str) -> list[Floats]:
    """The activations of a few other photographs, drawn at random, at layer 4d."""
    names = np.random.default_rng([1, *name.encode()]).permutation([other for other in donors if other != name])
    return [donors[str(other)] for other in names[: layer_4d.DRAWS]]


def judge(predictions: Sequence[Prediction], c: int) -> Row:
    """The class's mean lead in some predictions, how many have it first, and whether the first one does."""
    leads = [prediction.log_odds(c) for prediction in predictions]
    hits = [prediction.best.index == c for prediction in predictions]
    return {"left": round(float(np.mean(leads)), 3), "still": round(float(np.mean(hits)), 2), "first": int(hits[0])}


def assert_claims() -> None:
    """Tricks stopped near the real bird's lead, and no photograph of a bird is among those that were tricked."""
    rows = table("equal")
    assert {*pick(rows, "photograph", set="held_out")} <= {*images.HELD_OUT} - layer_4d.BIRDS
    for bird in ("vulture", *layer_4d.BIRDS):
        (real, *_), leads = (pick(rows, "lead", set=which, bird=bird) for which in ("birds", "held_out"))
        assert min(leads) > 0 and abs(np.mean(leads) / real - 1) <= 0.25


def make_tables() -> list[str]:
    """The tables of the page, in its order."""
    assert_claims()
    risen, rows = table("risen"), table("equal")
    birds = [({"target": "vulture"}, {"target": "teapot"})]
    ways = [({"taken": "birds"}, {"taken": other}) for other in ("as loud", "random")]
    vultures = [row for row in rows if row["set"] == "held_out" and row["bird"] == "vulture" and row["source"] == "own"]
    beside = [row for row in rows if row["source"] == "others"]
    leads = {"lead": mean("lead"), "left": mean("left")}
    return [
        tabulate(risen, ["set", "target"], {"positions": mean("positions", 3)}),
        compare_means(risen, ["set"], birds, column="positions", case="photograph", digits=3),
        tabulate(vultures, ["taken"], leads | {"class first": total("first", 1)}),
        compare_counts(vultures, [], ways, counted=["first"], case="photograph"),
        compare_means(vultures, [], ways, column="left", case="photograph"),
        tabulate(beside, ["bird", "set", "taken"], leads | {"still": mean("still")}),
    ]


if __name__ == "__main__":
    main(table, {"risen": partial(measure_both_sets, measure_rise), "equal": replace_channels}, make_tables)
