"""A trick that anybody sees: where noise hides whatever is faint, a gradient has to paint the class.

The gradients come not from the picture itself but from copies under heavy noise, and each step follows their mean.
Santurkar et al. (2019) do so with a robust network, and Kaur et al. (2019) with an ordinary one under noise.
"""

from collections.abc import Iterator

import numpy as np

from tricknet.arrays import Floats, Picture, rounded
from tricknet.attacks.attack import Moment, attack
from tricknet.attacks.dream import NATURAL
from tricknet.attacks.gradients import averaged
from tricknet.attacks.result import Trick
from tricknet.attacks.steps import climb, linear
from tricknet.attacks.transforms import Linear, Noise, blurring
from tricknet.networks.classifier import Classifier, Prediction
from tricknet.networks.objectives import Logit, Target

LENGTH, STEPS = 10_000, 60
STRIDE = 0.25  # of the first step, as a share of the whole length; the others are shorter and shorter


def natural(gradient: Floats) -> Floats:
    """A gradient (float32, height x width x 3) blurred, and with its colours mixed as in nature: a broader brush.

    A grey one (x 1) is only blurred.
    """
    height, width, colours = gradient.shape
    blurred = Linear(blurring(1.2, height).rows, blurring(1.2, width).columns)(gradient)
    return blurred @ NATURAL @ NATURAL.T if colours == 3 else blurred


def towards(x: Floats, gradient: Floats, start: Floats, *, stride: float, length: float) -> Floats:
    """A step along the gradient itself, of L2 norm `stride`, then back to within `length` of the start, in 0..255."""
    change = np.clip(x + of_size(gradient, stride), 0, 255) - start
    return start + of_size(change, min(length, float(np.linalg.norm(change))))


def of_size(array: Floats, size: float) -> Floats:
    """An array, stretched to this L2 norm. Zeros remain zeros."""
    norm = float(np.linalg.norm(array.astype(np.float64)))
    return array * (size / norm) if norm else array


@attack(Trick)
def paint(
    model: Classifier,
    picture: Picture,
    target: Target,
    *,
    length: float = LENGTH,
    noise: float = 60,
    prior: bool = True,
    steps: int = STEPS,
    copies: int = 4,
    seed: int = 0,
) -> Iterator[Moment]:
    """Paint a class into a picture, by climbing its logit through noise.

    picture: uint8, height x width x channels. target: a class by index or name, or a set of classes that count as one.

    length: the most that the picture may change, as an L2 norm in pixel values. noise: the standard deviation of the
    noise that the network looks through, in pixel values; 0 is none. prior: step along `natural(gradient)`? copies:
    how many noisy copies each of the steps takes the mean of.

    The result keeps the last picture. Ctrl-C stops it early, and you get the picture so far. Raises ValueError for a
    picture that is not uint8, and steps, copies or a length out of range; LabelError (a KeyError) for an unknown name.
    """
    start = picture.astype(np.float32)
    if length > (most := int(255 * start.size**0.5)):
        raise ValueError(f"length must be at most {most:,}: no change to the whole picture is longer.")
    mean = averaged(model, [Logit(target)], copies=copies, seed=seed, draw=lambda random: Noise(random, noise))

    def look(x: Floats) -> tuple[Prediction, Floats]:
        prediction, (gradient,) = model.predict(rounded(x)), mean(rounded(x)[None].astype(np.float32))
        return prediction, natural(gradient) if prior else gradient

    def further(x: Floats, gradient: Floats, taken: int) -> Floats:
        return towards(x, gradient, start, stride=STRIDE * length * linear(taken / steps), length=length)

    for x, prediction in climb(start, look, further, steps=steps, last=lambda x: model.predict(rounded(x))):
        yield rounded(x), prediction.probabilities
