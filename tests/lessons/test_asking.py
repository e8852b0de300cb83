"""You may only ask: its walk by answers is what it says, and its exercise tells right from wrong."""

from types import SimpleNamespace

import numpy as np

from lessons.asking.walk import approach
from tricknet.check import check


def test_a_walk_by_answers_asks_as_often_as_it_says_and_almost_finds_the_nearest_picture():
    """Of all pictures with a mean of 160 or more, the nearest to a grey of 100 is 60 brighter everywhere."""
    asked, grey = [], np.full((224, 224, 3), 100, dtype=np.uint8)

    def predict(picture):
        asked.append(picture.dtype)
        return SimpleNamespace(best=SimpleNamespace(name="bright" if picture.mean() >= 160 else "dark"))

    frames, captions = approach(SimpleNamespace(predict=predict), grey, np.full_like(grey, 255), questions=300)
    assert len(asked) == len(frames) == len(captions) == 301  # the start is asked about, too
    distances = [np.sqrt(np.mean((frame - 100.0) ** 2)) for frame in frames]
    assert (np.diff(distances) <= 0).all() and 60 <= distances[-1] < 75
    assert all(frame.mean() >= 160 for frame in frames) and {*asked} == {np.dtype(np.uint8)}


def test_ten_questions_find_the_border(refused):
    def halve(says, times=7):
        name, low, high = says(1), 0, 1
        for _ in range(times):
            middle = (low + high) / 2
            low, high = (low, middle) if says(middle) == name else (middle, high)
        return high

    assert check("0.10", halve)
    refused("0.10", (lambda says: 1,), (lambda says: 0,), (lambda says: 55,), (lambda says: halve(says, 10),))
