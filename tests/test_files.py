"""Is whatever we write there whole or not at all, on a full disk, in a folder that is somebody else's, after a kill?"""

import errno
import os
import signal
import subprocess
import sys
import time
from functools import partial

import numpy as np
import pytest
from disk import full_disk, open_to_all
from matplotlib.figure import Figure
from PIL import Image

from tricknet import images, plots
from tricknet import training as learn
from tricknet.attacks import sticker
from tricknet.evidence import Tables
from tricknet.files import NotWrittenError, write
from tricknet.networks.weights import shapes
from tricknet.plots import paper

GREY = np.full((224, 224, 4), np.arange(224, dtype=np.uint8)[:, None])
PICTURE = GREY[..., :3].copy()


def chart():
    figure = Figure(figsize=(3, 2))
    figure.subplots().plot([1, 2])
    return plots.Plot(figure, "a line")


ROWS = [{"case": i, "share": i / 7} for i in range(99)]
WRITERS = {
    "picture.png": partial(images.save, PICTURE),
    "sticker.png": sticker.Sticker(GREY, "grey").save,
    "sticker.pdf": partial(paper.save, sticker.Sticker(GREY, "grey")),
    "sheet.png": plots.show(PICTURE).save,
    "chart.svg": chart().save,
    "table.csv": lambda path: Tables(str(path)).save(path.stem, ROWS),
    "pupil.caffemodel": lambda path: learn.Pupil(steps=1).save(path),
}
READERS = {
    ".png": lambda path: Image.open(path).load(),
    ".pdf": lambda path: path.read_bytes().rindex(b"%%EOF"),
    ".svg": lambda path: path.read_bytes().rindex(b"</svg>"),
    ".csv": lambda path: [row.split(",") for row in path.read_text().splitlines()][99],
    ".caffemodel": lambda path: shapes(path)["scores"],
}


@pytest.fixture(params=WRITERS)
def place(request, tmp_path, monkeypatch):
    """Where one of our writers writes."""
    monkeypatch.setattr(Tables, "folder", tmp_path)
    return tmp_path / request.param


@pytest.mark.parametrize("place", [name for name in WRITERS if not name.startswith("pupil")], indirect=True)
@pytest.mark.parametrize("old", [b"old", None], ids=["over an old file", "a new file"])
def test_on_a_full_disk_nothing_changes(place, old):
    """Caffe would write into the memory, where the limit holds too, and end the process: docker/tests fill a disk."""
    if old:
        place.write_bytes(old)
    save = WRITERS[place.name]
    with pytest.raises(NotWrittenError) as error, full_disk():
        save(place)
    assert (error.value.errno, error.value.filename) == (errno.EFBIG, str(place))
    assert str(error.value) == f"{place} could not be written: file too large. Free some space, and try again."
    assert [(p.name, p.read_bytes()) for p in place.parent.iterdir()] == ([(place.name, old)] if old else [])
    save(place)
    READERS[place.suffix](place)
    assert list(place.parent.iterdir()) == [place]


def test_a_name_that_cannot_be_a_file_is_a_sentence(place):
    place.mkdir()
    (place / "mine").touch()
    with pytest.raises(NotWrittenError, match=r"could not be written: is a directory\. Give a different name"):
        WRITERS[place.name](place)
    assert list(place.parent.iterdir()) == [place] and list(place.iterdir()) == [place / "mine"]


@pytest.mark.parametrize("name", ["nowhere/x", "x" * 256, "file/x", "pipe"])
def test_other_names_that_do_not_work(name, tmp_path):
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotWrittenError, match=f"{name} could not be written: .*a different folder"):
        write(tmp_path / name, b"new")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "pipe"]
    assert (tmp_path / "pipe").is_fifo()


WRITE_AS_NOBODY = """
import os, sys
from tricknet.files import write
if not os.getuid():
    os.setuid(65534)
try:
    write(sys.argv[1], b"new")
except PermissionError:
    raise SystemExit("another error than ours")
except OSError as error:
    print(error, end="")
"""


@pytest.mark.parametrize("what", ["folder", "file"])
def test_what_may_only_be_read_is_not_replaced(what, tmp_path):
    """A file is replaced by way of its folder, so its own permissions would not stop anyone."""
    open_to_all(tmp_path)
    folder = tmp_path / "folder"
    folder.mkdir()
    path = folder / "x.png"
    path.write_bytes(b"old")
    path.chmod(0o444 if what == "file" else 0o666)
    folder.chmod(0o777 if what == "file" else 0o555)
    said = subprocess.check_output([sys.executable, "-c", WRITE_AS_NOBODY, path], text=True)
    folder.chmod(0o755)
    assert (
        said == f"{path} could not be written: permission denied. Give a different name, or choose a different folder."
    )
    assert [p.name for p in folder.iterdir()] == ["x.png"] and path.read_bytes() == b"old"


def test_permissions_are_those_of_any_file_and_a_link_stays_a_link(tmp_path):
    path, link = tmp_path / "x", tmp_path / "link"
    link.symlink_to("x")
    umask = os.umask(0o027)
    try:
        assert write(link, b"one") == link
    finally:
        os.umask(umask)
    assert path.read_bytes() == b"one" and path.stat().st_mode & 0o777 == 0o640
    path.chmod(0o606)
    write(str(link), b"two")
    assert path.read_bytes() == b"two" and path.stat().st_mode & 0o777 == 0o606
    assert link.is_symlink() and sorted(tmp_path.iterdir()) == [link, path]


OVER_AND_OVER = """
import signal, sys
from tricknet.files import write
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job inherits that it is ignored
while True:
    for letter in (b"a", b"b"):
        write(sys.argv[1], letter * 5_000_000)
"""


@pytest.mark.parametrize("blow", [signal.SIGINT, signal.SIGKILL])
def test_a_blow_in_mid_write_never_cuts_a_file(blow, tmp_path):
    for i in range(4):
        path = tmp_path / f"{i}.png"
        writer = subprocess.Popen([sys.executable, "-c", OVER_AND_OVER, path], stderr=subprocess.DEVNULL)
        while not path.exists():
            assert writer.poll() is None
            time.sleep(0.01)
        time.sleep(0.007 * i)
        writer.send_signal(blow)
        try:
            writer.wait(timeout=60)
        finally:
            writer.kill()  # it would write for ever
        content = path.read_bytes()
        assert content in (b"a" * 5_000_000, b"b" * 5_000_000)
        left = [p for p in tmp_path.iterdir() if p.name.startswith(".tricknet-")]
        assert len(left) <= (i + 1 if blow == signal.SIGKILL else 0)
        assert {p.name for p in set(tmp_path.iterdir()) - set(left)} == {f"{j}.png" for j in range(i + 1)}


def test_weights_that_were_written_are_the_networks(tmp_path):
    pupil = learn.Pupil(steps=1, seed=3)
    again = learn.Pupil(steps=1, seed=4, weights=pupil.save(tmp_path / "pupil.caffemodel"))
    for name, blobs in pupil.net.params.items():
        for ours, theirs in zip(blobs, again.net.params[name], strict=True):
            np.testing.assert_array_equal(ours.data, theirs.data)
