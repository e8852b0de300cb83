"""Lesson 12, Inside: the check of its exercise."""

import numpy as np

from lessons.inside.layer_4d import LAYER, put_back
from tricknet import images
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import ask, network, perturbation, picture, top

PANDA, VULTURE, EPSILON = "giant panda", 23, 2
CHANNELS = 10  # that may be put back
APART = 0.5  # how far from the real vulture's lead the trick's may be
UNLIKE = 0.2  # how far from the channels' changes those of the control may be, as a share


@exercise(
    "12.1",
    start="The channels that rose most need not be those that matter most. How could you find out what one channel "
    "alone is worth?",
    recipe="Put each channel back alone, `put_back(now, before, channels=[k])`, and ask `model.predict_from`. Sort "
    "the channels by the lead that is left, the smallest first, and put back the first 2, 3, 4 of them together. "
    "`layer_4d.as_loud(now - before, np.array(channels))` finds a control.",
)
def _(fair: object, channels: object, control: object) -> str:
    panda = images.load("panda")
    after = perturbation(picture(fair), panda, limit=EPSILON).after
    lead, real = (ask(x).log_odds(VULTURE) for x in (after, images.load("vulture")))
    if abs(lead - real) > APART:
        raise Hint(f"Your vulture leads by {lead:.1f}, a real one by {real:.1f}. Stop the trick where they're equal.")
    before, now = (network().activations(x, LAYER) for x in (panda, after))
    loud = np.linalg.norm(now - before, axis=(0, 1))
    chosen, others = (_numbers(one, what, len(loud)) for one, what in ((channels, "channels"), (control, "control")))
    if len(chosen) > CHANNELS:
        raise Hint(f"You gave {len(chosen)} channels, but at most {CHANNELS} may be put back.")
    if len(others) != len(chosen) or {*chosen} & {*others}:
        raise Hint(f"The control should be {len(chosen)} channels, none of which is one of yours.")
    sizes, rivals = np.sort(loud[chosen]), np.sort(loud[others])
    if np.linalg.norm(sizes - rivals) > UNLIKE * np.linalg.norm(sizes):
        raise Hint(f"The control isn't as loud: yours changed by {sizes.round()}, and the control by {rivals.round()}.")
    left, beside = (network().predict_from(LAYER, put_back(now, before, channels=one)) for one in (chosen, others))
    if left.best.name != PANDA:
        raise Hint(f"With {len(chosen)} channels put back the network still says {top(left)}.")
    if beside.best.index != VULTURE:
        raise Hint(f"The control does it too: {top(beside)}. So others as loud do just as well. Try fewer channels.")
    return f"with {len(chosen)} channels put back the network says {top(left)}, and with the control {top(beside)}"


def _numbers(answer: object, what: str, total: int) -> list[int]:
    """Different numbers of channels. Raises Hint for anything else."""
    numbers = np.asarray(answer)
    if numbers.ndim != 1 or numbers.dtype.kind not in "iu" or not np.isin(numbers, range(total)).all():
        raise Hint(f"The {what} should be a list of whole numbers from 0 to {total - 1}, such as [3, 14].")
    if (different := len(np.unique(numbers))) < len(numbers):
        raise Hint(f"Some of your {what} are there twice. Without repeats, {different} of {len(numbers)} are left.")
    return [int(number) for number in numbers]
