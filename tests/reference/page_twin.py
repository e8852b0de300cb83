"""A network as the page in a browser has it: its plan, run by the page's own engine in a real browser."""

import base64
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tricknet.networks.classifier import Classifier
from web.build import row

LOAD = """async ([row, engine]) => {
    const { Engine } = await import(new URL('engine.js', location.href));
    const bytes = async name => (await fetch(name)).arrayBuffer();
    const module = await WebAssembly.compile(await bytes(engine));
    window.engine = new Engine(module, row, new Uint8Array(await bytes(row.file)));
}"""
ASK = """([picture, inside, weight, slope, channels]) => {
    const unpacked = text => text && new Float32Array(Uint8Array.from(atob(text), one => one.charCodeAt()).buffer);
    const objective = { inside, weight, slope: unpacked(slope), channels: unpacked(channels) };
    const { probabilities, gradient } = window.engine.gradient(unpacked(picture), objective, 1);
    return [Array.from(probabilities), Array.from(gradient)];
}"""


class PageTwin:
    """A Classifier's plan in a page at the lab's address, with one thread. half: see `plan_of`. simd: which engine."""

    def __init__(
        self, page: Any, models: Path, model: Classifier, *, half: bool = False, simd: str = "simd128"
    ) -> None:
        self.page = page
        page.evaluate(LOAD, [row(model, models, half=half), f"engine-{simd}.wasm"])

    def ask(
        self,
        picture: npt.ArrayLike,
        inside: Collection[int] = (),
        weight: float = 0,
        slope: npt.ArrayLike | None = None,
        channels: npt.ArrayLike | None = None,
    ) -> tuple[np.ndarray, np.ndarray]:
        """(probabilities, the gradient of weight * log P(inside) + slope . logits + channels . means)."""
        arrays = [None if one is None else np.asarray(one, "<f4") for one in (picture, slope, channels)]
        sent = [None if one is None else base64.b64encode(one.tobytes()).decode() for one in arrays]
        asked = [sent[0], [int(one) for one in inside], float(weight), *sent[1:]]
        probabilities, gradient = self.page.evaluate(ASK, asked)
        return np.array(probabilities, np.float32), np.array(gradient, np.float32).reshape(np.shape(picture))
