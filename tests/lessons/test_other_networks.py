"""Lesson 10: its rows can be measured again, its walk asks as often as it says, and its two loops are one."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from lessons.other_networks import experiment, table
from lessons.other_networks.travel import diverse, travelling
from tricknet import images, make_less_like
from tricknet.networks.objectives import Logit
from tricknet.paths import ROOT

PANDA = images.load("panda")


@pytest.mark.long
def test_the_transfer_is_judged_on_photographs_that_all_three_networks_name(networks):
    three = {name: networks[name] for name in experiment.NAMES}
    photographs = [one.name for one in experiment.right_for_all(three)]
    for setting in experiment.SETTINGS:
        assert [row["picture"] for row in table("transfer") if setting.items() <= row.items()] == photographs
    assert list(dict.fromkeys(row["picture"] for row in table("angles"))) == photographs


def test_the_control_of_a_trick_turns_its_perturbation_alone(networks, refused):
    away = make_less_like(networks["GoogLeNet"], PANDA, "giant panda", steps=1)
    refused("10.2", (away, away), (away, away.after[::-1]), (away, PANDA))


@pytest.mark.long
def test_a_cell_of_the_transfer_can_be_measured_again(networks):
    """Made on SqueezeNet, shown to EfficientNet-Lite0. Other processors may round otherwise: one picture may differ."""
    pair = {name: networks[name] for name in experiment.PAIR.split(" + ")}
    setting = {"goal": "away", "makers": "SqueezeNet"}
    stored = {row["picture"]: row for row in table("transfer") if setting.items() <= row.items()}
    photographs = [one for one in experiment.right_for_all(pair) if one.name in stored][:4]
    again = experiment.rows(pair, photographs, setting)
    assert sum(row[f"{name}, trick"] != stored[row["picture"]][f"{name}, trick"] for row in again for name in pair) <= 1


def test_the_walk_of_the_page_asks_as_often_as_it_says_and_almost_finds_the_nearest_picture():
    """Of all pictures with a mean of 160 or more, the nearest to a grey of 100 is 60 brighter everywhere."""

    class Bright:
        asked = 0

        def predict(self, picture):
            assert picture.dtype == np.uint8
            self.asked += 1
            return SimpleNamespace(best=SimpleNamespace(name="bright" if picture.mean() >= 160 else "dark"))

    bright, grey = Bright(), np.full((224, 224, 3), 100, dtype=np.uint8)
    frames, captions = experiment.walk_of_the_page(bright, grey)(np.full_like(grey, 255), questions=300)
    assert bright.asked == 301 and len(frames) == len(captions) == 301  # the start is asked about, too
    distances = [np.sqrt(np.mean((frame - 100.0) ** 2)) for frame in frames]
    assert (np.diff(distances) <= 0).all() and 60 <= distances[-1] < 75
    assert all(frame.mean() >= 160 for frame in frames)


def test_the_loop_of_the_page_makes_the_picture_at_its_top(networks):
    cells = json.loads((ROOT / "notebooks" / "10-other-networks.ipynb").read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    loop, wobble = (next(s for s in sources if f"def {name}(" in s) for name in ("follow", "both_wobbled"))
    pair = [networks[name] for name in experiment.PAIR.split(" + ")]
    page = {"np": np, "panda": PANDA, "diverse": diverse, "vulture": Logit("vulture"), "pair": pair}
    exec(loop + "\n" + wobble.split("frames =")[0], page)
    frames = page["follow"](page["both_wobbled"], steps=3)
    assert np.array_equal(frames[-1], travelling(pair, PANDA, Logit("vulture"), steps=3))


def test_a_diverse_picture_is_pillows_smaller_one_somewhere_in_a_black_frame():
    """Going back is the adjoint: <transform(x), g> = <x, back(g)>, whatever x and g are."""
    x, g = np.random.default_rng(0).random(size=(2, 224, 224, 3))
    one = diverse(np.random.default_rng(0))
    assert np.isclose((one(x) * g).sum(), (x * one.back(g)).sum(), rtol=1e-5)
    corners = []
    for seed in range(5):
        seen = diverse(np.random.default_rng(seed))(np.full_like(PANDA, 255))
        rows, columns = (np.flatnonzero(seen.max(axis=axis)[:, 0] > 254) for axis in (1, 0))
        assert len(rows) == len(columns) >= 201  # a square, up to a tenth smaller
        inside = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
        assert np.allclose(seen[inside], 255, atol=0.01)
        assert seen.sum() == pytest.approx(seen[inside].sum(), rel=1e-4)
        smaller = np.array(Image.fromarray(PANDA).resize((len(rows),) * 2, Image.Resampling.BILINEAR))
        assert np.abs(diverse(np.random.default_rng(seed))(PANDA)[inside] - smaller).max() < 1.01
        corners.append((rows[0], columns[0]))
    assert any(row != column for row, column in corners)
