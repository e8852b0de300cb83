"""Lesson 13: its exercises tell right from wrong, and its gallery shows the classes of its table."""

import numpy as np
import pytest

from lessons.dreams import table
from lessons.dreams.check import check
from lessons.dreams.figures import Pixels
from tricknet import Class, Logit, images, plots
from tricknet.attacks.dream import Waves, noise
from tricknet.paths import DOCS


def test_the_exercises_tell_right_from_wrong(refused):
    names = [row["name"] for row in table("dreams") if row["way"] == "natural colours"]
    letters = [chr(ord("A") + sorted(names).index(name)) for name in names]
    assert check("13.1", "".join(letters).lower()) and check("13.1", "".join(letters[:4]) + 20 * ".")
    lucky = "".join(letter if at in (3, 7, 11) else "." for at, letter in enumerate(letters))
    refused("13.1", (lucky,), ("ABC",))
    refused("13.1", (24 * "A",))
    both = Class("goldfish") + Class("teapot")
    assert check("13.2", both, "goldfish", "teapot")
    refused("13.2", (both, "goldfish", "goldfish"), (both, "goldfish", "bison"), (images.load("cat"), "cup", "tabby"))
    refused("13.2", (Class("tiger cat"), "tiger cat", "tabby"), (Logit("cup") + Logit("zebra"), "cup", "zebra"))


def test_a_step_of_pixels_is_as_large_as_one_of_waves():
    random, steps = np.random.default_rng(0), []
    for painting in (Pixels((224, 224)), Waves((224, 224))):
        numbers = painting.spectrum(noise())
        real, imaginary = random.normal(size=(2, *numbers.shape))
        coins = np.sign(real + 1j * imaginary if np.iscomplexobj(numbers) else real)
        steps.append(painting.picture(numbers + 0.01 * coins) - noise())
    assert steps[0].std() == pytest.approx(steps[1].std(), rel=0.1)


def test_the_gallery_shows_the_classes_of_the_table_in_its_order(googlenet):
    rows = [row for row in table("dreams") if row["way"] == "natural colours"]
    gallery = plots.read_back(DOCS / "dreams" / "gallery.png")
    assert [caption for _, caption in gallery] == [str(number) for number in range(1, len(rows) + 1)]
    for (picture, _), row in zip(gallery, rows, strict=True):
        assert googlenet.predict(picture)[row["label"]] == pytest.approx(row["googlenet_p"], abs=0.02)
