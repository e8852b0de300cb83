"""Whom does a trick fool, and what does it need to know?

    python -m lessons.other_eyes.experiment [transfer] [recipes] [queries] [nearer] [walk]

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
nearer: how near, in L2 and pixel values, does a walk get in 500 and in 2000 questions? Each of the first ten photos of
HELD_OUT is walked towards from the next one, whose first answer by GoogLeNet has to stay. (foolbox's HopSkipJump needs
what benchmarks/peers.py needs.)

`walk` draws docs/walk.png, where `boundary` is after 1, 10, 100 and more first answers of GoogLeNet, on its way from
the vulture to the panda. Takes about an hour on one quiet core. In the first two tables, settings that are there are
not measured again.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import batched
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from lessons.other_eyes import table
from lessons.other_eyes.nearer import nearer
from tricknet import images, plots
from tricknet.attacks import gradients, transforms
from tricknet.attacks.gradients import smoothed, together
from tricknet.attacks.least import distance
from tricknet.attacks.queries import asking, boundary, square
from tricknet.attacks.result import added, shuffled
from tricknet.attacks.steps import Method, constant, fading, walk
from tricknet.attacks.trick import make_less_like
from tricknet.cases import SETS, main, measure
from tricknet.evidence import Row
from tricknet.networks import all_networks
from tricknet.networks.classifier import Classifier
from tricknet.networks.objectives import Class, Logit, Objective
from tricknet.paths import DOCS
from tricknet.plots.sheet import Sheet
from tricknet.report import count, differences, grouped, long, median, paired

STEPS = {"away": 10, "towards": 15}
FIELD_STEPS = {"away": 50, "towards": 300}
FIELD = Method(fading(1), size=constant)
BEST = {"away": "diverse", "towards": "logit, diverse"}  # of what was tried on EVIDENCE
BATCH = 8
QUERIES = 500
WALKED = (1, 10, 100, 500, 2000)
NAMES = ("GoogLeNet", "SqueezeNet", "EfficientNet-Lite0")
PAIR = "SqueezeNet + EfficientNet-Lite0"


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


@cache
def prepared() -> tuple[dict[str, Classifier], dict[str, list[Photograph]]]:
    """The three networks, and the photographs of each set."""
    networks: dict[str, Classifier] = {name: all_networks()[name]() for name in NAMES}
    photographs = {name: right_for_all(networks, names) for name, names in SETS.items()}
    print("photographs: " + ", ".join(f"{len(those)} of {name}" for name, those in photographs.items()))
    return networks, photographs


def settle(name: str, settings: list[Setting]) -> None:
    """Measure these settings of a table."""
    networks, photographs = prepared()
    measure(table, name, settings, lambda setting: rows(networks, photographs[setting.set], setting))


def transfer() -> list[Setting]:
    """Each network alone."""
    goals = [(goal, epsilon) for goal in STEPS for epsilon in (4, 8, 16)]
    plain = [Setting(group, *one, maker, "plain") for one in goals for group in SETS for maker in NAMES]
    return plain + [Setting(group, "away", 16, maker, "field") for group in SETS for maker in NAMES]


def recipes() -> list[Setting]:
    """Two networks together, to be judged by the third. Each of them alone, with diversity, is a control."""
    tried = [("away", 8, "plain"), ("away", 8, "diverse")]
    tried += [("towards", 16, recipe) for recipe in ("plain", "logit", "logit, diverse")]
    goals = [("evidence", *one) for one in tried] + [("held_out", *one) for one in tried if one[2] == BEST[one[0]]]
    pair = [Setting(group, goal, epsilon, PAIR, recipe) for group, goal, epsilon, recipe in goals]
    pair += [Setting(group, *one, PAIR, "field") for one in (("away", 8), ("towards", 16)) for group in SETS]
    return pair + [Setting(group, "away", 8, maker, "diverse") for group in SETS for maker in PAIR.split(" + ")]


def right_for_all(networks: dict[str, Classifier], names: tuple[str, ...]) -> list[Photograph]:
    """The photographs that every network names correctly.

    All photographs of these two sets are ones that GoogLeNet names correctly, so agreeing with it is being right.
    """
    photographs = []
    for some in batched(names, BATCH, strict=False):
        pictures = [images.load(name) for name in some]
        predictions = [network.predict(pictures) for network in networks.values()]
        for name, picture, *answers in zip(some, pictures, *predictions, strict=True):
            best = {answer.best.index for answer in answers}
            likeliest = {label for answer in answers for label, _, _ in answer.top(5)}
            random = np.random.default_rng([9, *name.encode()])  # by name, whatever other pictures are asked for
            target = next(int(label) for label in random.permutation(1000) if label not in likeliest)
            if len(best) == 1:
                photographs.append(Photograph(name, picture, best.pop(), target))
    return photographs


def rows(networks: dict[str, Classifier], photographs: list[Photograph], setting: Setting) -> list[Row]:
    """A row for each photograph: what every network sees in it after the attack, and after the control."""
    measured = []
    makers = [networks[name] for name in setting.makers.split(" + ")]
    for some in batched(photographs, BATCH, strict=False):
        before = np.stack([one.picture for one in some])
        after = attacked(makers, before, [objective(setting, one) for one in some], setting)
        elsewhere = [
            shuffled(perturbation, [9, *one.name.encode()])
            for perturbation, one in zip(after.astype(int) - before, some, strict=True)
        ]
        control = added(before, np.stack(elsewhere))
        batch: list[Row] = [{"picture": one.name} for one in some]
        for judge, network in networks.items():
            for kind, pictures in ((judge, after), (f"{judge}, shuffled", control)):
                for row, one, prediction in zip(batch, some, network.predict(list(pictures)), strict=True):
                    row[kind] = {one.right: "right", one.target: "target"}.get(prediction.best.index, "other")
        measured += batch
    return measured


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


def queries() -> Iterator[Row]:
    """A row for each photograph: how many questions, stripes or gradients it takes to the first wrong answer."""
    networks, photographs = prepared()
    network = networks["EfficientNet-Lite0"]
    for name, picture, right, _ in tqdm(photographs["held_out"], desc="queries"):
        search = square(network, picture, right, epsilon=16, queries=QUERIES, less_like=True)
        random = np.random.default_rng([9, *name.encode()])
        stripes = random.choice([-16, 16], (QUERIES, 1, picture.shape[1], 3))
        answers = (network.predict((picture + one).clip(0, 255).astype(np.uint8)).best.index for one in stripes)
        steps = make_less_like(network, picture, right, epsilon=16, steps=30)
        yield {
            "picture": name,
            "square": search.queries - 1 if search.fooled else 0,  # the first query shows the photograph itself
            "stripes": first_wrong(answers, right) + 1,
            "gradients": max(first_wrong(steps.history.argmax(axis=1), right), 0),
        }


def walked(network: Classifier) -> Sheet:
    """A walk from the vulture to the panda: the best picture after so many questions, each with its answer."""
    panda, vulture, look, frames = images.load("panda"), images.load("vulture"), asking(network), []
    nearest, asked, best, target = np.inf, 0, vulture, network.labels.find("vulture")

    def ask(pictures: np.ndarray) -> np.ndarray:
        """Answer, and keep what is best so far: the history that `boundary` gives holds no pictures."""
        nonlocal nearest, asked, best
        probabilities, asked = look(pictures), asked + 1
        if probabilities[0].argmax() == target and (far := distance(pictures[0], panda)) < nearest:
            nearest, best = far, pictures[0].copy()
        if asked in WALKED:
            frames.append(best)
        return probabilities

    result = boundary(ask, panda, "vulture", start=vulture, queries=WALKED[-1])
    assert np.array_equal(frames[-1], result.after)
    predictions = network.predict(frames)
    captions = [f"question {n}\nvulture {one['vulture']:.1%}" for n, one in zip(WALKED, predictions, strict=True)]
    return plots.show(frames, captions, columns=len(frames))


def first_wrong(answers: Iterable[int], right: int) -> int:
    """The place of the first answer that is not right, or -1."""
    return next((i for i, answer in enumerate(answers) if answer != right), -1)


def judged(name: str) -> list[Row]:
    """A table's rows, for each network that judges, of the trick and of its shuffled control: was the judge fooled?"""
    judgements = []
    for row in sorted(table(name), key=lambda row: (row["goal"], row["epsilon"])):
        wrong = ("target",) if row["goal"] == "towards" else ("target", "other")
        for judge in NAMES:
            for kind, column in (("trick", judge), ("shuffled", f"{judge}, shuffled")):
                judgements.append(row | {"judge": judge, "shown": kind, "fooled": int(row[column] in wrong)})
    return judgements


def shown() -> dict[str, list[str]]:
    """What the page shows."""
    alone = [row for row in judged("transfer") if row["makers"] != row["judge"]]
    both = [row for row in judged("recipes") if row["judge"] == "GoogLeNet"]
    strong = [row for row in alone if (row["goal"], row["epsilon"]) == ("away", 16)]
    control, of_field = ({"shown": "trick"}, {"shown": "shuffled"}), ({"recipe": "field"}, {"recipe": "plain"})
    tricks = [row for row in both if row["shown"] == "trick"]
    away = [row | {"setting": f"{row['makers']}, {row['recipe']}"} for row in tricks if row["goal"] == "away"]
    pair = {"setting": f"{PAIR}, diverse"}
    rivals = [f"{PAIR}, plain", f"{PAIR}, field", "SqueezeNet, diverse", "EfficientNet-Lite0, diverse"]
    asked = [
        row | {"fooled": int(row["needed"] > 0)}
        for row in long(table("queries"), ("square", "stripes", "gradients"), "how", "needed")
    ]
    return {
        "transfer": [
            "Photographs on which the judge, which is not the maker, is wrong (away), or sees the target (towards):",
            grouped(alone, ["goal", "epsilon", "makers", "recipe", "judge"], {"": count("fooled")}, ["set", "shown"]),
            "Away at epsilon 16:",
            paired(strong, ["set", "makers", "recipe", "judge"], [control], ["fooled"]),
            paired([r for r in strong if r["shown"] == "trick"], ["set", "makers", "judge"], [of_field], ["fooled"]),
        ],
        "recipes": [
            "Photographs on which GoogLeNet is wrong (away), or sees the target (towards):",
            grouped(both, ["goal", "epsilon", "makers", "recipe"], {"": count("fooled")}, ["set", "shown"]),
            paired(both, ["set", "goal", "makers", "recipe"], [control], ["fooled"]),
            paired(away, ["set"], [(pair, {"setting": rival}) for rival in rivals], ["fooled"]),
        ],
        "queries": [
            "Photographs that get a wrong answer, and how many questions or gradients those took:",
            grouped(asked, ["how"], {"wrong": count("fooled")}),
            grouped([row for row in asked if row["fooled"]], ["how"], {"needed": median("needed")}),
            paired(asked, [], [({"how": "square"}, {"how": "stripes"})], ["fooled"]),
        ],
        "nearer": [
            grouped(table("nearer"), ["method"], {"L2": median("l2")}, ["questions"]),
            differences(
                table("nearer"),
                ["questions"],
                [({"method": "tricknet boundary"}, {"method": "foolbox HopSkipJump"})],
                "l2",
                digits=0,
            ),
        ],
    }


def draw() -> None:
    """docs/walk.png."""
    print(f"wrote {walked(prepared()[0]['GoogLeNet']).save(DOCS / 'walk.png')}")


if __name__ == "__main__":
    measured = {"transfer": lambda: settle("transfer", transfer()), "recipes": lambda: settle("recipes", recipes())}
    main(__doc__, table, {**measured, "queries": queries, "nearer": nearer, "walk": draw}, shown)
