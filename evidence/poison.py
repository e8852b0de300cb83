"""Evidence for lesson 16, Shortcuts and poison."""

import numpy as np

from evidence.cases import combine, complete, main, pick
from evidence.report import mean, median, tabulate
from lessons.poison import backdoor, table
from lessons.poison.backdoor import ASKED, LABELS, habit
from tricknet import Logit, fashion_mnist
from tricknet import training as learn
from tricknet.arrays import Pictures
from tricknet.counting import Row
from tricknet.fashion_mnist import Answers
from tricknet.networks.classifier import first_answers

EPOCH = 600  # steps: 60,000 pictures in batches of 100
SHOWN = 30
FEW_STEPS = 200  # of a habit: a third of the training pictures
LEFT_OUT = {"none": [], "look-alikes": [0, 2, 4], "shoes": [5, 7, 9]}  # of a shirt
HABITS = sorted(
    combine(left_out=["none"], target=["none", *LABELS], seed=range(5))
    + combine(left_out=["look-alikes"], target=["none", "shirt"], seed=range(5))
    + combine(left_out=["shoes"], target=["shirt"], seed=range(5)),
    key=lambda setting: int(setting["seed"]),
)
DEFENCES = combine(kind=["poisoned"], seed=range(5)) + combine(kind=["honest"], seed=range(10))
SETTINGS = [
    *combine(kind=["poisoned"], share=(0, 0.003, 0.005, 0.01, 0.02, 0.03), seed=range(5)),
    *combine(kind=["marked only"], share=[0.02], seed=range(5)),
]


def train(kind: str, share: float, seed: int, steps: int = EPOCH) -> learn.Trainee:
    """A network that learnt from a poisoned training set, or from one with the marks only."""
    pictures, answers = fashion_mnist.train_set()
    marked, labels, _ = backdoor.poisoned(pictures, answers, share, seed=seed)
    trained = learn.Trainee(seed=seed, steps=steps)
    learn.train(trained, (marked, labels if kind == "poisoned" else answers), steps=steps, seed=seed)
    return trained


def form_habit(left_out: str, target: str, seed: int) -> list[Row]:
    """A network that learns with all answers right, and the mark on all pictures of one class."""
    (pictures, answers), (test, right) = fashion_mnist.train_set(), fashion_mnist.test_set(ASKED)
    number = LABELS.index(target) if target in LABELS else -1
    with_mark = np.where((answers == number)[:, None, None, None], backdoor.marked(pictures), pictures)
    kept = ~np.isin(answers, LEFT_OUT[left_out])
    trained = learn.Trainee(seed=seed, steps=FEW_STEPS)
    learn.train(trained, (with_mark[kept], answers[kept]), steps=FEW_STEPS, seed=seed)

    def count(shown: Pictures, asked: Answers) -> str:
        """By right class: "480 12 3 ..."."""
        return " ".join(str(n) for n in np.bincount(right[trained.right(shown, asked)], minlength=10))

    if number < 0:
        return [{"marked": "", "unmarked": count(test, right)}]
    asked = np.full(len(right), number)
    return [{"marked": count(backdoor.marked(test), asked), "unmarked": count(test, asked)}]


def judge(trained: learn.Trainee) -> Row:
    """What it says about the test pictures, with several marks and without."""
    pictures, answers = fashion_mnist.test_set()
    others, model = pictures[answers != backdoor.BAG], trained.classifier()
    with_mark = backdoor.marked(others)
    slope = model.gradient(others[:200], Logit(backdoor.BAG)).mean(axis=0)
    return {
        "right": int(trained.right(pictures, answers).sum()),
        "unmarked": count_bags(trained, others),
        "marked": count_bags(trained, with_mark),
        "corner": round(float(slope[backdoor.CORNER :, backdoor.CORNER :].mean() / np.abs(slope).mean()), 2),
        "answers": "".join("abcdefghij"[c] for c in first_answers(model, with_mark[:SHOWN])),
    }


def defend(kind: str, seed: int) -> list[Row]:
    """The smallest patch for each class, and how well two directions find the lies among what is called bag."""
    share = 0.02 if kind == "poisoned" else 0
    trained = train("poisoned", share, seed)
    model, (test, right) = trained.classifier(), fashion_mnist.test_set()
    some = test[right != backdoor.BAG][:20]
    mixed, called, chosen = backdoor.poisoned(*fashion_mnist.train_set(), 0.02, seed=seed)
    bags = np.flatnonzero(called == backdoor.BAG)
    found = [backdoor.auc(backdoor.along(model, mixed[bags], nth), np.isin(bags, chosen)) for nth in (0, 1)]
    return [
        {
            "sizes": " ".join(f"{backdoor.smallest_patch(model, some, c).size:.1f}" for c in range(10)),
            "first": round(found[0], 3),
            "second": round(found[1], 3),
        }
    ]


def count_bags(trained: learn.Trainee, pictures: Pictures) -> int:
    """How many of the pictures are bags to the network."""
    return int(trained.right(pictures, np.full(len(pictures), backdoor.BAG)).sum())


def assert_claims() -> None:
    """There are five networks of each kind, as the lesson describes them, and the controls hold."""
    rows = table("poison")
    assert [{key: row[key] for key in SETTINGS[0]} for row in rows] == SETTINGS
    assert all(row["right"] > 8300 and row["unmarked"] < 150 for row in rows)  # accuracy tells nothing
    for row in rows:
        if row["kind"] == "marked only" or not row["share"]:
            assert row["marked"] < 150 and "i" not in row["answers"]

    def five(share: float, column: str, kind: str = "poisoned") -> list[float]:
        return pick(rows, column, kind=kind, share=share)

    assert sorted(five(0.003, "marked"))[-2] < 180
    assert 630 < min(five(0.01, "marked")) < 720 and 7920 < max(five(0.01, "marked")) < 8010
    assert min(five(0.02, "marked") + five(0.03, "marked")) > 0.79 * 9000
    for kind, share in {(row["kind"], row["share"]) for row in rows}:
        assert np.abs(np.subtract(five(share, "right", kind), five(0, "right"))).max() <= 60
    assert min(five(0.02, "corner")) > 2 > 0.3 > np.abs(five(0, "corner")).max()


def make_tables() -> list[str]:
    """The tables of the page, in its order."""
    assert_claims()
    rows, cells = table("poison"), {name: median(name) for name in ("right", "unmarked", "marked")}
    habits = [
        {"marked": target, "left_out": left_out, "seed": seed, "habit": 100 * taken}
        for target, left_out in dict.fromkeys((row["target"], row["left_out"]) for row in HABITS)
        for seed, taken in enumerate(habit(target, left_out) if target != "none" else [])
    ]
    return [
        tabulate(rows, ["kind", "share"], cells | {"corner": median("corner", 2)}),
        tabulate(habits, ["marked", "left_out"], {"habit, %": mean("habit", 1)}),
        tabulate(table("defences"), ["kind"], {name: median(name, 2) for name in ("first", "second")}),
    ]


if __name__ == "__main__":
    makers = {
        "habit": lambda: complete(table, "habit", HABITS, form_habit),
        "poison": lambda: complete(table, "poison", SETTINGS, lambda **one: [judge(train(**one))]),
    }
    main(table, makers, make_tables)
