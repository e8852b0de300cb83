"""Does a step of paint keep to its length? What all attacks promise is tried in test_promises.py."""

import numpy as np

from tricknet.attacks.paint import towards

START = np.full((8, 8, 3), 100, np.float32)
GRADIENT = np.random.default_rng(0).normal(size=START.shape).astype(np.float32)


def test_a_step_has_its_length_and_the_direction_of_the_gradient():
    step = towards(START, GRADIENT, START, stride=5, length=50) - START
    np.testing.assert_allclose(step, 5 * GRADIENT / np.linalg.norm(GRADIENT), atol=1e-4)


def test_no_number_of_steps_goes_further_than_the_length_or_out_of_the_values():
    x = START
    for taken in range(1, 20):
        x = towards(x, GRADIENT, START, stride=5, length=50)
        assert abs(np.linalg.norm(x - START) - min(5 * taken, 50)) < 0.01
    far = towards(START, GRADIENT, START, stride=1e5, length=1e5)
    assert far.min() == 0 and far.max() == 255
