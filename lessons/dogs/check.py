"""Lesson 6, You can't fool a dog: the checks of its exercises."""

from tricknet import Trick, images
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import ask, network, perturbation, top

CANINES = frozenset(range(151, 281)) - {276}  # dogs, wolves, wild dogs and foxes; 276 is the hyena


@exercise(
    "6.1",
    start="What else does the network see in the dog, if only a little?",
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
    label, _, p = prediction.best
    if label in CANINES:
        raise Hint(f"The network says {top(prediction)}, which is still a canine. Try others among its best guesses.")
    if p < 0.5:
        raise Hint(f"The network says {top(prediction)}. More than half is possible.")
    return f"the network says {top(prediction)}, after {result.steps} steps and with no value moved by more than 1"


@exercise(
    "6.2",
    start="Look at the first row of the lesson's ranking: those photographs resist.",
    recipe="`mosque = images.load('mosque')`, then `trick(model, mosque, 'vulture', epsilon=1, steps=10)` fails, and "
    "`trick(model, mosque, 'vulture', epsilon=2)` does not.",
)
def _(first: Trick, second: Trick) -> str:
    if (first.before != second.before).any() or first.target != second.target:
        raise Hint("Both should start from the same photograph and have the same target.")
    if first.less_like or second.less_like:
        raise Hint("Both should go towards a target, not away from it.")
    if (dog := ask(first.before)).best.index in CANINES:
        raise Hint(f"The photograph is {top(dog)}, and the lesson has fooled a dog already. Take another.")
    if first.steps != 10:
        raise Hint(f"The first trick should take ten steps; it took {first.steps}.")
    chances = []
    for t, limit in ((first, 1), (second, 2)):
        chances.append(float(ask(perturbation(t, limit=limit).after).probabilities[sorted(t.target)].sum()))
    if chances[0] > 0.1:
        raise Hint(f"With a budget of 1 the target reaches {chances[0]:.1%}: no failure. Look for a harder pair.")
    if chances[1] < 0.9:
        raise Hint(f"With a budget of 2 the target reaches {chances[1]:.1%} so far. Take more steps.")
    name = network().labels[min(first.target)]
    return f'"{name}" stays at {chances[0]:.1%} with a budget of 1, and reaches {chances[1]:.1%} with a budget of 2'
