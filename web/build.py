"""Makes the networks that the site's islands ask, and the lab's pictures and stickers: `python -m web.build FOLDER`.

FOLDER/models/ gets each network as a plan; the checksum in a file's name keeps a browser from asking for an old one.
networks.json describes them, labels.json and its likes have their classes' names, pictures/ the photographs that the
lab offers, and stickers/ the stickers.
"""

import hashlib
import json
import shutil
import sys
import tomllib
from pathlib import Path
from typing import Any

from lessons.lab.lab import PICTURES
from tricknet import images
from tricknet.networks import load, trained
from tricknet.networks.classifier import Classifier
from tricknet.networks.labels import Labels
from tricknet.paths import ROOT, STICKERS_FOLDER
from web.plan import plan_of


def row(network: Classifier, models: Path, *, half: bool) -> dict[str, Any]:
    """Write a network's file into the folder `models`, and give its row of networks.json.

    half: are many weights to be in half precision?
    """
    weights = "half precision" if half else "exact"
    description, content = plan_of(network, half=half)
    checksum = hashlib.sha256(content).hexdigest()[:12]
    name = f"{network.name} {weights}".lower().replace(" ", "-")
    file = f"models/{name}-{checksum}.plan"
    models.mkdir(parents=True, exist_ok=True)
    (models.parent / file).write_bytes(content)
    print(f"{file}: {len(content) / 1e6:.1f} MB")
    about = {"name": network.name, "weights": weights, "file": file, "bytes": len(content)}
    sizes = {"side": network.size[0], "channels": network.channels, "classes": len(network.labels)}
    labels = "labels.json" if [*network.labels] == [*Labels()] else f"models/{name}-labels.json"
    table = json.dumps(network.labels.table(), ensure_ascii=False, separators=(",", ":"))
    (models.parent / labels).write_text(table, encoding="utf-8")
    return about | sizes | {"labels": labels} | description


def main(folder: Path) -> None:
    networks = [load(name) for name, (_, row) in trained().items() if row.site]
    rows = [row(network, folder / "models", half=network.channels == 3) for network in networks]
    (folder / "networks.json").write_text(json.dumps(rows))
    if address := tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"].get("site"):
        page = folder / "index.html"  # a link's preview needs its picture's whole address
        page.write_text(page.read_text(encoding="utf-8").replace('content="../../', f'content="{address}'))
    (folder / "pictures").mkdir(exist_ok=True)
    for name in PICTURES:
        images.save(images.load(name), folder / "pictures" / f"{name}.png")
    shutil.copytree(STICKERS_FOLDER, folder / "stickers", ignore=shutil.ignore_patterns("*.md"), dirs_exist_ok=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
