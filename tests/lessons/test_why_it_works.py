"""Lesson 5: its frozen switches, the checks of its exercises, and its table."""

import numpy as np
import pytest

from lessons.why_it_works import experiment, table
from lessons.why_it_works.check import check
from lessons.why_it_works.switches import Switches, lead, lead_of
from tricknet import images
from tricknet.networks.objectives import Logit

PANDA = 388


@pytest.fixture(scope="module")
def panda():
    return images.load("panda").astype(np.float32)


@pytest.fixture(scope="module")
def switches(googlenet, panda):
    return Switches(googlenet, panda)


def test_where_nothing_is_frozen_or_nothing_has_changed_it_is_the_network(googlenet, panda, switches):
    toucan = images.load("toucan").astype(np.float32)
    expected = googlenet.activations(np.stack([toucan, panda]), googlenet.logits)
    assert switches.scores(toucan) == pytest.approx(expected[0], abs=1e-3)
    everything = [*switches.relus, *switches.pools]
    assert switches.scores(panda, everything) == pytest.approx(expected[1], abs=1e-3)
    assert lead_of(switches.scores(toucan), PANDA) == pytest.approx(googlenet.value(toucan, lead(PANDA)), abs=1e-3)


def test_without_switches_and_normalisation_a_network_is_a_straight_line(squeezenet, panda):
    toucan = images.load("toucan").astype(np.float32)
    switches = Switches(squeezenet, panda)
    start, slopes = squeezenet.value(panda, Logit(PANDA)), squeezenet.gradient(panda, Logit(PANDA))
    promised = start + float((slopes * (toucan - panda)).sum(dtype=float))  # of another photograph, far away
    assert switches.scores(toucan, [*switches.relus, *switches.pools])[PANDA] == pytest.approx(promised, rel=1e-4)
    for kind in (switches.relus, switches.pools):
        assert abs(switches.scores(toucan, kind)[PANDA] - promised) > 1


def test_the_exercises_tell_right_from_wrong(switches, refused):
    refused("5.1", (switches.pools,), ("inception_5b/pool",), (["inception_6/pool"],), (switches.relus[:7],))
    (row,) = [r for r in table("steps") if r["picture"] == "mosque"]
    assert check("5.2", "mosque", row["noise"])  # with tosses that are not the table's
    refused("5.2", ("mosque", 2), ("pandda", 27))
    refused("5.2", ("mosque", 60))
    refused("5.3", ("mosque",), ("panda",), (5,))


def test_what_is_enough_is_read_off_between_the_sizes():
    shaken = {0: 10.0, 1: 11, 2: 9, 4: 1}.get
    assert experiment.enough(shaken, 10) == 0  # nothing to lose
    assert experiment.enough(shaken, 10.5) == 0
    assert experiment.enough(shaken, 9.5) == pytest.approx(1.75)
    assert experiment.enough(lambda size: 10.0, 0) == 255  # not even the largest


@pytest.mark.long
def test_the_table_holds_every_photograph_and_what_the_network_says(googlenet):
    rows = table("steps")
    names = [(which, name) for which, names in experiment.SETS.items() for name in names]
    assert [(row["set"], row["picture"]) for row in rows] == names
    (stored,) = [row for row in rows if row["picture"] == "mosque"]
    measured = experiment.row(googlenet, images.load("mosque"))
    close = {"noise": pytest.approx(stored["noise"], rel=0.05)}
    for name in ("lead", "promised", "measured", "relus_frozen", "pools_frozen", "both_frozen", "scores_straight"):
        close[name] = pytest.approx(stored[name], abs=0.02)
    assert measured == {name: stored[name] for name in measured} | close
