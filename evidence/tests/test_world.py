"""The world: its screenshots can be taken again."""

import shutil

import pytest

from evidence import world as experiment
from lessons.world import table


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not here: apt-get install chromium")
def test_the_small_trick_is_seen_again_as_the_table_says(googlenet):
    """Another version of the browser may scale otherwise: one zoom may differ."""
    shots = [shot for _, shot in experiment.take_screenshots(experiment.make_pandas(googlenet)["small"])]
    stored = [row["answer"] for row in table("zooms") if row["picture"] == "small"]
    again = [prediction.best.name for prediction in googlenet.predict(shots)]
    assert sum(a != b for a, b in zip(again, stored, strict=True)) <= 1
