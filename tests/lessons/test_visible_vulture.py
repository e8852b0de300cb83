"""Lesson 17: its quiz tells right from wrong, and takes only the first try."""

from lessons.visible_vulture.check import check, tries

RIGHT = "BIJKOHLFMGPANECD"  # by hand, from the names below the pictures


def test_the_quiz_tells_right_from_wrong(refused):
    for letters in (RIGHT.lower(), "B.JKO...........", ".I....L.MG..NECD", "BIJKFOLAMGHPNECD"):  # the last: 3 and 8
        tries.clear()
        assert not check("17.1", "!" * 16) and check("17.1", letters) and not check("17.1", RIGHT[::-1])
    tries.clear()
    refused("17.1", ("A" * 16,), ("BI" + "." * 14,))  # the second is luck
