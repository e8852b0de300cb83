"""Lesson 6, You can't fool a dog: the checks of its exercises."""

from collections.abc import Callable

from lessons.dogs.resistance import CANINES, explained
from tricknet import Trick, images
from tricknet.arrays import Picture
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import ask, choice, network, number, perturbation, top


@exercise(
    "6.1",
    start="What else does the network see in the dog, even if only a little?",
    recipe="Take the classes of `model.predict(dog).top(10)[1:]` one after another as the target of "
    "`trick(model, dog, target, epsilon=1, steps=10)`, until one that isn't a canine gets more than half.",
)
def _(result: Trick) -> str:
    if (result.before != images.load("german_shepherd")).any():
        raise Hint("Start from the lesson's dog, `images.load('german_shepherd')`.")
    moved = perturbation(result, limit=1)
    if result.steps > 10:
        raise Hint(f"This took {result.steps} steps, but 10 are allowed.")
    prediction = ask(moved.after)
    if prediction.best.index in CANINES:
        raise Hint(f"The network says {top(prediction)}, which is still a canine. Try others among its best guesses.")
    if prediction.best.probability < 0.5:
        raise Hint(f"The network says {top(prediction)}. More than half is possible.")
    return f"the network says {top(prediction)}, after {result.steps} steps and with no value moved by more than 1"


@exercise(
    "6.2",
    start="Look at the first row of the lesson's ranking: those photographs resist.",
    recipe="`mosque = images.load('mosque')`, then `trick(model, mosque, 'vulture', epsilon=1, steps=10)` fails, and "
    "`trick(model, mosque, 'vulture', epsilon=2)` does not.",
)
def _(first: Trick, second: Trick) -> str:
    same = (first.before == second.before).all() and first.target == second.target
    if not same or first.less_like or second.less_like:
        raise Hint("Both should start from the same photograph and go towards the same target.")
    if network().labels.find("tennis ball") in first.target:
        raise Hint("No tennis balls this time: the lesson has made one. Choose another target.")
    if (dog := ask(first.before)).best.index in CANINES:
        raise Hint(f"The photograph is {top(dog)}, and the lesson has fooled a dog already. Choose another photograph.")
    if first.steps != 10:
        raise Hint(f"The first trick should take ten steps; it took {first.steps}.")
    if (first.frames[1] != first.before).mean() < 0.25:
        raise Hint("With this method hardly any value moves, so of course it fails. Use `trick`'s usual one.")
    chances = [
        ask(perturbation(t, limit=n).after).probabilities[sorted(t.target)].sum()
        for n, t in enumerate((first, second), 1)
    ]
    if chances[0] > 0.1:
        raise Hint(f"With a budget of 1 the target reaches {chances[0]:.1%}; 10% is allowed. Look for a harder pair.")
    if chances[1] < 0.9:
        raise Hint(f"With a budget of 2 the target reaches {chances[1]:.1%} so far. Take more steps.")
    name = network().labels[min(first.target)]
    return f'"{name}" stays at {chances[0]:.1%} with a budget of 1, and reaches {chances[1]:.1%} with a budget of 2'


@exercise(
    "6.3",
    start="What can you measure in a picture without asking the network? Compare the two ends of the table.",
    recipe="Detail: `def explanation(picture): return np.abs(np.diff(picture.astype(float), axis=1)).mean()`. Look at "
    '`explained(explanation, "evidence")` and then, once, at `explained(explanation, "held out")`. If the second '
    'interval includes 0, the verdict is "open". If not, it is "holds" where the signs agree, or else "fails".',
)
def _(explanation: Callable[..., object], verdict: str) -> str:
    said = choice(verdict, ("holds", "fails", "open"), "The verdict")

    def measured(picture: Picture) -> float:
        once, again = (number(explanation(picture), "What your function gives for a picture") for _ in range(2))
        if once != again:
            raise Hint("Your function gives the same picture different numbers, so it doesn't measure the picture.")
        return once

    if len({measured(images.load(name)) for name in images.EVIDENCE}) < 2:
        raise Hint("Your function gives every picture the same number, so it can't tell the hard from the easy.")
    (idea, low, high), words = explained(measured, "evidence"), "{:.2f} (95% interval {:.2f} to {:.2f})"
    if not (low > 0 or high < 0):
        where = words.format(idea, low, high)
        raise Hint(f"On EVIDENCE the correlation is {where}. That leaves room for 0, so there is nothing to test yet.")
    if abs(idea) > 0.9:
        raise Hint("Your function repeats the attack itself. Measure something in the picture that could explain it.")
    tested, low, high = explained(measured, "held out")
    found = f"the correlation is {idea:.2f} on EVIDENCE, and on HELD_OUT it is {words.format(tested, low, high)}"
    if said != (right := "open" if low <= 0 <= high else "holds" if tested * idea > 0 else "fails"):
        raise Hint(f"Not {said!r}. Look at the interval on HELD_OUT: on which side of 0 does it lie, or on both?")
    return f"{found}, so {right!r} is what can be said"
