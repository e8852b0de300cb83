"""Lesson 13, Is this defence real?: the checks of its exercises."""

from typing import Any

import numpy as np
import numpy.typing as npt

from tricknet import images
from tricknet.check import Hint, exercise
from tricknet.check.measure import choice, kind, network, perturbation

Array = npt.NDArray[Any]


@exercise(
    "13.1",
    start="Write a change whose `__call__` adds noise and whose `back` returns the gradient as it is, and a `draw` "
    "that gives a new one each time. Pass it to `changes.averaged`, and `walk` along that with `epsilon=4`.",
)
def _(answer: object) -> str:
    change = perturbation(answer, images.load("panda"), limit=4)
    random = np.random.default_rng(13)  # noise that the learner has not seen
    looks = change.after + random.normal(0, 10, (20, *change.after.shape))
    seen = [said.top(1)[0][1] for said in network().predict(looks.clip(0, 255).astype(np.float32))]
    if seen.count("vulture") < 15:
        raise Hint(
            f"Through fresh noise, {seen.count('vulture')} of 20 looks see a vulture and {seen.count('giant panda')} a "
            "giant panda. Is new noise drawn at every step, and several times for each?"
        )
    return (
        f"{seen.count('vulture')} of 20 looks through fresh noise see a vulture, and no value moved by more than "
        f"{change.largest} out of 255"
    )


@exercise(
    "13.2",
    start="`learnt(epsilon)` gives weights. Lesson 13 tried epsilon 0, 20, 40 and 60: which row of the table is "
    "nearest to what is asked for?",
)
def _(weights: object) -> str:
    if not isinstance(weights, np.ndarray) or weights.shape != (65, 10):
        raise Hint(f"The weights should be an array of the shape (65, 10); this is {kind(weights)}.")
    clean, robust = _accuracy(weights, 0), _accuracy(weights, 40)
    if clean < 0.9 or robust < 0.5:
        raise Hint(
            f"These weights are right about {clean:.1%} of the test digits, and about {robust:.1%} under an attack "
            "with epsilon 40. Training with a larger epsilon raises the second and, in the end, lowers the first."
        )
    return f"{clean:.1%} of the test digits are right, and {robust:.1%} under an attack with epsilon 40"


_HOLES = {"A": "adaptive attack", "B": "threat model", "C": "larger epsilon"}
_WHY = {
    "A": "What did the attacker of A know about the filter?",
    "B": "Attacked how, by how much, by whom? B does not say.",
    "C": "A budget of 64 out of 255 should ruin any picture. What does it mean that C's accuracy does not fall?",
}


@exercise("13.3", start='Give a dictionary such as `{"A": "threat model", "B": …, "C": …}`.')
def _(answer: object) -> str:
    if not isinstance(answer, dict) or set(answer) != set(_HOLES):
        raise Hint('The answer should be a dictionary with the keys "A", "B" and "C".')
    for name, hole in _HOLES.items():
        if choice(answer[name], sorted(_HOLES.values()), name) != hole:
            raise Hint(_WHY[name])
    return (
        "A attacked a network without the filter and defended another; B does not say what the attacker may do; and an "
        "accuracy that stays the same however large the budget shows that the attack is broken, so C has measured "
        "nothing"
    )


def _accuracy(weights: Array, epsilon: float) -> float:
    """The share of the lesson's test digits that are right, after an attack of ten steps of I-FGSM."""
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    data = load_digits()
    _, x, _, y = train_test_split(data.data * 255 / 16, data.target, test_size=0.3, random_state=0)
    start = x
    for _ in range(10 if epsilon else 0):
        slope = (_softmax(x, weights) - np.eye(10)[y]) @ weights[:-1].T
        x = np.clip(x + epsilon / 5 * np.sign(slope), start - epsilon, start + epsilon).clip(0, 255)
    return float((_softmax(x, weights).argmax(axis=1) == y).mean())


def _softmax(x: Array, weights: Array) -> Array:
    scores = x / 255 @ weights[:-1] + weights[-1]
    e: Array = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))
