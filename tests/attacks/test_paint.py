"""Do steps of paint keep to their length? What all attacks promise is tried in test_promises.py."""

import numpy as np

from tricknet.attacks.paint import towards

START = np.full((8, 8, 3), 100, np.float32)
GRADIENT = np.random.default_rng(0).normal(size=START.shape).astype(np.float32)


def test_steps_have_the_direction_of_the_gradient_and_go_no_further_than_the_length_or_out_of_the_values():
    x = START
    for taken in range(1, 20):
        x = towards(x, GRADIENT, START, stride=5, length=50)
        np.testing.assert_allclose(x - START, min(5 * taken, 50) * GRADIENT / np.linalg.norm(GRADIENT), atol=1e-3)
    far = towards(START, GRADIENT, START, stride=1e5, length=1e5)
    assert far.min() == 0 and far.max() == 255
