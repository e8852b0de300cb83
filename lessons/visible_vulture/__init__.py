"""Lesson 17, A vulture you can see: make hiding impossible, and the trick paints."""

from tricknet.counting import Tables

table = Tables("visible_vulture")
STRANGERS = "SqueezeNet", "EfficientNet-Lite0"  # which never gave a gradient
WITH_NOISE = 0, 2, 3, 4, 5, 7, 10, 11  # of the quiz's 16 pictures, by lot; the others are painted without
