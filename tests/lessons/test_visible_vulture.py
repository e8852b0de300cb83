"""Lesson 16: its exercises tell right from wrong."""

from lessons.visible_vulture.check import check
from tricknet import images, trick
from tricknet.attacks.trick import Trick

PANDA = images.load("panda")


def painted(after, model):
    """What `paint` would give, with gradients of this model, if it ended at the picture `after`."""
    history = [prediction.probabilities for prediction in model.predict([PANDA, after])]
    path = zip([PANDA, after], history, strict=True)
    return Trick.of(path, {23}, epsilon=255, model=model, gradients=1, best_index=1)


def test_the_exercises_tell_right_from_wrong(googlenet, squeezenet, refused):
    refused("16.1", (8 * "A",), ("ABC",))
    fooled = trick(squeezenet, PANDA, "vulture", steps=10)
    answer, too_far = (painted(after, googlenet) for after in (fooled.after, images.load("vulture")))
    assert check("16.2", answer, "vulture")
    refused("16.2", (fooled, "vulture"), (answer, "giant panda"), (answer, "goldfish"), (too_far, "vulture"))
