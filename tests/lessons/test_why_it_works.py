"""Lesson 5: its frozen switches, and the checks of its exercises."""

import numpy as np
import pytest

from lessons.why_it_works import table
from lessons.why_it_works.check import check
from lessons.why_it_works.switches import Switches, lead, lead_of
from tricknet import images
from tricknet.networks.objectives import Logit

PANDA = 388
PHOTO, TOUCAN = (images.load(name).astype(np.float32) for name in ("panda", "toucan"))


@pytest.fixture(scope="module")
def switches(googlenet):
    return Switches(googlenet, PHOTO)


def test_where_nothing_is_frozen_or_nothing_has_changed_it_is_the_network(googlenet, switches):
    expected = googlenet.activations(np.stack([TOUCAN, PHOTO]), googlenet.logits)
    everything = [*switches.relus, *switches.pools]
    assert switches.scores(TOUCAN) == pytest.approx(expected[0], abs=1e-3)
    assert switches.scores(PHOTO, everything) == pytest.approx(expected[1], abs=1e-3)
    assert lead_of(switches.scores(TOUCAN), PANDA) == pytest.approx(googlenet.value(TOUCAN, lead(PANDA)), abs=1e-3)


def test_without_switches_and_normalisation_a_network_is_a_straight_line(squeezenet):
    switches = Switches(squeezenet, PHOTO)
    start, slopes = squeezenet.value(PHOTO, Logit(PANDA)), squeezenet.gradient(PHOTO, Logit(PANDA))
    promised = start + float((slopes * (TOUCAN - PHOTO)).sum(dtype=float))  # of another photograph, far away
    assert switches.scores(TOUCAN, [*switches.relus, *switches.pools])[PANDA] == pytest.approx(promised, rel=1e-4)
    for kind in (switches.relus, switches.pools):
        assert abs(switches.scores(TOUCAN, kind)[PANDA] - promised) > 1


def test_the_exercises_tell_right_from_wrong(switches, refused):
    refused("5.1", (switches.pools,), ("inception_5b/pool",), (["inception_6/pool"],), (switches.relus[:7],))
    (row,) = [r for r in table("steps") if r["picture"] == "mosque"]
    assert check("5.2", "mosque", row["noise"])  # with tosses that are not the table's
    refused("5.2", ("mosque", 2), ("pandda", 27))
    refused("5.2", ("mosque", 60))
    refused("5.3", ("mosque",), ("panda",), (5,))
