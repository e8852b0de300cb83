"""The glossary: in alphabetical order, and of words that the lessons use. (test_docs.py follows the links to it.)"""

import json
import re

import pytest

from tricknet.paths import NOTEBOOKS, ROOT

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
ENTRY = re.compile(
    r'^<a id="([^"]+)"></a>\*\*([^*]+)\*\*: (.+?)\(\[lesson (\d+)\]\(\.\./notebooks/([^)]+)\)\)$',
    re.MULTILINE | re.DOTALL,
)
ENTRIES = ENTRY.findall(GLOSSARY)
# Earlier lessons that use a term's word and do not introduce the term: in its everyday sense, or only in passing.
IN_PASSING = {
    "adversarial training": {13},  # what a different course offers
    "defence": {9},
    "dream": {7},  # the name of a mode of the lab
    "patch": {1},
    "step": {1},
}


def lesson(name: str, kinds: tuple[str, ...] = ("markdown", "code")) -> str:
    """All that is written in a lesson: text and code, without outputs."""
    cells = json.loads((NOTEBOOKS / name).read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] in kinds)


def test_every_paragraph_but_the_first_is_an_entry():
    title, beginning, *entries = GLOSSARY.strip().split("\n\n")
    assert title == "# Glossary" and not beginning.startswith("<a")
    assert len(ENTRIES) == len(entries) and all(ENTRY.fullmatch(entry) for entry in entries)


def test_entries_are_in_alphabetical_order():
    terms = [term for _, term, *_ in ENTRIES]
    assert terms == sorted(set(terms), key=str.casefold)


@pytest.mark.parametrize(("anchor", "term", "number", "name"), [(a, t, n, f) for a, t, _, n, f in ENTRIES])
def test_the_lesson_that_an_entry_names_uses_the_term(anchor, term, number, name):
    assert anchor == term.lower().replace(" ", "-") and name.startswith(f"{int(number):02}-")
    words = re.compile(rf"\b{term.replace('-', '[- ]')}", re.IGNORECASE)
    text = lesson(name)
    assert words.search(text) or f"docs/glossary.md#{anchor})" in text, f"lesson {number} does not use {term!r}"


def prose(name: str) -> str:
    """What a lesson says in its own words, with its links to the glossary, but without the names of other pages."""
    text = lesson(name, ("markdown",)).split("## Read more")[0]
    return re.sub(r"\]\([^)#]*\)", "]", text)


@pytest.mark.parametrize(("term", "number"), [(term, int(number)) for _, term, _, number, _ in ENTRIES])
def test_no_lesson_before_it_uses_the_term(term, number):
    words = re.compile(rf"\b{re.sub('[- ]', '[- ]', term)}(?:s|es)?\b", re.IGNORECASE)
    earlier = [path.name for path in NOTEBOOKS.glob("[0-9][0-9]-*.ipynb") if int(path.name[:2]) < number]
    assert {int(name[:2]) for name in earlier if words.search(prose(name))} == IN_PASSING.get(term, set())
