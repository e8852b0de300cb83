"""Does `find` take part of a name without guessing wrongly?"""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tricknet.networks.labels import LabelError, Labels

labels = Labels()
FOUND = {
    "  Giant-PANDA ": "giant panda",
    "st. bernard": "Saint Bernard",
    "paper tow": "paper towel",  # a part
    "ultur": "vulture",
    "owl": "great grey owl",  # a word, and no howl, bowl or fowl
    "ant": "ant",  # not an elephant
    "missile": "missile",  # the usual name of one, a synonym of "projectile"
}


@pytest.mark.parametrize(("text", "meant"), FOUND.items())
def test_find_takes_a_part_of_a_name(text, meant):
    assert labels[labels.find(text)] == meant


HELP = {
    "panda": r" 387 lesser panda; 388 giant panda\.$",
    "cardigan": r" 264 Cardigan \(a dog\); 474 cardigan \(a knitted jacket\)\.$",
    "kitten": "mitten",
    "vultr": "23 vulture",
    "pnda": "387.*388",
    "  ": r"list\(model.labels\)",
}


@pytest.mark.parametrize(("text", "shown"), HELP.items())
def test_what_is_no_name_or_that_of_several_is_not_guessed_but_help_is_shown(text, shown):
    with pytest.raises(LabelError, match=shown):
        labels.find(text)


@given(st.integers(0, len(labels) - 1), st.data())
def test_every_synonym_is_a_name_of_its_label_and_finds_it(index, data):
    name = data.draw(st.sampled_from(labels.names(index)))
    assert labels.is_called(index, f" {name.upper()} ") and labels.is_called(index, str(index))
    assert not labels.is_called(index, f"{name[:-1]}#")
    hits = [hit for hit, _ in labels.search(name.upper(), limit=len(labels))]
    # A synonym that is the usual name of another label finds that one.
    usual = {i for i, other in enumerate(labels) if other.casefold() == name.casefold()}
    assert index in hits and set(hits[: len(usual)]) == usual
    assert len(usual) != 1 or labels.find(name.upper()) == hits[0]


@example("0\x1f")  # whitespace for str.strip, and not for int
@given(st.text(max_size=30) | st.integers(0).map(str) | st.just("9" * 5000))
def test_whatever_is_typed_gives_an_index_or_a_sentence(text):
    try:
        assert labels[labels.find(text)]
    except LabelError as error:
        assert str(error).endswith(".")
    hits = labels.search(text, limit=5)
    assert len(hits) <= 5 and all(labels[index] == name for index, name in hits)


def test_search_as_you_type():
    assert labels.search("") == [] == labels.search("1000")
    assert {index for index, _ in labels.search("panda")} >= {387, 388}
    for text, first in (("giant p", (388, "giant panda")), ("teapto", (849, "teapot")), ("388", (388, "giant panda"))):
        assert labels.search(text)[0] == first
