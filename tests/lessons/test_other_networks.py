"""Lesson 10: its exercises tell right from wrong, and its two loops are one."""

import json

import numpy as np
import pytest
from PIL import Image

from lessons.other_networks.travel import diverse, travelling
from tricknet import images, make_less_like
from tricknet.networks.objectives import Logit
from tricknet.paths import ROOT

PANDA = images.load("panda")


def test_the_control_of_a_trick_turns_its_perturbation_alone(networks, refused):
    away = make_less_like(networks["GoogLeNet"], PANDA, "giant panda", steps=1)
    refused("10.2", (away, away), (away, away.after[::-1]), (away, PANDA))


def test_the_loop_of_the_page_makes_the_picture_at_its_top(networks):
    cells = json.loads((ROOT / "notebooks" / "10-other-networks.ipynb").read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    loop, wobble = (next(s for s in sources if f"def {name}(" in s) for name in ("follow", "both_wobbled"))
    pair = [networks[name] for name in ("SqueezeNet", "EfficientNet-Lite0")]
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
