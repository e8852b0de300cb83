"""Lesson 13: its exercises tell right from wrong, and its gallery shows the classes of its table."""

import numpy as np
import pytest

from lessons.dreams import table
from lessons.dreams.check import check
from lessons.dreams.figures import in_pieces
from tricknet import images, plots
from tricknet.paths import DOCS


def test_the_exercises_tell_right_from_wrong(refused):
    names = [row["name"] for row in table("dreams") if row["way"] == "natural colours"]
    letters = [chr(ord("A") + sorted(names).index(name)) for name in names]
    assert check("13.1", "".join(letters).lower()) and check("13.1", "".join(letters[:5]) + 19 * ".")
    refused("13.1", (24 * "A",), ("ABC",), ("AB" + 22 * ".",))
    panda, photograph = images.load("panda") ^ 1, images.load("goldfish")
    pandas, teapot = (panda, "giant panda", "giant panda"), (panda, "giant panda", "teapot")
    refused("13.2", pandas, teapot, *((x, "goldfish", "teapot") for x in (panda / 1.0, panda[:9])))
    refused("13.2", (images.load("cat"), "tiger cat", "Egyptian cat"))
    refused("13.3", (panda, "vulture", 7), (panda, "giant panda", 2), (photograph, "goldfish", 1))
    assert check("13.3", panda, "giant panda", 1)


def test_a_picture_in_pieces_has_the_same_pieces():
    panda, corners = images.load("panda"), list(np.ndindex(4, 4))
    pieces = ([p.reshape(4, 56, 4, 56, 3)[y, :, x].tobytes() for y, x in corners] for p in (in_pieces(panda), panda))
    cut, old = pieces
    assert sorted(cut) == sorted(old) and cut != old


def test_the_gallery_shows_the_classes_of_the_table_in_its_order(googlenet):
    """The lesson prints the names beside the numbers of the pictures."""
    rows = [row for row in table("dreams") if row["way"] == "natural colours"]
    gallery = plots.read_back(DOCS / "dreams" / "gallery.png")
    assert [caption for _, caption in gallery] == [str(number) for number in range(1, len(rows) + 1)]
    for (picture, _), row in zip(gallery, rows, strict=True):
        assert googlenet.predict(picture)[row["class"]] == pytest.approx(row["googlenet_p"], abs=0.02)
