"""Lesson 13: its exercises tell right from wrong, and its gallery shows the classes of its table."""

import numpy as np
import pytest

from lessons.dreams import table
from lessons.dreams.check import check
from lessons.dreams.figures import Pixels
from tricknet import images, plots
from tricknet.attacks.dream import Waves, dreaming, noise
from tricknet.networks.objectives import Channel
from tricknet.paths import DOCS


def test_the_exercises_tell_right_from_wrong(refused):
    names = [row["name"] for row in table("dreams") if row["way"] == "natural colours"]
    letters = [chr(ord("A") + sorted(names).index(name)) for name in names]
    assert check("13.1", "".join(letters).lower()) and check("13.1", "".join(letters[:4]) + 20 * ".")
    lucky = "".join(letter if at in (3, 7, 11) else "." for at, letter in enumerate(letters))
    refused("13.1", (lucky,), ("ABC",))
    refused("13.1", (24 * "A",))


def test_a_channel_for_animals_is_found_by_contrast_not_by_loudness_or_luck(googlenet, refused):
    photographs, layer = images.load_all(images.EVIDENCE), "inception_5a/output"
    animal = np.array([answer.best.index < 398 for answer in googlenet.predict(photographs)])
    responses = googlenet.activations(photographs, layer).mean(axis=(1, 2))
    pairs, loud = (responses[animal][:, None] > responses[~animal]).mean(axis=(0, 1)), responses[animal].mean(axis=0)
    *_, made = dreaming(googlenet, Channel(layer, best := int(pairs.argmax())), images.load("cup"), steps=20, step=0.07)
    assert check("13.2", best, made)
    refused("13.2", (loud.argmax(), made), (pairs.argmin(), made), (len(pairs), made), (best, photographs[animal][0]))
    refused("13.2", (best, photographs[responses[:, best].argmax()]))  # which excites it more than all of the thirty
    assert not any(check("13.2", k, made) for k in np.random.default_rng(0).choice(len(pairs), 4, replace=False))


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
