"""You may only ask: the check of its exercise."""

from collections.abc import Callable

import numpy as np

from lessons.asking.walk import distance
from tricknet import images
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import network, picture, plural

QUESTIONS, PAIRS = 10, {"panda": "vulture", "goldfish": "castle", "hen": "bison"}  # towards one, from the other


@exercise(
    "0.10",
    start="Is the mixture half-way still a vulture? Then the border is in the other half. How far do ten answers get?",
    recipe="Keep two shares, `low = 0` and `high = 1`. Seven times: mix at their middle, `goal + middle * (start - "
    "goal.astype(float))`, and ask. If the name is the start's, `high = middle`, or else `low = middle`.",
)
def _(nearest: Callable[..., object]) -> str:
    left = []
    for goal, start in ((images.load(goal), images.load(start)) for goal, start in PAIRS.items()):
        questions = iter(range(QUESTIONS))

        def says(shown: object, questions=questions) -> str:  # type: ignore[no-untyped-def]
            if next(questions, None) is None:
                raise Hint(f"That is more than {QUESTIONS} questions. What does one answer rule out at once?")
            return network("SqueezeNet").predict(picture(shown, "What you ask about")).best.name

        ended, gap = picture(nearest(says, goal.copy(), start.copy())), start - goal.astype(float)
        share = float(((ended - goal.astype(float)) * gap).sum() / (gap**2).sum())
        if np.abs(ended - (goal + share * gap)).max() > 1:
            raise Hint("The picture isn't a mixture of the two: it doesn't lie on the line between them.")
        further = np.rint(goal + max(share - 0.02, 0) * gap).astype(np.uint8)
        name, kept, beyond = (p.best.name for p in network("SqueezeNet").predict([start, ended, further]))
        if kept != name:
            raise Hint(f"The start is called {name}, but the picture that you return is called {kept}.")
        if beyond == name:
            raise Hint("Two hundredths nearer to the goal, the name is still the same. Can you halve once more?")
        left.append(f"{distance(ended, goal) / distance(start, goal):.0%}")
    return f"with at most {QUESTIONS} questions, {plural(left)} of the distance are left, for a network you didn't see"
