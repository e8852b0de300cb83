"""Whom does a trick fool, and what does it need to know? Lesson 9's tables: transfer.csv, recipes.csv and queries.csv.

    python -m lessons.other_eyes.experiment [transfer] [recipes] [queries] [walk]

The photographs are those of EVIDENCE and HELD_OUT that all three networks name correctly. Each perturbation is made on
one network (or two) and shown to all three, and so is its control: the same with its pixels in other places. A cell
says what that network's first answer is: "right", "target" (a random class, which is among no network's first five
answers) or "other".
transfer: on each network alone, at epsilon 4, 8 and 16: ten steps away from the right answer, fifteen towards the
target. At epsilon 16 also as the field does it (below), away.
recipes: on the sum of the gradients of SqueezeNet and EfficientNet-Lite0, to be judged by GoogLeNet; the same steps,
away at epsilon 8 and towards the target at 16. "diverse" is input diversity (`transforms.diverse`), "logit" climbs the
target's logit. All recipes are tried on EVIDENCE; HELD_OUT judges the best of each goal (BEST, from EVIDENCE's rows).
"diverse" on each of the two networks alone is the control: is it the pair that helps, or the diversity?
"field" is what papers on transfer use, with nothing chosen here: momentum whose sum never fades (Dong et al. 2018),
input diversity and translation invariance together, 50 steps of epsilon / 10 away from the right answer, or 300 steps
of 2 up the target's logit (Zhao et al. 2021).
queries: away from the right answer of EfficientNet-Lite0 at epsilon 16, on HELD_OUT, where nothing was tuned: by Square
with at most 500 queries, by 500 patterns of stripes (Square's first perturbation, each time another) and by at most 30
gradients. A cell says how many of those it took to the first wrong answer, or 0 if there was none.
walk: docs/walk.png, where `boundary` is after 1, 10, 100 and more first answers of GoogLeNet, on its way from the
vulture to the panda.

Takes about an hour on one quiet core. In the first two tables, settings that are there are not measured again.
"""

from collections.abc import Callable, Iterator
from itertools import batched
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from lessons.other_eyes import table
from tricknet import images, plots
from tricknet.attacks import gradients, transforms
from tricknet.attacks.gradients import smoothed, together
from tricknet.attacks.least import distance
from tricknet.attacks.queries import asking, boundary, square
from tricknet.attacks.steps import Method, climb, constant, fading, walk
from tricknet.cases import SETS, Row, asked_for, keep, measure
from tricknet.networks import all_networks
from tricknet.networks.classifier import Classifier, Prediction
from tricknet.networks.objectives import Class, Logit, Objective
from tricknet.paths import DOCS
from tricknet.plots.sheet import Sheet

STEPS = {"away": 10, "towards": 15}
FIELD_STEPS = {"away": 50, "towards": 300}
FIELD = Method(fading(1), size=constant)
BEST = {"away": "diverse", "towards": "logit, diverse"}  # of what was tried on EVIDENCE
BATCH = 8
QUERIES = 500
WALKED = (1, 10, 100, 500, 2000)


class Setting(NamedTuple):
    """What a row was measured with. makers: the networks' names, joined by " + "."""

    set: str
    goal: str
    epsilon: int
    makers: str
    recipe: str


class Photograph(NamedTuple):
    """A photograph, its name, and two classes: the right one and a random one."""

    name: str
    picture: np.ndarray
    right: int
    target: int


def main() -> None:
    """Make the tables that the command line names, or all of them."""
    settings = {"transfer": transfer(), "recipes": recipes()}
    chosen = asked_for(__doc__, [*settings, "queries", "walk"])
    networks: dict[str, Classifier] = {name: all_networks()[name]() for name in NAMES}
    photographs = {name: right_for_all(networks, names) for name, names in SETS.items()}
    print("photographs: " + ", ".join(f"{len(those)} of {name}" for name, those in photographs.items()))
    if "walk" in chosen:
        print(f"wrote {walked(networks['GoogLeNet']).save(DOCS / 'walk.png')}")
    if "queries" in chosen:
        keep(table, "queries", queries(networks["EfficientNet-Lite0"], photographs["held_out"]))
    for name in (name for name in chosen if name in settings):
        measure(table, name, settings[name], lambda setting: rows(networks, photographs[setting.set], setting))


NAMES = ("GoogLeNet", "SqueezeNet", "EfficientNet-Lite0")
PAIR = "SqueezeNet + EfficientNet-Lite0"


def transfer() -> list[Setting]:
    """Each network alone."""
    wanted = [(goal, epsilon) for goal in STEPS for epsilon in (4, 8, 16)]
    plain = [Setting(group, *one, maker, "plain") for one in wanted for group in SETS for maker in NAMES]
    return plain + [Setting(group, "away", 16, maker, "field") for group in SETS for maker in NAMES]


def recipes() -> list[Setting]:
    """Two networks together, to be judged by the third. Each of them alone, with diversity, is a control."""
    tried = [("away", 8, "plain"), ("away", 8, "diverse")]
    tried += [("towards", 16, recipe) for recipe in ("plain", "logit", "logit, diverse")]
    wanted = [("evidence", *one) for one in tried] + [("held_out", *one) for one in tried if one[2] == BEST[one[0]]]
    pair = [Setting(group, goal, epsilon, PAIR, recipe) for group, goal, epsilon, recipe in wanted]
    pair += [Setting(group, *one, PAIR, "field") for one in (("away", 8), ("towards", 16)) for group in SETS]
    return pair + [Setting(group, "away", 8, maker, "diverse") for group in SETS for maker in PAIR.split(" + ")]


def right_for_all(networks: dict[str, Classifier], names: tuple[str, ...]) -> list[Photograph]:
    """The photographs that every network names correctly.

    All photographs of these two sets are ones that GoogLeNet names correctly, so agreeing with it is being right.
    """
    found = []
    for some in batched(names, BATCH, strict=False):
        pictures = np.stack([images.load(name) for name in some])
        said = [network.predict(pictures) for network in networks.values()]
        for name, picture, *answers in zip(some, pictures, *said, strict=True):
            best = {answer.best.index for answer in answers}
            likeliest = {label for answer in answers for label, _, _ in answer.top(5)}
            random = np.random.default_rng([9, *name.encode()])  # by name, whatever other pictures are asked for
            target = next(int(label) for label in random.permutation(1000) if label not in likeliest)
            if len(best) == 1:
                found.append(Photograph(name, picture, *best, target))
    return found


def rows(networks: dict[str, Classifier], photographs: list[Photograph], setting: Setting) -> list[Row]:
    """A row for each photograph: what every network sees in it after the attack, and after the control."""
    found = []
    makers = [networks[name] for name in setting.makers.split(" + ")]
    for some in batched(photographs, BATCH, strict=False):
        before = np.stack([one.picture for one in some])
        after = attacked(makers, before, [objective(setting, one) for one in some], setting)
        control = np.stack([shuffled(one, made) for one, made in zip(some, after, strict=True)])
        batch: list[Row] = [{"picture": one.name} for one in some]
        for judge, network in networks.items():
            for kind, shown in ((judge, after), (f"{judge}, shuffled", control)):
                for row, one, said in zip(batch, some, network.predict(shown), strict=True):
                    row[kind] = {one.right: "right", one.target: "target"}.get(said.best.index, "other")
        found += batch
    return found


def attacked(makers: list[Classifier], before: np.ndarray, objectives: list[Objective], setting: Setting) -> np.ndarray:
    """The pictures after all steps of the setting's recipe."""
    if setting.recipe != "field":
        climbed = gradient_of(makers, objectives, "diverse" in setting.recipe)
        return walk(before, climbed, epsilon=setting.epsilon, steps=STEPS[setting.goal])
    climbed = smoothed(gradient_of(makers, objectives, True))
    step = {"away": setting.epsilon / 10, "towards": 2}[setting.goal]
    return walk(before, climbed, epsilon=setting.epsilon, steps=FIELD_STEPS[setting.goal], method=FIELD, step=step)


def objective(setting: Setting, one: Photograph) -> Objective:
    """What is climbed."""
    if setting.goal == "away":
        return -Class(one.right)
    return Class(one.target) if setting.recipe == "plain" else Logit(one.target)


def gradient_of(
    makers: list[Classifier], objectives: list[Objective], diverse: bool
) -> Callable[[np.ndarray], np.ndarray]:
    """The gradient of one network or the sum of several, for `walk`."""
    if diverse:
        draw = transforms.diverse
        return together(*(gradients.averaged(maker, objectives, copies=1, seed=9, draw=draw) for maker in makers))
    return together(*(lambda pictures, maker=maker: maker.gradient(pictures, list(objectives)) for maker in makers))


def shuffled(photograph: Photograph, after: np.ndarray) -> np.ndarray:
    """The photograph with the perturbation's pixels in other places: the same sizes and colours, and no pattern."""
    perturbation = after.astype(int) - photograph.picture
    random = np.random.default_rng([9, *photograph.name.encode()])
    pixels = random.permutation(perturbation.reshape(-1, 3)).reshape(perturbation.shape)
    return np.asarray(np.clip(photograph.picture + pixels, 0, 255), dtype=np.uint8)


def queries(network: Classifier, photographs: list[Photograph]) -> Iterator[Row]:
    """A row for each photograph: how many questions, stripes or gradients it takes to the first wrong answer."""
    for name, picture, right, _ in tqdm(photographs, desc="queries"):
        found = square(network, picture, right, epsilon=16, queries=QUERIES, less_like=True)
        random = np.random.default_rng([9, *name.encode()])
        stripes = random.choice([-16, 16], (QUERIES, 1, picture.shape[1], 3))
        shown = (network.predict((picture + one).clip(0, 255).astype(np.uint8)) for one in stripes)
        steps = climb(network, picture[None], -Class(right), epsilon=16, steps=30)
        yield {
            "picture": name,
            "square": found.queries - 1 if found.fooled else 0,  # the first query shows the photograph itself
            "stripes": first_wrong(shown, right) + 1,
            "gradients": max(first_wrong((said for _, (said,) in steps), right), 0),
        }


def walked(network: Classifier) -> Sheet:
    """A walk from the vulture to the panda: the best picture after so many questions, each with its answer."""
    panda, vulture, look, frames = images.load("panda"), images.load("vulture"), asking(network), []
    nearest, asked, wanted = np.inf, 0, network.labels.find("vulture")

    def ask(pictures: np.ndarray) -> np.ndarray:
        """Answer, and keep what is best so far: the history that `boundary` gives holds no pictures."""
        nonlocal nearest, asked, best
        said, asked = look(pictures), asked + 1
        if said[0].argmax() == wanted and (far := distance(pictures[0], panda)) < nearest:
            nearest, best = far, pictures[0].copy()
        if asked in WALKED:
            frames.append(best)
        return said

    best = vulture
    found = boundary(ask, panda, "vulture", start=vulture, queries=WALKED[-1])
    assert np.array_equal(frames[-1], found.after)
    said = network.predict(np.stack(frames))
    captions = [f"question {n}\nvulture {one['vulture']:.1%}" for n, one in zip(WALKED, said, strict=True)]
    return plots.show(frames, captions, columns=len(frames))


def first_wrong(predictions: Iterator[Prediction], right: int) -> int:
    """The place of the first prediction that is not right, or -1."""
    return next((i for i, said in enumerate(predictions) if said.best.index != right), -1)


if __name__ == "__main__":
    main()
