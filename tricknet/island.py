"""An island: an interactive figure whose JavaScript (islands/NAME.js) is the same in a notebook and on a page.

In Jupyter it asks the kernel, and so the real Caffe; on the site, a worker that runs the same network (web/lab/ask.js).
"""

import base64
import hashlib
import io
import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
from anywidget.experimental import command
from IPython.core.formatters import DisplayFormatter
from PIL import Image
from traitlets import Dict, Unicode

from tricknet import Class, Classifier, Logit, images
from tricknet.arrays import Picture
from tricknet.networks.objectives import Objective
from tricknet.paths import ROOT

ISLAND = "application/x-island+json"  # in a cell's output: the module's name, its state, and the networks it asks
MODULES = sorted(path.stem for path in (ROOT / "islands").glob("*.js"))
STORE = "TRICKNET_ISLANDS"  # an environment variable: where a notebook that is stored keeps its islands' pictures

# anywidget makes a blob of it, from which nothing can be imported by a relative address. Jupyter's page says where our
# extension of its server has the modules (web/jupyter.py). Where there is none, the still picture is shown.
LOADER = """
async function render({ model, el, experimental }) {
  try {
    if (!MODULES.includes(model.get('module'))) throw new Error('There is no such island.');
    const { baseUrl } = JSON.parse(document.getElementById('jupyter-config-data').textContent);
    const { show } = await import(new URL(`${baseUrl}islands/parts/kernel.js`, location.href).href);
    return await show(model, el, experimental.invoke);
  } catch (error) {
    console.error(error);
    const { signal } = new AbortController(); // the kernel may take as long as it likes
    const [{ still, alt }] = await experimental.invoke('answer', { kind: 'still' }, { signal });
    el.replaceChildren(Object.assign(new Image(), { src: still, alt }));
  }
}
export default { render };
""".replace("MODULES", json.dumps(MODULES), 1)


class Island(anywidget.AnyWidget):
    """An interactive figure; the last expression of a cell shows it.

    module: its name, one of MODULES. state: what it begins with, as JSON in which a picture (uint8, height x width x 3,
    or the bytes of a WebP file, which may have lost detail) may stand for its address. networks: those that it may ask.
    still: what is shown where there is no kernel, and text where there are no pictures either. apart: is the still a
    figure of its own, which a page shows beside the island? Raises ValueError for a module that is not there.
    """

    _esm = LOADER
    module, state = Unicode().tag(sync=True), Dict().tag(sync=True)

    def __init__(
        self, module: str, state: dict[str, Any], *networks: Classifier, still: Any, text: str, apart: bool = False
    ):
        if module not in MODULES:
            raise ValueError(f"There is no island {module!r}. The islands are: {', '.join(MODULES)}.")
        self._begins, self._still, self._text, self._apart = state, still, text, apart
        # JupyterLab's questions are answered while a cell runs, which may ask the same network: so a copy answers.
        self._networks = {network.name: cache(network.copy) for network in networks}
        super().__init__(module=module, state=put_addresses(state, data_url))

    def __repr__(self) -> str:
        return self._text

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle, _ = super()._repr_mimebundle_(**kwargs)  # type: ignore[misc]
        data, metadata = self._drawn()
        if folder := os.environ.get(STORE):
            state = put_addresses(self.stored(), lambda picture: write_picture(picture, Path(folder)))
            stored = {"module": self.module, "state": state, "networks": [*self._networks]}
            data |= {ISLAND: stored | ({"apart": True} if self._apart else {})}
        return bundle | data | {"text/plain": self._text}, metadata

    def stored(self) -> dict[str, Any]:
        """The state as a stored notebook keeps it, for pages that no kernel serves."""
        return self._begins

    def _drawn(self) -> tuple[dict[str, Any], dict[str, Any]]:
        return DisplayFormatter().format(self._still, include={"image/png"})  # type: ignore[no-untyped-call]

    @command
    def answer(self, question: dict[str, Any], buffers: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
        """What the island asks in the browser. An error is an answer too: a sentence, which the reader sees."""
        try:
            if question["kind"] == "still":
                data, metadata = self._drawn()
                return {"still": f"data:image/png;base64,{data['image/png']}", "alt": metadata["image/png"]["alt"]}, []
            return self.reply(question, buffers)
        except images.NotAPictureError as error:
            return {"error": str(error)}, []
        except Exception as error:
            return {"error": f"{type(error).__name__}: {error}"}, []

    def reply(self, question: dict[str, Any], buffers: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
        """The answer about a network: its labels; or numbers, as float32."""
        network = self._networks[question["network"]]()
        if question["kind"] == "labels":
            return {"labels": network.labels.table()}, []
        kind = np.float32 if question.get("fractions") else np.uint8
        picture = np.frombuffer(buffers[0], kind).reshape(*network.size, network.channels)
        match question["kind"]:
            case "predict":
                numbers = [network.predict(picture).probabilities]
            case "activations":
                numbers = [network.activations(picture, question["layer"])]
            case "gradient":
                prediction, gradient = network.predict_and_gradient(picture, _objective(question["target"], buffers))
                numbers = [prediction.probabilities, gradient]
            case unknown:
                raise ValueError(f"No island asks for {unknown!r}.")
        return {"shape": numbers[-1].shape}, [values.astype(np.float32).tobytes() for values in numbers]


def _objective(target: int | None, buffers: list[bytes]) -> Objective:
    """What is climbed: a class; or, without a target, slope . logits, whose slope comes after the picture."""
    if target is not None:
        return Class(target)
    slope = np.frombuffer(buffers[1], np.float32)
    return sum((float(slope[i]) * Logit(int(i)) for i in np.flatnonzero(slope)), start=0.0 * Logit(0))


def put_addresses(state: Any, address: Callable[[Picture | bytes], str]) -> Any:
    """The state with an address in place of each picture."""
    match state:
        case np.ndarray() | bytes():
            return address(state)
        case dict():
            return {name: put_addresses(value, address) for name, value in state.items()}
        case list() | tuple():
            return [put_addresses(value, address) for value in state]
    return state


def data_url(picture: Picture | bytes) -> str:
    """A data URL with the content of a picture, or of a file's bytes."""
    content = picture if isinstance(picture, bytes) else images.png(picture)
    kind = "png" if content.startswith(b"\x89PNG") else "webp"
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def write_picture(picture: Picture | bytes, folder: Path, most: float = np.inf) -> str:
    """Write a picture's file, named after its content, and give its address from the folder where the notebook runs.

    It is exact, unless that takes more bytes than `most`. Then it loses detail until it takes less than half of `most`,
    if that is possible.
    """
    content = picture if isinstance(picture, bytes) else picture.tobytes()
    file = folder / f"{hashlib.sha256(content).hexdigest()[:12]}.webp"
    if isinstance(picture, bytes):
        file.write_bytes(picture)
    elif not file.exists():
        for quality in (100, 70, 50, 30):
            exact = quality == 100
            buffer = io.BytesIO()
            Image.fromarray(picture).save(buffer, "WEBP", method=6, lossless=exact, exact=exact, quality=quality)
            if buffer.tell() < (most if exact else most / 2):
                break
        file.write_bytes(buffer.getvalue())
    return os.path.relpath(file)
