"""Dreams: slopes against finite differences, the same for the same seed, kept on Ctrl-C."""

from itertools import islice
from signal import raise_signal

import numpy as np
import pytest

from tricknet import images
from tricknet.__main__ import main
from tricknet.adam import Adam
from tricknet.attacks.dream import NATURAL, PLAIN, Waves, deepdream, dream, dreaming, glimpses, noise
from tricknet.networks.objectives import Logit, Strength


@pytest.mark.parametrize("size", [(6, 8), (6, 7), (5, 8), (7, 5)])
@pytest.mark.parametrize("colours", [NATURAL, PLAIN], ids=["natural", "plain"])
def test_the_slope_of_every_wave_is_that_of_finite_differences(size, colours):
    random, waves = np.random.default_rng(0), Waves(size, colours)
    spectrum = 0.3 * random.normal(size=(*waves.strengths.shape[:2], 3, 2)).view(complex)[..., 0]
    gradient, h = random.normal(size=(*size, 3)), 0.01
    slope = waves.back(gradient, waves.picture(spectrum))
    for at in np.ndindex(slope.shape):
        for unit, ours in ((1, slope[at].real), (1j, slope[at].imag)):
            step = np.zeros_like(spectrum)
            step[at] = unit * h
            up, down = ((gradient * waves.picture(moved)).sum() for moved in (spectrum + step, spectrum - step))
            assert ours == pytest.approx((up - down) / (2 * h), rel=0.01, abs=0.05)


@pytest.mark.parametrize("size", [(40, 60), (41, 33)])
def test_waves_hold_any_picture(size):
    picture = np.random.default_rng(0).integers(1, 255, (*size, 3))
    waves = Waves(size)
    np.testing.assert_allclose(waves.picture(waves.spectrum(picture)), picture, atol=0.1)


@pytest.mark.parametrize("side", [448, 100])
def test_a_glimpse_is_a_mean(side):
    for seen in islice(glimpses((side, side), (224, 224)), 5):
        np.testing.assert_allclose(seen(np.full((side, side, 3), 7.0)), 7, rtol=1e-5)


def test_a_photograph_dreams_at_every_octave(googlenet, monkeypatch):
    photograph, layer = images.load_whole("images/panda.jpg", 200), Strength("inception_4c/output")
    real, seen = googlenet.gradient, []
    monkeypatch.setattr(googlenet, "gradient", lambda picture, it: seen.append(max(picture.shape)) or real(picture, it))
    deep = deepdream(googlenet, layer, photograph, steps=2)
    assert seen == [73, 73, 102, 102, 143, 143, 200, 200] and deep.shape == photograph.shape
    assert googlenet.value(deep, layer) > 1.5 * googlenet.value(photograph, layer)


def test_ctrl_c_keeps_the_picture(googlenet, monkeypatch):
    """It comes at the fourth gradient."""
    gradients = [googlenet.gradient] * 3
    monkeypatch.setattr(googlenet, "gradient", lambda *asked: gradients.pop()(*asked) if gradients else raise_signal(2))
    reached = dream(googlenet, Logit("teapot"), steps=50)
    monkeypatch.undo()
    *_, expected = islice(dreaming(googlenet, Logit("teapot"), noise(), steps=50), 3)
    np.testing.assert_array_equal(reached, expected)


def test_command_line(tmp_path, googlenet):
    """The same seed gives the same dream, and another seed gives another."""
    out, deep = str(tmp_path / "towel.png"), str(tmp_path / "deep.png")
    assert main(["dream", "paper towel", "-o", out, "--steps", "2", "--seed", "1"]) == 0
    one, other = (dream(googlenet, Logit("paper towel"), steps=2, seed=seed) for seed in (1, 2))
    np.testing.assert_array_equal(images.load(out), one)
    assert (one != other).any() and one.dtype == np.uint8
    words = ["dream", "images/panda.jpg", "-o", deep, "--side", "160", "--steps", "1", "--layer"]
    assert main([*words, "inception_4c/output"]) == 0
    assert max(images.load_whole(deep, 160).shape) == 160
    assert main([*words, "inception_4z/output", "--force"]) == 2 == main(["dream", "teapto", "-o", out, "--force"])


def test_the_natural_lamps_vary_almost_alone_in_photographs():
    """Measured on photographs that the colours were not taken from: red, green and blue go together."""
    values = np.concatenate([images.load(name).reshape(-1, 3)[::50] for name in images.EVIDENCE]) / 255
    lamps = (np.corrcoef(np.linalg.inv(colours) @ values.T)[np.triu_indices(3, 1)] for colours in (PLAIN, NATURAL))
    plain, natural = map(np.abs, lamps)
    assert plain.min() > 0.5 and natural.max() < 0.3


def test_adams_first_step_has_the_same_size_for_every_slope():
    slope = np.array([1e-6, 3 + 4j, -1e3])
    np.testing.assert_allclose(Adam()(slope), slope / abs(slope), rtol=1e-6)
