"""A network as the page in a browser has it: its plan, run by the page's own engine in a real browser."""

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
ASK = """([picture, target, slope]) => {
    const objective = slope ? { slope } : { target };
    const { probabilities, gradient } = window.engine.gradient(picture, objective);
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
        self, picture: npt.ArrayLike, target: int | None = None, slope: list[float] | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """(probabilities, the gradient of log P(target) or, if there is one, of slope . logits)."""
        asked = [np.asarray(picture, float).ravel().tolist(), target, slope]
        probabilities, gradient = self.page.evaluate(ASK, asked)
        return np.array(probabilities, np.float32), np.array(gradient, np.float32).reshape(np.shape(picture))
