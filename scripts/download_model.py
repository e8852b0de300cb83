"""Makes sure that every network's weights are here and right. They come with the repository.

models/SHA256SUMS has their checksums. If GoogLeNet's file is missing or damaged, BVLC's own file is downloaded
(53.5 MB), and ours is made from it, the same to the byte: BVLC's weights minus the two training heads. That needs what
scripts/setup.sh installs, while Python alone is enough to look at the files.
"""

import argparse
import hashlib
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "models"
GOOGLENET = "googlenet/bvlc_googlenet.caffemodel"
OFFICIAL = "6f7101e3a2183738a7125a0c5021ba82a1feb4228c5ca0924d991b6daf6f6fad"  # the checksum of BVLC's file
URLS = (
    "http://dl.caffe.berkeleyvision.org/bvlc_googlenet.caffemodel",
    "https://storage.openvinotoolkit.org/repositories/open_model_zoo/public/2022.1/googlenet-v1/bvlc_googlenet.caffemodel",
)
PATIENCE = 10  # seconds without an answer, after which the next host is asked


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def checksums() -> dict[str, str]:
    """The checksum that each file of weights should have, by its name in models/."""
    rows = (line.split() for line in (MODELS / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    return {name: checksum for checksum, name in rows}


def checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "missing"


def make_googlenet() -> None:
    """Put GoogLeNet's file into place, made from BVLC's, and say how many of its layers are BVLC's.

    Raises ValueError if no host delivers BVLC's file, or if what is made from it is not our file.
    """
    with tempfile.TemporaryDirectory(dir=MODELS / "googlenet") as folder:
        official, ours = download(Path(folder)), Path(folder) / "ours"
        deployed(official).save(str(ours))
        theirs, kept = layers(official), layers(ours)
        equal = sum(theirs.get(name) == numbers for name, numbers in kept.items())
        say(f"{equal} of {len(kept)} layers are equal to those of BVLC's file, number for number.")
        if checksum(ours) != checksums()[GOOGLENET]:
            raise ValueError("what was made from BVLC's file is not the file that belongs here")
        ours.replace(MODELS / GOOGLENET)


def download(folder: Path) -> Path:
    """BVLC's file, from the first host that delivers it. Raises ValueError if none does."""
    import pooch
    import requests

    pooch.get_logger().setLevel("ERROR")
    # Some hosts refuse a program that calls itself Python.
    how = {"progressbar": sys.stderr.isatty(), "timeout": PATIENCE, "headers": {"User-Agent": "panda-to-vulture"}}
    for url in URLS:
        say(f"Downloading BVLC's GoogLeNet (53.5 MB): {url}")
        try:
            return Path(pooch.retrieve(url, f"sha256:{OFFICIAL}", path=folder, downloader=pooch.HTTPDownloader(**how)))
        except (requests.RequestException, ValueError) as error:  # ValueError: of another checksum
            say(f"This host did not deliver it ({type(error).__name__}).")
    raise ValueError("BVLC's file could not be downloaded. Try again later, or type: git checkout -- models/googlenet")


def deployed(official: Path) -> Any:
    """BVLC's network without its training heads, as Caffe loads it, with the weights in this file."""
    import caffe

    source = next((ROOT / "caffe-cpu" / "source").glob("*.tar.gz"), None)
    if not source:
        raise ValueError("Caffe's source, which has BVLC's list of layers, is not here. Run scripts/setup.sh first")
    prototxt = official.with_name("deploy.prototxt")
    with tarfile.open(source) as archive:
        (name,) = (name for name in archive.getnames() if name.endswith("/models/bvlc_googlenet/deploy.prototxt"))
        # Ours was saved from a network that takes one picture at a time, and not ten.
        prototxt.write_bytes(archive.extractfile(name).read().replace(b"dim: 10", b"dim: 1"))  # type: ignore[union-attr]
    return caffe.Net(str(prototxt), str(official), caffe.TEST)


def layers(path: Path) -> dict[str, list[bytes]]:
    """The numbers of each layer that has any, by its name, in a file that Caffe has written, now or in 2014."""
    import numpy as np
    from caffe.proto import caffe_pb2

    net = caffe_pb2.NetParameter.FromString(path.read_bytes())
    both = [layer for layer in (*net.layer, *net.layers) if layer.blobs]  # `layers`: as Caffe wrote them until 2015
    return {layer.name: [np.array(blob.data, np.float32).tobytes() for blob in layer.blobs] for layer in both}


def main() -> int:
    layout = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("scripts/download_model.sh", description=__doc__, formatter_class=layout)
    parser.add_argument("--official", action="store_true", help="download BVLC's file in any case, and compare with it")
    official, status = parser.parse_args().official, 0
    for name, right in checksums().items():
        found = checksum(MODELS / name)
        try:
            if name == GOOGLENET and (official or found != right):
                make_googlenet()
            elif found != right:
                say(f"ERROR: models/{name} is missing or damaged. To get it back, type: git checkout -- models/{name}")
                status = 1
        except ImportError:
            say(f"ERROR: models/{name} is missing or damaged. To make it again, run scripts/setup.sh first.")
            status = 1
        except (OSError, ValueError) as error:
            say(f"ERROR: {error}")
            status = 1
        except KeyboardInterrupt:
            say("Stopped. The files are as they were.")
            return 130
    return status


if __name__ == "__main__":
    sys.exit(main())
