"""Evidence for lesson 5, Why it works on a network."""

from collections.abc import Callable, Iterator

import numpy as np
from tqdm import tqdm

from evidence.cases import SETS, main
from evidence.report import compare_counts, count, mean, melt, tabulate
from lessons.why_it_works import shares, table
from lessons.why_it_works.switches import Switches, lead, push, ten_steps
from tricknet import Classifier, images, load
from tricknet.arrays import Picture, rounded
from tricknet.counting import Row
from tricknet.networks.objectives import Logit


def measure_all(measure: Callable[[Classifier, Picture], Iterator[Row]]) -> Iterator[Row]:
    """The rows of every photograph."""
    model = load("GoogLeNet")
    for which, name in tqdm([(s, name) for s, names in SETS.items() for name in names], unit="picture"):
        yield from ({"set": which, "picture": name} | row for row in measure(model, images.load(name)))


def measure_steps(model: Classifier, picture: Picture) -> Iterator[Row]:
    """The row of steps.csv for a picture (uint8, 224 x 224 x 3)."""
    first, second = (answer.index for answer in model.predict(picture).top(2))
    objectives = {"lead": lead(first), "gap": Logit(first) - Logit(second)}
    gradients = {name: model.gradient(picture, objective) for name, objective in objectives.items()}
    slopes, switches = gradients["lead"], Switches(model, picture)
    stepped = rounded(picture - np.sign(slopes))
    change = stepped - picture.astype(float)
    row: Row = {"class": first}
    for name, objective in objectives.items():
        row[name] = before = model.value(picture, objective)
        row[f"{name}_promised"] = before + float((gradients[name] * change).sum())
        row[f"{name}_at_a_tenth"] = model.value(picture + 0.1 * change, objective)
        row[f"{name}_measured"] = model.value(stepped, objective)
    relus, pools = switches.relus, switches.pools
    for name, frozen in {"relus": relus, "pools": pools, "both": relus + pools}.items():
        scores = switches.scores(stepped, frozen)
        row[f"{name}_frozen"] = float(scores[first] - scores[second])
    after = {"one_step": stepped, "ten_steps": ten_steps(model, picture, first)}
    row["ten_promised"] = row["lead"] + float((slopes * (after["ten_steps"] - picture.astype(float))).sum())
    row["ten_measured"] = model.value(after["ten_steps"], objectives["lead"])
    falls = {name: int(model.predict(other).best.index != first) for name, other in after.items()}
    yield {name: round(value, 3) for name, value in row.items()} | falls


def measure_flips(model: Classifier, picture: Picture) -> Iterator[Row]:
    """The rows of flips.csv for a picture (uint8, 224 x 224 x 3)."""
    objective = lead(label := model.predict(picture).best.index)
    signs, switches = np.sign(model.gradient(picture, objective)), Switches(model, picture)
    steps = {"away": -signs, "towards": signs, "aside": -np.roll(signs, 32, axis=(0, 1))}
    coins = np.random.default_rng(0).choice([-1, 1], picture.shape)
    steps |= {f"coins of {size}": size * coins for size in (1, 20, 40)}
    groups = {"relus": switches.relus, "pools": switches.pools}
    for layer in switches.relus:
        groups.setdefault(layer.split("/")[0].removeprefix("inception_"), []).append(layer)
    for name, step in steps.items():
        flipped = switches.flipped(after := rounded(picture + step))
        moved, direction = push(model, picture, after, label)
        row: Row = {"lead": round(model.value(after, objective), 3)}
        row |= {"fooled": int(model.predict(after).best.index != label)}
        row |= {"moved": round(moved, 4), "direction": round(direction, 4)}
        for group, layers in groups.items():
            row[group] = round(float(np.concatenate([flipped[layer].ravel() for layer in layers]).mean()), 5)
        yield {"step": name} | row


def make_tables() -> list[str]:
    steps, flips = table("steps"), table("flips")
    assert [(row["set"], row["picture"]) for row in steps] == [(which, name) for which in SETS for name in SETS[which]]
    falls = melt(steps, ("one_step", "ten_steps"), name="steps", value="falls")
    left = melt([row | shares(row) for row in steps], shares(steps[0]), name="frozen", value="left")
    places = [name for name in flips[0] if name not in ("set", "picture", "step")]
    flipped = melt(flips, places, name="where", value="flipped")
    return [
        tabulate(steps, ["set"], {name: mean(name, 1) for name in list(steps[0])[3:16]}),
        tabulate(left, ["frozen"], {"": mean("left")}, across=["set"]),
        tabulate(falls, ["steps"], {"": count("falls")}, across=["set"]),
        compare_counts(falls, ["set"], [({"steps": "one_step"}, {"steps": "ten_steps"})], counted=["falls"]),
        tabulate(flipped, ["where"], {"": mean("flipped", 3)}, across=["step"]),
    ]


if __name__ == "__main__":
    makers = {"steps": lambda: measure_all(measure_steps), "flips": lambda: measure_all(measure_flips)}
    main(table, makers, make_tables)
