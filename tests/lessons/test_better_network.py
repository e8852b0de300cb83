"""Lesson 15: is a step what calculus says, and do walks arrive?"""

import numpy as np
import pytest

import tricknet
from lessons.better_network import drawings, pair, table
from lessons.better_network.check import check
from tricknet import training as learn
from tricknet.networks.classifier import first_answers
from tricknet.networks.objectives import Class
from tricknet.paths import ROOT


def test_a_step_goes_down_as_far_as_its_gradient_promises(data):
    """And the picture's gradient is the one that the classifier computes in another way."""
    pictures, answers = (part[: pair.BATCH] for part in data[0])
    network, x, rate = pair.fresh(3), pictures.transpose(0, 3, 1, 2), 1e-4
    expected = network.classifier().gradient(pictures, [Class(int(answer)) for answer in answers])
    slope = pair.step(network.net, x, answers, rate)
    np.testing.assert_allclose(-pair.BATCH * slope.transpose(0, 2, 3, 1), expected, atol=1e-6)
    before, blobs = float(network.net.blobs["loss"].data), [b for both in network.net.params.values() for b in both]
    promised = rate * sum(scale * (blob.diff**2).sum() for scale, blob in zip(pair.SCALES, blobs, strict=True))
    pair.step(network.net, x, answers, 0)
    assert before - float(network.net.blobs["loss"].data) == pytest.approx(promised, rel=0.1)


def test_noise_moves_each_value_as_far_as_a_trick_but_as_a_coin_says(monkeypatch):
    """And twice the same way, from the same pictures."""
    looks = {"on tricks": [], "on noise": []}
    for practice, seen in looks.items():
        monkeypatch.setattr(pair, "step", lambda net, x, y, rate, seen=seen: seen.append(x) or np.ones(x.shape))
        pair.train_by_hand(25, batches=1, practice=practice)
    start, *_ = looks["on noise"]
    free = (start >= 25) & (start <= 230)
    tricks, coins = ([(x - start)[free] for x in seen] for seen in looks.values())
    assert [set(move) for move in tricks] == [{0}, {12.5}, {25}]
    assert [set(move) for move in coins] == [{0}, {-12.5, 12.5}, {-25, 25}]
    np.testing.assert_array_equal(2 * coins[1], coins[2])
    assert abs(coins[2].mean()) < 1


def test_on_others_tricks_the_first_picture_moves_as_the_last_one_s_trick(monkeypatch):
    looks, way = [], np.ones((pair.BATCH, 1, 28, 28))
    way[-1] = -1
    monkeypatch.setattr(pair, "step", lambda net, x, y, rate: looks.append(x) or way)
    pair.train_by_hand(25, batches=1, practice="on others' tricks")
    moved = looks[1] - looks[0]
    assert moved[0].max() <= 0 <= moved[1:].min() and moved[0].any() and moved[-1].any()


@pytest.mark.long
def test_the_exercises_tell_right_from_wrong(data, refused):
    seen = "FFEBADBACEDC"  # how somebody voted who did not know the table
    twins = "".join("NT"[row["network"] == "on tricks"] for row in table("ballot"))
    assert check("15.1", seen, twins) and check("15.1", seen.lower()[:6] + "......", twins[:11] + ".")
    refused("15.1", (seen, 12 * "T"), (12 * "A", twins), (seen, twins[1:]))
    files = [ROOT / f"models/fashion/{kind}.caffemodel" for kind in ("robust", "plain")]
    robust, plain = ((learn.Trainee(steps=1, weights=file), 120) for file in files)
    others, answers = (part[200:500] for part in data[1])
    mine, its = (np.equal(first_answers(each.classifier(), others), answers) for each, _ in (robust, plain))
    cost = its.sum() - mine.sum()
    assert check("15.2", robust, plain, cost)
    refused("15.2", (robust, plain, -cost), (robust[:1], plain, cost), ((robust[0], 121), plain, cost))
    refused("15.2", (plain, plain, 0))
    refused("15.3", (robust,))


@pytest.mark.parametrize("kind", ["plain", "robust"])
def test_walks_are_equally_long_at_every_step_and_arrive(kind, data):
    """But for half a unit of rounding in each of 784 values."""
    pictures, model = data[1][0][:3], tricknet.load(f"FashionNet {kind}")
    stages = drawings.of_equal_length(model, pictures, ["bag", 3, "sandal"], steps=20)
    assert stages.shape == (21, 3, 28, 28, 1) and stages.dtype == np.uint8
    np.testing.assert_array_equal(stages[0], pictures)
    lengths = np.linalg.norm((stages - pictures.astype(float)).reshape(21, 3, -1), axis=2)
    np.testing.assert_allclose(lengths, drawings.LENGTH * np.linspace(0, 1, 21)[:, None].repeat(3, axis=1), atol=14)
    assert [prediction.best.name for prediction in model.predict(stages[-1])] == ["bag", "dress", "sandal"]
