"""Lesson 17: its quiz tells right from wrong, and takes only the first try."""

from lessons.visible_vulture import WITH_NOISE
from lessons.visible_vulture.check import check, tries

RIGHT = "BIJKOHLFMGPANECD"  # by hand, from the names below the pictures
SILENT = "".join("." if number in WITH_NOISE else letter for number, letter in enumerate(RIGHT))


def test_the_quiz_tells_right_from_wrong(refused):
    for letters in (RIGHT.lower(), "B.JKO..........."):
        assert check("17.1", letters) and not check("17.1", "A" * 16)
        tries.clear()
    refused("17.1", ("ABC",), (SILENT,), (RIGHT,))  # the last is a second try
    tries.clear()
    refused("17.1", ("." * 16,), ("B.JK............",))
