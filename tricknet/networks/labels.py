"""The names of the classes that a network knows: index to name, and the way back."""

import difflib
import operator
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, SupportsIndex

import numpy as np
import numpy.typing as npt

from tricknet.paths import MODELS

LISTED = 8  # names listed in an error: enough to choose from, few enough to read
# What tells two labels apart that have the same usual name, by their WordNet ids and after WordNet's own glosses.
MEANINGS = {
    "n02012849": "a bird",  # crane
    "n03126707": "a machine",
    "n02113186": "a dog",  # cardigan
    "n02963159": "a knitted jacket",
    "n03710637": "tights for dancers",  # maillot
    "n03710721": "a bathing suit",
}


class LabelError(KeyError):
    """No label, or several, go by that name; the message lists those that may."""

    def __str__(self) -> str:
        return str(self.args[0])  # KeyError's own would show the sentence in quotes


class Labels(Sequence[str]):
    """The labels in the order of the network's outputs.

    >>> labels = Labels()
    >>> labels[388]
    'giant panda'
    >>> labels.find("vulture")
    23
    """

    def __init__(self, path: str | Path | None = None):
        """Read `path` (default: labels.txt), one label to a line: "n02510455 giant panda, panda".

        Raises ValueError for a line of another form.
        """
        text = Path(path or MODELS / "labels.txt").read_text(encoding="utf-8")
        lines = [line.split(maxsplit=1) for line in text.splitlines()]
        if short := [number for number, line in enumerate(lines, 1) if len(line) < 2]:
            raise ValueError(
                f'Line {short[0]} of {path} needs an id and a name, such as "n02510455 giant panda": write both.'
            )
        self._wnids = [wnid for wnid, _ in lines]
        self._names = [tuple(names.split(", ")) for _, names in lines]
        self._keys = [tuple(map(_simplify, names)) for names in self._names]

    def __len__(self) -> int:
        return len(self._names)

    def __getitem__(self, index: int) -> str:  # type: ignore[override]  # nobody needs a slice of the labels
        """The usual name of a label. Python's own IndexError if there is none."""
        return self._names[index][0]

    def names(self, index: int) -> tuple[str, ...]:
        """All synonyms of a label, the usual name first."""
        return self._names[index]

    def listed(self, index: int) -> str:
        """A label for a list to choose from: its usual name, and "crane (a bird)" where that alone would not tell."""
        meaning = MEANINGS.get(self._wnids[index])
        return self[index] + (f" ({meaning})" if meaning else "")

    def table(self) -> list[dict[str, Any]]:
        """What a browser needs to list labels and to find them (islands/parts/search.js): a row for each, as JSON."""
        return [{"listed": self.listed(i), "keys": keys} for i, keys in enumerate(self._keys)]

    def find(self, name: str | SupportsIndex) -> int:
        """The index of the label that goes by `name`.

        Capitals, hyphens and apostrophes do not matter. A label's usual name wins over a synonym, a synonym over the
        beginning of a word ("paper tow"), and that over any other part ("ultur"). An index is checked and returned as
        it is.

        Raises LabelError if no label matches (it lists similar names), or if several match equally well (it lists
        them).
        """
        if not isinstance(name, str):
            return self._checked(operator.index(name))
        if _is_index(name):
            return self._checked(int(name.strip()))
        ranked = self._rank(name)
        best = [index for quality, index in ranked if quality == ranked[0][0]]
        if len(best) == 1:
            return best[0]
        if best:
            raise LabelError(f'"{name}" fits {len(best)} labels, so give the index of one: {self._list(best)}')
        if near := self._near(name):
            raise LabelError(f'No label is called "{name}". Similar names: {self._list(near)}')
        everywhere = f"In Python, list(model.labels) shows all {len(self)}."  # a path would be one inside a container
        raise LabelError(f'No label has a name like "{name}". Try a different word. {everywhere}')

    def is_called(self, index: int, name: str) -> bool:
        """Is `name` one of the label's names as `find` compares them, or its index, and not a part of one?"""
        return _simplify(name) in self._keys[index] or _is_index(name)

    def mask(self, target: str | SupportsIndex | Iterable[str | SupportsIndex]) -> npt.NDArray[np.bool_]:
        """True for each class of a target: of one class by index or name, or of several that count as one.

        Raises LabelError for an unknown class, ValueError where there is none, or where all classes are meant.
        """
        classes = [target] if isinstance(target, (str, SupportsIndex)) else target
        mask = np.zeros(len(self), dtype=bool)
        for label in classes:
            mask[self.find(label)] = True
        if not mask.any():
            raise ValueError("The set of classes is empty: give at least one.")
        if mask.all():
            raise ValueError("The set holds every class, so its probability is always 1: leave at least one out.")
        return mask

    def search(self, text: str, limit: int = 10) -> list[tuple[int, str]]:
        """Up to `limit` (index, usual name) that `text` may mean, best first.

        It never raises: where nothing fits, it offers similar names.
        """
        if _is_index(text):
            typed = int(text.strip())
            indices = [typed] if typed < len(self) else []
        else:
            indices = [index for _, index in self._rank(text)] or self._near(text)
        return [(index, self[index]) for index in indices[:limit]]

    def _rank(self, text: str) -> list[tuple[int, int]]:
        """(quality, index) of each label that `text` fits: 0 is best, equal means equally well."""
        query, fits = _simplify(text), []
        for index, keys in enumerate(self._keys):
            # Among equals, list first those whose usual name fits, the shortest name first.
            fit = min((_quality(query, key, key == keys[0]), key != keys[0], len(key)) for key in keys)
            if query and fit[0] < NO_FIT:
                fits.append((*fit, index))
        return [(fit[0], fit[-1]) for fit in sorted(fits)]

    def _near(self, text: str) -> list[int]:
        """The labels with a name spelt much like `text`, best first."""
        everything = [(key, index) for index, keys in enumerate(self._keys) for key in keys]
        near = difflib.get_close_matches(_simplify(text), [key for key, _ in everything], LISTED)
        return list(dict.fromkeys(index for match in near for key, index in everything if key == match))

    def _checked(self, index: int) -> int:
        if not 0 <= index < len(self):
            raise LabelError(f"There is no label {index}: they run from 0 to {len(self) - 1}.")
        return index

    def _list(self, indices: list[int]) -> str:
        """The first of some labels, to choose from."""
        more = f"; and {len(indices) - LISTED} more" if len(indices) > LISTED else ""
        return "; ".join(f"{index} {self.listed(index)}" for index in indices[:LISTED]) + f"{more}."


NO_FIT = 4


def _quality(query: str, key: str, usual: bool) -> int:
    """How well `query` fits one name, from 0 (it is the label's usual name) to NO_FIT."""
    if query == key:
        return 0 if usual else 1
    if key.startswith(query) or f" {query}" in key:
        return 2
    return 3 if query in key else NO_FIT


def _is_index(text: str) -> bool:
    """Is this a number that was typed? (Python refuses to read one of thousands of digits.)"""
    return text.strip().isdecimal() and len(text) < 100


def _simplify(name: str) -> str:
    """Lower case, without apostrophes and dots, hyphens and underscores as spaces: what `find` compares."""
    return " ".join(re.sub(r"['.]", "", name.casefold()).replace("-", " ").replace("_", " ").split())
