"""Lesson 15, A better network: the checks of its exercises."""

import numpy as np

from lessons.better_network import pair, table
from tricknet import fashion_mnist
from tricknet.check import Hint, check, exercise, kind
from tricknet.check.answers import matched, number
from tricknet.counting import interval
from tricknet.networks.classifier import first_answers
from tricknet.training import Trainee

BATCHES, LEAST_TRICKED, LEAST_TURNED = 120, 184, 178  # solutions reach 188 to 197 and 193, the twin 178 and 158
OTHERS = slice(200, 500)  # of the test pictures


@exercise(
    "15.1",
    start="Write a letter for each drawing, in the order of their numbers, with a dot where you have no idea: 12 "
    "characters in a string, once for the garments and once for the twins.",
    recipe="Squint, or step back: which outline is it? Then find its other drawing. Which of the two has less snow?",
)
def _(garments: object, drawn_by: object) -> str:
    rows = table("ballot")
    seen = matched(garments, [row["target"] for row in rows], "garments")
    twins = str(drawn_by).upper().translate(str.maketrans("NT", "AB"))
    return f"{seen}; {matched(twins, [row['network'] for row in rows], 'twins')}"


def put_to_the_test(trained: object) -> tuple[pair.Bools, int, int, str]:
    """What `train_by_hand` returned, on 300 other test pictures: which are right untouched, how many survive tricks,
    how many survive being turned, and the last two in words.
    """
    if not isinstance(trained, tuple) or len(trained) != 2 or not isinstance(trained[0], Trainee):
        raise Hint(f"The answer should be all that `train_by_hand` returns; it is {kind(trained)}.")
    network, seen = trained
    if seen > BATCHES:
        raise Hint(f"It has learnt from {seen} batches. Can you do it with {BATCHES}?")
    every, its_answers = fashion_mnist.test_set()
    others, model = (every[OTHERS], its_answers[OTHERS]), network.classifier()
    known = np.equal(first_answers(model, others[0]), others[1])
    tricked = int(pair.which_survive(model, *others, epsilon=16).sum())
    turned = len(known) - int(pair.rotated(model, *others, angle=20).sum())
    words = f"{tricked} of 300 others survive an epsilon of 16, and {turned} a turn of 20 degrees"
    return known, tricked, turned, words


@exercise(
    "15.2",
    start="More batches would help, but you have only 120. Which other numbers does `train_by_hand` use? Change one at "
    "a time. Then count what that costs, with `knows`.",
    recipe="Look at each batch more often: write `range(9)` in place of `range(3)`. Then `cost = knows(twin).sum() - "
    "knows(trained).sum()`.",
)
def _(trained: object, twin: object, cost: object) -> str:
    (mine, tricked, _, found), (its, *_) = put_to_the_test(trained), put_to_the_test(twin)
    if tricked < LEAST_TRICKED:
        raise Hint(f"Only {found}. The aim is {LEAST_TRICKED} at an epsilon of 16.")
    if number(cost) != its.sum() - mine.sum():
        raise Hint(f"{found}. And untouched? Of the same 300, how many fewer than the twin does it get right?")
    low, high = interval(100 * (its.astype(int) - mine))
    return f"{found}. Of all untouched clothes, that may cost between {low:.1f} and {high:.1f} in a hundred (95%)"


@exercise(
    "15.3",
    start="Which line of `train_by_hand` keeps the tricked pictures in the box? Put one there that turns `start`.",
    recipe="`x = ndimage.rotate(start, np.random.uniform(-20, 20), axes=(2, 3), reshape=False, order=1)`",
)
def _(trained: object) -> str:
    _, _, turned, found = put_to_the_test(trained)
    if turned < LEAST_TURNED:
        raise Hint(f"Only {found}. The aim is {LEAST_TURNED} at 20 degrees.")
    return found
