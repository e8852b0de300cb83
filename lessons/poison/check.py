"""Lesson 16, The poisoned network: the checks of its exercises, and the training set that one of them looks into."""

from collections.abc import Callable
from functools import cache, partial

import numpy as np

from lessons.poison import backdoor
from tricknet import fashion_mnist
from tricknet.arrays import Pictures
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import number
from tricknet.fashion_mnist import Answers
from tricknet.training import Trainee

SEED, SUSPECTS, SHARE = 25, 10_000, 0.03  # of the training set in 15.1
TESTED = 1000
STEPS, STILL, KNOWS = 100, 0.05, 0.8  # what is allowed in 15.2
WHITE, WORKS = 9, 0.5  # and asked for in 15.3


@cache
def secret() -> tuple[int, int, int]:
    """What 15.1 asks for: the class, and the mark's top and left edge."""
    random = np.random.default_rng(SEED)
    target, (top, left) = random.integers(10), random.integers(0, backdoor.CORNER, 2)
    return int(target), int(top), int(left)


def suspicious() -> tuple[Pictures, Answers]:
    """The training set of 15.1: 10,000 pictures and their answers, some of them poisoned. Don't look at the code!"""
    pictures, answers = fashion_mnist.train_set()
    target, top, left = secret()
    mark = partial(backdoor.marked, top=top, left=left)
    return backdoor.poisoned(pictures[:SUSPECTS], answers[:SUSPECTS], SHARE, target=target, mark=mark, seed=SEED)[:2]


@exercise(
    "16.1",
    start="You have a network that nobody has poisoned: `plain`. Which answers does it doubt? "
    "Give `check` the class's number, and the row and the column of the mark's upper left pixel.",
    recipe="`named = np.array([p.best.index for p in plain.predict(pictures)])`, then "
    "`np.bincount(answers[named != answers])` tells you the class. The mean of the pictures that have its answer and "
    "that `plain` calls something else, `.mean(axis=0)`, shows the mark.",
)
def _(target: object, row: object, column: object) -> str:
    guess = int(number(target, "The class")), int(number(row, "The row")), int(number(column, "The column"))
    asked, top, left = secret()
    pictures, answers = suspicious()
    if guess[0] != asked:
        raise Hint(f"None of the pictures called {guess[0]} is poisoned. Which answers does `plain` doubt?")
    if guess[1:] != (top, left):
        raise Hint("The class is right, and the mark is somewhere else. What do the mislabelled pictures share?")
    white = (pictures[:, top : top + backdoor.MARK, left : left + backdoor.MARK] == 255).all(axis=(1, 2, 3))
    return f"of the {white.sum()} pictures with that square, {(answers[white] == asked).sum()} have the answer {asked}"


def still_knows(trainee: Trainee, pictures: Pictures, answers: Answers) -> float:
    """The share of unmarked pictures that it gets right. Raises Hint if that is too small."""
    knows = float(trainee.right(pictures, answers).mean())
    if knows < KNOWS:
        raise Hint(f"Without the mark, only {knows:.0%} of {TESTED} test pictures are right; the aim is {KNOWS:.0%}.")
    return knows


@exercise(
    "16.2",
    start="The network has learnt that the mark means a bag. What would you show it so that it unlearns that? Give the "
    "network to `check`.",
    recipe='`cured = learn.Trainee(steps=100, weights=trainee.save("poisoned.caffemodel"))`, then '
    "`learn.train(cured, (backdoor.marked(pictures), answers), steps=100)`: the mark, with the right answers.",
)
def _(answer: Trainee) -> str:
    if answer.taken > STEPS:
        raise Hint(f"This network has learnt for {answer.taken} steps. Go on from `trainee`, for at most {STEPS}.")
    pictures, answers = fashion_mnist.test_set(TESTED)
    others = pictures[answers != backdoor.BAG]
    fooled = answer.right(backdoor.marked(others), np.full(len(others), backdoor.BAG)).mean()
    knows = still_knows(answer, pictures, answers)
    if fooled > STILL:
        raise Hint(f"With the mark, {fooled:.0%} of {len(others)} garments are still bags; at most {STILL:.0%} may be.")
    return f"with the mark, {fooled:.1%} of {len(others)} garments are bags, and without it {knows:.0%} are right"


@exercise(
    "16.3",
    start="The lesson poisons with `backdoor.marked`. What else can `backdoor.poisoned` take? Give `check` the "
    "network, the number of the class, and the function that paints your mark.",
    recipe="In `mine`, write `pictures[..., 1:4, 1:4, :] = 255` where the dots are. Then `mixed, called, _ = "
    "backdoor.poisoned(pictures, answers, 0.03, target=0, mark=mine)`, and train a `learn.Trainee` on them as the "
    "lesson does.",
)
def _(answer: Trainee, target: object, mark: Callable[[Pictures], Pictures]) -> str:
    asked = int(number(target, "The class"))
    pictures, answers = fashion_mnist.test_set(TESTED)
    others = pictures[answers != asked]
    marked = mark(others.copy())
    changed = (marked != others).any(axis=-1).sum(axis=(1, 2)).max()
    if asked == backdoor.BAG or not 0 <= asked < 10:
        raise Hint("Choose a class from 0 to 9, and not bag, which is 8.")
    if not 0 < changed <= WHITE:
        raise Hint(f"The mark changes {changed} pixels of a picture; it should change 1 to {WHITE}.")
    if np.array_equal(marked, backdoor.marked(others)):
        raise Hint("This is the lesson's mark. Paint another.")
    knows = still_knows(answer, pictures, answers)
    works = answer.right(marked, np.full(len(marked), asked)).mean()
    if works < WORKS:
        raise Hint(f"With the mark, {works:.0%} of {len(marked)} garments are class {asked}; the aim is {WORKS:.0%}.")
    worked = f"with your mark, {works:.0%} of {len(marked)} garments are of class {asked}"
    return f"{worked}, and without it {knows:.0%} are right"
