"""Makes a site small enough for the image, and no byte of it different: python -m web.pack SITE

The networks of the lab become recipes, for their weights are those of the .caffemodels, which are in the image. What
gzip makes smaller is stored that way. Of two equal files, and of those that the project has elsewhere, one becomes a
link. web/serve.py serves the site.
"""

import gzip
import hashlib
import json
import os
import sys
from base64 import b64encode
from pathlib import Path

import numpy as np
import onnx

from web.serve import RECIPE, ROOT, ZIPPED, cooked

SMALL = 1000  # bytes: weights that stay in the recipe
WORTH = 0.9  # what is left of a file for which gzip is worth it, at most
SHARED = ("images", "docs")  # folders of the project whose files are in the site too

type Part = str | tuple[str, int, int, str]  # bytes in base64, or what `numbers` takes


def recipes(lab: Path) -> None:
    """Put a recipe in the place of each graph."""
    caffemodels = {path: path.read_bytes() for path in sorted((ROOT / "models").rglob("*.caffemodel"))}
    rows = json.loads((lab / "networks.json").read_text())
    exact = {row["name"]: initializers(lab / row["file"]) for row in rows if row["weights"] == "exact"}
    for row in rows:
        graph = lab / row["file"]
        path = graph.with_name(graph.name + RECIPE)
        path.write_text(json.dumps(recipe(graph, exact[row["name"]], caffemodels)))
        if cooked(path) != graph.read_bytes():
            raise ValueError(f"{path.name} does not make the graph it was made from.")
        graph.unlink()


def initializers(graph: Path) -> dict[str, onnx.TensorProto]:
    """The arrays of a graph by their names."""
    return {array.name: array for array in onnx.load(graph).graph.initializer}


def recipe(graph: Path, exact: dict[str, onnx.TensorProto], caffemodels: dict[Path, bytes]) -> list[Part]:
    """The parts of a graph.

    exact: the arrays of the same network with exact weights, which are those that a .caffemodel has.
    """
    content, parts, done = graph.read_bytes(), list[Part](), 0
    for name, array in initializers(graph).items():
        wanted = exact[name].raw_data
        source = next((path for path, file in caffemodels.items() if wanted in file), None)
        if len(wanted) < SMALL or not source:
            continue
        start = content.index(array.raw_data, done)
        kind = np.dtype(onnx.helper.tensor_dtype_to_np_dtype(array.data_type)).str
        parts += [b64encode(content[done:start]).decode()]
        parts += [(str(source.relative_to(ROOT)), caffemodels[source].index(wanted), len(wanted) // 4, kind)]
        done = start + len(array.raw_data)
    return [*parts, b64encode(content[done:]).decode()]


def store(site: Path) -> None:
    """Compress what is worth it, and make links of what is there already."""
    shared = (path for folder in SHARED for path in sorted((ROOT / folder).rglob("*")) if path.is_file())
    seen = {hashlib.sha256(path.read_bytes()).digest(): path for path in shared}
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        content = path.read_bytes()
        zipped = gzip.compress(content, mtime=0)
        if len(zipped) < WORTH * len(content) and path.suffix != RECIPE:
            path.unlink()
            path, content = path.with_name(path.name + ZIPPED), zipped
            path.write_bytes(zipped)
        first = seen.setdefault(hashlib.sha256(content).digest(), path)
        if first != path:
            path.unlink()
            path.symlink_to(os.path.relpath(first, path.parent))


def main(site: Path) -> None:
    """Pack a site."""
    recipes(site / "web" / "lab")
    store(site)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
