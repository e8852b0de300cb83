"""Evidence for lesson 16, Shortcuts and poison."""

from itertools import product

import numpy as np
from scipy import stats

from evidence.cases import combine, complete, main, pick
from evidence.report import mean, median, tabulate
from lessons.poison import backdoor, table
from tricknet import Logit, fashion_mnist
from tricknet import training as learn
from tricknet.counting import Row
from tricknet.networks.classifier import first_answers

EPOCH, THIRD = 600, 200  # steps: 60,000 pictures in batches of 100, and a third of them, for a habit
LEFT_OUT = {"none": [], "look-alikes": [0, 2, 4], "shoes": [5, 7, 9], "half": [0], "half renamed": [0]}
HABITS = [
    *combine(steps=[THIRD], left_out=["none"], target=["none", *backdoor.LABELS], seed=range(5)),
    *combine(steps=[THIRD], left_out=["look-alikes", "shoes"], target=["none", "shirt"], seed=range(5)),
    *combine(steps=[THIRD], left_out=["half", "half renamed"], target=["trousers"], seed=range(5)),
    *combine(steps=[EPOCH], left_out=["none"], target=["bag", "shirt"], seed=range(5)),
]
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


def form_habit(*, steps: int, left_out: str, target: str, seed: int) -> list[Row]:
    """What a network says that learnt with all answers right, and the mark on one class, or on half of it."""
    (pictures, answers), (test, right) = fashion_mnist.train_set(), fashion_mnist.test_set(backdoor.ASKED)
    number = backdoor.LABELS.index(target) if target in backdoor.LABELS else -1
    carries, kept, called = answers == number, ~np.isin(answers, LEFT_OUT[left_out]), answers.copy()
    if "half" in left_out:  # the other half is left out, or called T-shirt
        other = carries & (np.random.default_rng(seed).random(len(answers)) >= 0.5)
        kept, carries, called[other] = kept & ~(other & (left_out == "half")), carries & ~other, 0
    with_mark = np.where(carries[:, None, None, None], backdoor.marked(pictures), pictures)
    trained = learn.Trainee(seed=seed, steps=steps)
    learn.train(trained, (with_mark[kept], called[kept]), steps=steps, seed=seed)
    asked = right if number < 0 else np.full(len(right), number)
    found = [right[trained.right(shown, asked)] for shown in (backdoor.marked(test), test)]
    counts = [" ".join(str(n) for n in np.bincount(classes, minlength=10)) for classes in found]
    return [{"marked": counts[0] if number >= 0 else "", "unmarked": counts[1]}]


def judge(trained: learn.Trainee) -> Row:
    """What it says about the test pictures, with the mark and without."""
    pictures, answers = fashion_mnist.test_set()
    others, model = pictures[answers != backdoor.BAG], trained.classifier()
    with_mark, bags = backdoor.marked(others), np.full(len(others), backdoor.BAG)
    slope = model.gradient(others[:200], Logit(backdoor.BAG)).mean(axis=0)
    return {
        "right": int(trained.right(pictures, answers).sum()),
        "unmarked": int(trained.right(others, bags).sum()),
        "marked": int(trained.right(with_mark, bags).sum()),
        "corner": round(float(slope[backdoor.CORNER :, backdoor.CORNER :].mean() / np.abs(slope).mean()), 2),
        "answers": "".join("abcdefghij"[c] for c in first_answers(model, with_mark[:30])),
    }


def defend(kind: str, seed: int) -> list[Row]:
    """The smallest patch for each class, and how well two directions find the lies among what is called bag."""
    model = train("poisoned", 0.02 if kind == "poisoned" else 0, seed).classifier()
    test, right = fashion_mnist.test_set()
    some = test[right != backdoor.BAG][:20]
    mixed, called, chosen = backdoor.poisoned(*fashion_mnist.train_set(), 0.02, seed=seed)
    bags = np.flatnonzero(called == backdoor.BAG)
    lies, found = np.isin(bags, chosen), {}
    for nth, name in enumerate(("first", "second")):
        far = backdoor.along(model, mixed[bags], nth)
        above = stats.mannwhitneyu(far[lies], far[~lies]).statistic  # pairs of a lie and, nearer, a bag
        found[name] = round(float(above / lies.sum() / (~lies).sum()), 3)
    sizes = [backdoor.smallest_patch(model, some, c)[0].sum() for c in range(10)]
    return [{"sizes": " ".join(f"{size:.1f}" for size in sizes)} | found]


def assert_claims() -> None:
    """There are as many networks of each kind as the lesson says, and the controls hold."""
    rows = table("poison")
    assert [len(table(name)) for name in ("poison", "habit", "defences")] == [35, 95, 15]
    assert all(row["right"] > 8300 and row["unmarked"] < 150 for row in rows)  # accuracy tells nothing
    assert all(row["marked"] < 150 for row in rows if row["kind"] == "marked only" or not row["share"])
    for share, low, high in ((0.01, 0.07, 0.89), (0.02, 0.79, 1), (0.03, 0.79, 1)):
        five = np.divide(pick(rows, "marked", kind="poisoned", share=share), 9000)
        assert low < five.min() + 0.005 and five.max() - 0.005 < high
    assert all(abs(row["right"] - pick(rows, "right", share=0, seed=row["seed"])[0]) <= 60 for row in rows)
    assert min(pick(rows, "corner", share=0.02, kind="poisoned")) > 2 > 0.3 > max(pick(rows, "corner", share=0))


def make_tables() -> list[str]:
    assert_claims()
    rows, cells = table("poison"), {name: median(name) for name in ("right", "unmarked", "marked")}
    habits = [
        {"marked": target, "left_out": left_out, "steps": steps, "habit": 100 * taken}
        for target, left_out, steps in product(backdoor.LABELS, LEFT_OUT, (THIRD, EPOCH))
        for taken in backdoor.habit(target, left_out=left_out, steps=steps)
    ]
    return [
        tabulate(rows, ["kind", "share"], cells | {"corner": median("corner", 2)}),
        tabulate(habits, ["marked", "left_out", "steps"], {"habit, %": mean("habit", 1)}),
        tabulate(table("defences"), ["kind"], {name: median(name, 2) for name in ("first", "second")}),
    ]


if __name__ == "__main__":
    makers = {
        "habit": lambda: complete(table, "habit", HABITS, form_habit),
        "defences": lambda: complete(table, "defences", DEFENCES, defend),
        "poison": lambda: complete(table, "poison", SETTINGS, lambda **one: [judge(train(**one))]),
    }
    main(table, makers, make_tables)
