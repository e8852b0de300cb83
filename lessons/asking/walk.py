"""An attack that sees nothing of a network but its first answer: it asks."""

import numpy as np
from scipy.fft import idctn

from tricknet import Classifier
from tricknet.arrays import Doubles, Picture
from tricknet.images import SIZE


def waves(random: np.random.Generator) -> Doubles:
    """Random waves (float64, 224 x 224 x 1), the same in each colour, with a mean square of 1."""
    finest = random.integers(1, 8)  # in half periods: at most three periods a side
    summed = idctn(random.normal(size=(finest, finest, 1)), s=(SIZE, SIZE), axes=(0, 1))
    return summed / np.sqrt(np.mean(summed**2))


def mixed(model: Classifier, goal: Picture, x: Picture, questions: int = 100) -> Picture:
    """The nearest to the goal of so many mixtures of the two, evenly spaced, that gets the same answer as x."""
    wanted, left = model.predict(x).best.name, x - goal.astype(float)
    for asked in range(questions):  # from the goal outwards, and x itself is the last resort
        shown = np.rint(goal + asked / questions * left).astype(np.uint8)
        if model.predict(shown).best.name == wanted:
            return shown
    return x


def distance(picture: Picture, goal: Picture) -> float:
    """The root of the mean square of all changes, in pixel values."""
    return float(np.sqrt(np.mean((picture - goal.astype(float)) ** 2)))


def approach(model: Classifier, goal: Picture, x: Picture, questions: int = 900) -> tuple[list[Picture], list[str]]:
    """From a picture x towards the goal, as near as the answer about x lasts: a frame and its caption a question."""
    random, size, answer = np.random.default_rng(0), 0.5, model.predict(x).best
    wanted, frames, captions = answer.name, [x], [f"{answer}\n{distance(x, goal):.0f} away"]
    for _ in range(questions):
        left = x - goal.astype(float)  # what is left of the picture at the start
        wavy = left * (1 + size * waves(random))  # more of it here, less there
        wavy *= np.linalg.norm(left) / np.linalg.norm(wavy) / (1 + size**2)  # and less in all, if the waves are high
        shown = np.rint(goal + wavy).clip(0, 255).astype(np.uint8)
        answer = model.predict(shown).best  # the question
        if answer.name == wanted and distance(shown, goal) < distance(x, goal):
            x, size, caption = shown, size * 1.2, f"{answer}\n{distance(shown, goal):.0f} away"
        else:
            size, caption = size * 0.95, captions[-1]
        frames.append(x)
        captions.append(caption)
    return frames, captions
