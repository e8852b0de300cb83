"""Builds what the page in a browser needs, without the page's own files: `python -m web.build FOLDER`.

FOLDER/models/ gets each network as an ONNX graph, exact and with half precision; the checksum in a file's name keeps a
browser from asking for an old one. networks.json lists them, labels.json has the classes' names, panda.png is the
picture that the lab begins with, and stickers/ has the stickers.
"""

import hashlib
import json
import shutil
import sys
from pathlib import Path

from lessons.inside import inside
from tricknet import images
from tricknet.networks import all_networks
from tricknet.networks.labels import Labels
from tricknet.paths import STICKERS_FOLDER
from web.graph import graph_of

INNER = {"GoogLeNet": inside.ATLAS}  # the layer whose channels can be dreamt of


def main(folder: Path) -> None:
    """Write everything."""
    models = folder / "models"
    models.mkdir(parents=True, exist_ok=True)
    rows = []
    for name, load in all_networks().items():
        network, inner = load(), INNER.get(name)
        for weights in ("exact", "half"):
            content = graph_of(network, half=weights == "half", inner=inner).SerializeToString(deterministic=True)
            checksum = hashlib.sha256(content).hexdigest()[:12]
            file = f"models/{name.lower().replace(' ', '-')}-{weights}-{checksum}.onnx"
            (folder / file).write_bytes(content)
            rows.append(
                {
                    "name": name,
                    "weights": weights,
                    "file": file,
                    "bytes": len(content),
                    "side": network.size[0],
                    "channels": network.channels,
                    "classes": len(network.labels),
                    "inner": network.shapes[inner][1] if inner else 0,
                }
            )
            print(f"{file}: {len(content) / 1e6:.1f} MB")
    (folder / "networks.json").write_text(json.dumps(rows, indent=1))
    labels = Labels()
    table = [{"listed": labels.listed(i), "keys": labels.keys(i)} for i in range(len(labels))]
    (folder / "labels.json").write_text(json.dumps(table, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    images.save(images.example("panda"), folder / "panda.png")
    shutil.copytree(STICKERS_FOLDER, folder / "stickers", ignore=shutil.ignore_patterns("*.md"), dirs_exist_ok=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
