"""The world: its screenshots can be taken again, and its check tells counts that decide from those that don't."""

import pytest

from lessons.world import experiment, table
from lessons.world.check import check
from tests import browser
from tricknet.evidence import rate


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.skipif(bool(browser.missing()), reason=f"NO BROWSER TESTS: {browser.missing()}")
def test_the_small_trick_is_seen_again_as_the_table_says(googlenet):
    """Another version of the browser may scale otherwise: one zoom may differ."""
    shots = [shot for _, shot in experiment.screenshots(experiment.pandas(googlenet)["small"])]
    stored = [row["answer"] for row in table("zooms") if row["picture"] == "small"]
    again = [prediction.best.name for prediction in googlenet.predict(shots)]
    assert sum(a != b for a, b in zip(again, stored, strict=True)) <= 1


def test_the_exercises_tell_right_from_wrong(refused):
    """By Wilson's formula, only the interval of 10 of 10 begins (72%) where that of 4 of 10 has ended (69%), but that
    of 5 of 10 ends at 76%."""
    # McNemar's p is that of six heads in six tosses of a coin, and five in five: 2 / 2**6 and 2 / 2**5.
    text = check("0.6", [10]).text
    assert check("0.6", 10) and "0.031" in text and "0.062" in text
    refused("0.6", ([9, 10],), ([],), (["10"],), ([[10]],))

    assert "don't" in check("0.7", rate(4, 10)).text and "can't" in check("0.7", rate(5, 10)).text
