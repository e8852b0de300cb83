"""Lesson 4's drawings: what they say is what the library measures."""

import re

import numpy as np
import pytest

from lessons.straight_line import figures as straight_line
from lessons.straight_line.linear import Fit, Line, harden
from tricknet.evidence import rate


@pytest.mark.parametrize("degrees", [0, 30, 60, 75])
def test_the_leaning_line_has_the_epsilon_and_the_tilt_that_the_drawing_says(degrees):
    across = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
    line, centres = Line(np.array([-across, across]), np.zeros(2)), np.array([[-60.0, 0], [60, 0]])
    drawn = straight_line.lean(degrees)
    words = re.findall(r"tilt of (\d+)° gets (\d+) of 82 right, and its epsilon is (\d+)", drawn.alt)
    assert int(words[1][0]) == pytest.approx(line.tilt(centres, np.array([0, 1])), abs=0.5)
    for found in line.smallest_epsilon(centres, np.array([0, 1]))[0]:
        assert int(words[1][2]) == pytest.approx(found, abs=0.5)


def test_only_a_line_that_leans_gets_the_strays_right():
    right = [int(re.findall(r"gets (\d+) of 82", straight_line.lean(d).alt)[1]) for d in (0, 45, 60)]
    assert right == [80, 82, 82]


def test_each_size_has_its_point_interval_and_accuracy_on_either_curve():
    def fits(epsilon, hits):
        return {n: Fit(rate(hits, 100), high - 1, high - 2, high, 45) for n, high in ((3, epsilon + 1), (12, epsilon))}

    alone = straight_line.sinking(fits(9, 70))
    assert "3 inputs: 9.0 (8.0 to 10.0); 12 inputs: 8.0 (7.0 to 9.0)." in alone.alt and "harged" not in alone.alt
    both = straight_line.sinking(fits(9, 70), fits(5, 60))
    assert "As we trained them: 3 inputs: 9.0" in both.alt and "Charged alike: 3 inputs: 5.0" in both.alt
    (ax,) = both.figure.axes
    assert [(text.get_text(), text.xy) for text in ax.texts] == [
        ("70% right", (3, 8)),
        ("70% right", (12, 7)),
        ("60% right", (3, 6)),
        ("60% right", (12, 5)),
    ]


def test_the_curves_of_hardened_lines_count_what_is_still_right():
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1], 20)
    pictures = rng.normal(110 + 60 * labels[:, None], 20, (40, 4))
    lines = {name: harden(pictures, labels, C=1, epsilon=e) for name, e in {"usual": 0, "hard": 10}.items()}
    epsilons = {name: line.smallest_epsilon(pictures, labels)[0] for name, line in lines.items()}
    drawn = straight_line.hardened(lines, epsilons, side=2)
    curves = {line.get_label(): line.get_ydata() for line in drawn.figure.axes[-1].get_lines()}
    for name, line in lines.items():
        signs = np.sign(line.weights[1 - labels] - line.weights[labels])
        moved = line.answers(pictures + 15 * signs) == labels
        assert curves[name][15] == pytest.approx(moved.mean())
