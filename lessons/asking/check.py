"""You may only ask: the check of its exercise."""

from collections.abc import Callable

import numpy as np

from tricknet import images
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import network, number, plural

PAIRS = {"panda": "vulture", "goldfish": "castle", "hen": "bison"}  # towards one, from the other


@exercise(
    "0.10",
    start="Is the mixture half-way still a vulture? Then the border is in the other half. How far do ten answers get?",
    recipe="Keep two shares, `low = 0` and `high = 1`. Seven times: ask at their middle. If the name is the start's, "
    "`high = middle`, or else `low = middle`. Return `high`.",
)
def _(nearest: Callable[..., object]) -> str:
    found = []
    for goal, start in ((images.load(goal), images.load(start)) for goal, start in PAIRS.items()):
        asked: list[str] = []

        def says(share: object, goal=goal, start=start, asked=asked) -> str:  # type: ignore[no-untyped-def]
            shown = np.rint(goal + np.clip(number(share, "A share"), 0, 1) * (start - goal.astype(float)))
            asked.append(network("SqueezeNet").predict(shown.astype(np.uint8)).best.name)
            if len(asked) > 10:
                raise Hint("That was eleven questions, `says(1)` included. What does one answer rule out at once?")
            return asked[-1]

        share = number(nearest(says))
        if not 0 <= share <= 1:
            raise Hint(f"{share:g} isn't a share from 0 to 1.")
        asked.clear()
        name, kept, beyond = says(1), says(share), says(share - 0.02)
        if kept != name:
            raise Hint(f"The start is called {name}, but the mixture that you return is called {kept}.")
        if beyond == name:
            raise Hint("Two hundredths nearer to the goal, the name is still the same. Can you halve once more?")
        found.append(f"{share:.0%}")
    return f"with at most ten questions each, {plural(found)} of the start were enough for a network that you don't see"
