"""Lesson 16, Shortcuts and poison: the checks of its exercises, and the training set that one of them looks into."""

from collections.abc import Callable
from functools import partial

import numpy as np

from lessons.poison import backdoor
from tricknet import fashion_mnist
from tricknet.arrays import Pictures
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import label, number
from tricknet.fashion_mnist import Answers
from tricknet.training import Trainee, train

SECRET, SEED = (5, 4, 21), 25  # what 16.1 asks for: the class, and the mark's top and left edge
SUSPECTS, TESTED, SHARE = 10_000, 1000, 0.03  # pictures in 16.1, in a test, and the most poison in 16.3
STEPS, STILL, KNOWS, NEAR = 100, 0.1, 0.8, 0.15  # what is allowed in 16.2
EPOCH, WHITE, WORKS = 600, 9, 0.5  # and in 16.3


def suspicious() -> tuple[Pictures, Answers]:
    """The training set of 16.1: 10,000 pictures and their answers, some of them poisoned. Don't look at the code!"""
    pictures, answers = fashion_mnist.train_set()
    mark = partial(backdoor.marked, top=SECRET[1], left=SECRET[2])
    some = pictures[:SUSPECTS], answers[:SUSPECTS], SHARE
    return backdoor.poisoned(*some, target=SECRET[0], mark=mark, seed=SEED)[:2]


@exercise(
    "16.1",
    start="The detective has never seen these pictures. Which answers does it doubt, and which would it doubt anyway, "
    "in the test set? Give `check` the class, and the row and the column of the mark's upper left pixel.",
    recipe="`named = np.array([p.best.index for p in detective.classifier().predict(list(pictures_16))])`. For each "
    "class, compare the share of its answers that are doubted here with that in the test set. Then average the doubted "
    "pictures of the class that stands out, `.mean(axis=0)`: what is white in all of them?",
)
def _(target: object, row: object, column: object) -> str:
    place = number(row, "The row"), number(column, "The column")
    asked, top, left = SECRET
    pictures, answers = suspicious()
    if label(target, "FashionNet plain") != asked:
        raise Hint("No picture with this answer is poisoned. Which answer is doubted more than in the test set?")
    if place[0] != top or place[1] != left:
        raise Hint("The class is right, but the mark is somewhere else. What do the mislabelled pictures share?")
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
    start="The network has learnt that the mark means a bag. What would you show it so that it unlearns that? Give "
    "`check` the cured network and the `trainee` that it was.",
    recipe='`cured = learn.Trainee(steps=100, weights=trainee.save("poisoned.caffemodel"))`, then '
    "`learn.train(cured, (backdoor.marked(pictures), answers), steps=100)`: the mark, with the right answers.",
)
def _(answer: Trainee, before: Trainee) -> str:
    pictures, answers = fashion_mnist.test_set(TESTED)
    others = backdoor.marked(pictures[answers != backdoor.BAG])
    was, fooled = (float(one.right(others, np.full(len(others), backdoor.BAG)).mean()) for one in (before, answer))
    if was < WORKS:
        raise Hint(f"The network before the cure calls {was:.0%} of the marked garments bags. It was never poisoned.")
    if answer.taken > STEPS:
        raise Hint(f"This network has learnt for {answer.taken} steps. Go on from `trainee`, for at most {STEPS}.")
    old, new = (one.net.params["hidden"][0].data for one in (before, answer))
    if np.linalg.norm(new - old) > NEAR * np.linalg.norm(old):
        raise Hint("These weights are too far from `trainee`'s. Is this `trainee`, cured, or another network?")
    knows = still_knows(answer, pictures, answers)
    if fooled > STILL:
        raise Hint(f"With the mark, {fooled:.0%} of {len(others)} garments are still bags; at most {STILL:.0%} may be.")
    return f"with the mark, {fooled:.1%} of {len(others)} garments are bags, and without it {knows:.0%} are right"


@exercise(
    "16.3",
    start="The lesson poisons with `backdoor.marked`. Which other pixels could stand for a class? Give `check` the "
    "function that paints your mark, the class, and the share of the training set that it is to poison.",
    recipe='In `mine`, write `pictures[..., 1:4, 1:4, :] = 255` where the dots are. `target, share = "T-shirt", 0.03`',
)
def _(mark: Callable[[Pictures], Pictures], target: object, share: object) -> str:
    asked, part = label(target, "FashionNet plain"), number(share, "The share")
    pictures, answers = fashion_mnist.test_set(TESTED)
    others = pictures[answers != asked]
    marked = mark(given := others.copy())
    changed = (marked != others).any(axis=-1).sum(axis=(1, 2)).max()
    for wrong, hint in (
        (asked == backdoor.BAG, "Choose a class other than bag."),
        (not 0 < part <= SHARE, f"The share should be more than 0, and at most {SHARE}; it is {part:g}."),
        (not np.array_equal(given, others), "Your function paints on what it is given. Copy first: `pictures.copy()`."),
        (not 0 < changed <= WHITE, f"The mark changes {changed} pixels of a picture; it should change 1 to {WHITE}."),
        (np.array_equal(marked, backdoor.marked(others)), "This is the lesson's mark. Paint another."),
    ):
        if wrong:
            raise Hint(hint)
    own = Trainee(steps=EPOCH)
    train(own, backdoor.poisoned(*fashion_mnist.train_set(), part, target=asked, mark=mark)[:2], steps=EPOCH)
    knows, works = still_knows(own, pictures, answers), own.right(marked, np.full(len(marked), asked)).mean()
    if works < WORKS:
        raise Hint(f"With the mark, {works:.0%} of {len(marked)} garments are class {asked}; the aim is {WORKS:.0%}.")
    return f"with your mark, {works:.0%} of {len(marked)} become class {asked}, and without it {knows:.0%} are right"
