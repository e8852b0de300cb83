"""What a sentence says that would be the same in another language, and what the notebooks store."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tricknet.island import ISLAND, Island
from tricknet.paths import NOTEBOOKS


def numbers(words: str) -> list[float]:
    """All that is in digits, in the sentence's order."""
    return [float(number) for number in re.findall(r"(?<!\w)-?\d+(?:\.\d+)?", words.replace("−", "-"))]


def asked(island: Island, kind: str, *arrays: np.ndarray, **about: object) -> tuple:
    """What an island's Python answers about SqueezeNet, and its arrays. No error."""
    reply, parts = island.answer({"kind": kind, "network": "SqueezeNet", **about}, [one.tobytes() for one in arrays])
    assert "error" not in reply, reply
    return reply, *(np.frombuffer(part, np.float32) for part in parts)


def stored_islands() -> Iterator[tuple[Path, dict]]:
    """All that the notebooks' cells store for islands: the notebook, and the data, with the still's words as "alt"."""
    for path in sorted(NOTEBOOKS.glob("**/*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                if "module" in (stored := output.get("data", {}).get(ISLAND, {})):
                    yield path, stored | {"alt": output["metadata"]["image/png"]["alt"]}
