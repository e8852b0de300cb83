"""Lesson 17, A vulture you can see: make hiding impossible, and the trick paints."""

import numpy as np

from tricknet.counting import Tables

table = Tables("visible_vulture")
STRANGERS = "SqueezeNet", "EfficientNet-Lite0"  # which never gave a gradient
QUIZ = 16  # photographs, the first of HELD_OUT
WITH_NOISE = frozenset(np.random.default_rng(0).permutation(QUIZ)[: QUIZ // 2].tolist())
"""Which of them the quiz shows painted with noise, from 0. The others are painted without it."""
