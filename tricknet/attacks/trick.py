"""A trick: a picture is moved, step by step, until the network takes it for something else."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from tricknet.arrays import Floats, Picture
from tricknet.attacks.attack import Moment, attack
from tricknet.attacks.result import Trick
from tricknet.attacks.steps import Ascent, Method, climb
from tricknet.networks.classifier import Classifier
from tricknet.networks.objectives import Class, Objective, Target


def best(history: Floats, target: Iterable[int], *, less_like: bool = False) -> int:
    """The frame in which the target is most probable or, with `less_like`, least.

    Of several equal ones it is the last, which went on when the probability had no digits left.

    history: steps x classes.
    """
    reached = history[:, sorted(target)].sum(axis=1)
    return len(reached) - 1 - int((-reached if less_like else reached)[::-1].argmax())


@attack(Trick, keep=best)
def trick(
    model: Classifier,
    picture: Picture,
    target: Target,
    *,
    epsilon: float = 2,
    steps: int = 30,
    method: str | Method = "momentum",
    objective: Callable[[Target], Objective] = Class,
    less_like: bool = False,
) -> Iterator[Moment]:
    """Perturb a picture, by no more than epsilon in any value, until the network takes it for the target.

    picture: uint8, height x width x channels. target: a class by index or name, or a set of classes that count as one.

    epsilon: the most that any value may move, in pixel values. steps: forward and backward passes. method: how steps
    follow from gradients, by its name in `steps.METHODS` or as a Method of your own. objective: what to climb for the
    target: Class (its log-probability), Probability, Logit, Margin, or your own. less_like: go away from the target
    instead of towards it.

    The result keeps the picture in which the target was most probable (with less_like: least), wherever on the way that
    was. Ctrl-C stops it early, and you get the result so far. Raises ValueError for a picture that is not uint8, an
    epsilon or steps below 1, or an unknown method; LabelError (a KeyError) for an unknown name; it suggests similar
    ones.
    """
    ascent = Ascent(picture, epsilon=epsilon, steps=steps, method=method)
    look = partial(model.predict_and_gradient, objectives=(-1 if less_like else 1) * objective(target))
    for frame, prediction in climb(picture, look, ascent.further, steps=steps, last=model.predict):
        yield frame, prediction.probabilities


def make_less_like(
    model: Classifier, picture: Picture, target: Target, *, epsilon: float = 2, steps: int = 30
) -> Trick:
    """Push a picture away from a class, or from a set of them: `trick` with `less_like=True` has more options."""
    return trick(model, picture, target, epsilon=epsilon, steps=steps, less_like=True)
