"""Lesson 17: its exercises tell right from wrong."""

from lessons.visible_vulture.check import check
from tricknet import Trick, images, trick
from tricknet.attacks.attack import attack

PANDA = images.load("panda")


@attack(Trick)
def painted(model, picture, target, *, after):
    """What `paint` would give, with a gradient of this model, if it ended at the picture `after`."""
    prediction, _ = model.predict_and_gradient(picture, target)
    yield picture, prediction.probabilities
    yield after, model.predict(after).probabilities


def test_the_exercises_tell_right_from_wrong(googlenet, squeezenet, refused):
    refused("17.1", (8 * "A",), ("ABC",))
    fooled = trick(squeezenet, PANDA, "vulture", steps=10)
    ends = fooled.after, images.load("vulture")
    answer, too_far = (painted(googlenet, PANDA, "vulture", after=after) for after in ends)
    assert check("17.2", answer, "vulture")
    refused("17.2", (fooled, "vulture"), (answer, "giant panda"), (answer, "goldfish"), (too_far, "vulture"))
