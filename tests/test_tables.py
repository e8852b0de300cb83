"""The tables of lessons 8, 9 and 13, and the scripts that make them: controls that are controls, rows that add up."""

import numpy as np
import pytest

from benchmarks import defences, survival, transfer
from tricknet import changes, images
from tricknet.evidence import table
from tricknet.trick import walk

PANDA = images.example("panda")
RANDOM = np.random.default_rng(0)
TRICK = RANDOM.integers(-8, 9, PANDA.shape)


def test_a_shuffled_control_has_the_pixels_of_the_trick():
    grey = np.full(PANDA.shape, 128, dtype=np.uint8)
    noise = transfer.shuffled(grey, TRICK, RANDOM).astype(int) - 128
    pixels, others = (sorted(map(tuple, change.reshape(-1, 3).tolist())) for change in (noise, TRICK))
    assert pixels == others
    assert abs(np.corrcoef(noise.ravel(), TRICK.ravel())[0, 1]) < 0.02


def test_coin_tosses_spend_the_whole_budget_and_are_fair():
    noise = transfer.coins(np.full((1, *PANDA.shape), 128, dtype=np.uint8), 16, RANDOM).astype(int) - 128
    assert set(np.unique(noise)) == {-16, 16}
    assert abs(noise.mean()) < 0.3


def test_half_of_a_perturbation_is_half():
    grey = np.full(PANDA.shape, 128, dtype=np.uint8)
    picture = (grey + 2 * TRICK).astype(np.uint8)
    halved = survival.kept(lambda p: (p.astype(float) - 128) / 2 + 128, grey, picture)
    assert halved == pytest.approx(0.5, abs=1e-4)
    assert survival.kept(lambda p: p, grey, picture) == 1
    assert survival.kept(lambda p: p * 0, grey, picture) == 0


def test_what_survives_can_be_measured_again(googlenet):
    """The first rerun of the table, made anew. Other processors may round otherwise, so a few answers may differ."""
    (row,) = (row for row in table("reruns") if (row["epsilon"], row["seed"]) == (8, 0))
    gradient_of = changes.averaged(googlenet, ["vulture"], copies=survival.COPIES, seed=0)
    (picture,) = walk(PANDA[None], gradient_of, epsilon=8, steps=survival.STEPS)
    seen = survival.seen(googlenet, picture, googlenet.labels.find("vulture"), googlenet.labels.find("giant panda"))
    assert abs(seen["photographed"] - row["photographed"]) <= 2
    assert sum(seen[name] != row[name] for name in survival.CHANGES) <= 2


def test_the_sets_are_the_ones_that_the_lessons_name():
    for rows in (table("survival"), table("defences")):
        for group, names in (("EVIDENCE", images.EVIDENCE), ("HELD_OUT", images.HELD_OUT)):
            found = [row["picture"] for row in rows if row["set"] == group]
            assert set(found) == set(names[:30])
            assert len({found.count(name) for name in found}) == 1  # as many rows for each picture


def test_an_attack_of_a_defence_stays_in_its_box(googlenet):
    (picture,) = defences.attacked(googlenet, PANDA[None], [388], defences.BLUR, epsilon=3, steps=2)
    assert 0 < np.abs(picture.astype(int) - PANDA).max() <= 3


def test_a_larger_budget_never_helps_the_defence():
    rows = [row for row in table("defences") if row["attack"] == "adaptive"]
    for row in rows:
        stood = {r["epsilon"]: r["stands"] for r in rows if all(r[k] == row[k] for k in ("set", "picture", "defence"))}
        assert [stood[e] for e in sorted(stood)] == sorted(stood.values(), reverse=True)


def test_photographs_for_the_transfer_are_ones_that_both_networks_name(googlenet, squeezenet):
    row = table("transfer")[0]
    for network in (googlenet, squeezenet):
        _, name, p = network.predict(images.load(row["picture"])).top(1)[0]
        assert name == row["right"] and p >= transfer.SURE
