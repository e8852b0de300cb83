"""The command line: what it prints, what it writes, and that whatever goes wrong is one sentence and a status of 2."""

import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from tricknet import images
from tricknet.__main__ import main
from tricknet.images import FOLDER

PANDA = str(FOLDER / "panda.jpg")


@pytest.fixture(autouse=True)
def network(monkeypatch, squeezenet):
    """SqueezeNet: the command line is the same, and it is quick."""
    monkeypatch.setattr("tricknet.load", lambda name: squeezenet)


def test_classify_names_each_picture(capsys):
    assert main(["classify", PANDA, str(FOLDER / "german_shepherd.jpg")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == PANDA and lines[1].startswith("giant panda")
    assert lines[6].endswith("german_shepherd.jpg") and lines[7].startswith("German shepherd")


def test_trick_writes_a_picture_that_still_tricks(capsys, tmp_path, squeezenet):
    out = tmp_path / "out.png"
    assert main(["trick", PANDA, "vultur", "-o", str(out), "--epsilon", "3", "--steps", "20"]) == 0
    after, told = images.load(out), capsys.readouterr()
    assert 1 <= np.abs(after.astype(int) - images.load(PANDA)).max() <= 3
    assert squeezenet.predict(after).best.name == "vulture"
    assert f"{out} (" in told.out and "vulture" in told.out
    assert all(fact in told.err.splitlines()[0] for fact in ('"vultur"', "23", "vulture"))


@pytest.mark.parametrize(("words", "helps"), [(["trick", "--epsilon", "1"], "--epsilon"), (["paint"], "--length")])
def test_a_picture_that_does_not_trick_is_status_1_and_advice(words, helps, capsys, tmp_path):
    out = images.save(images.load(PANDA), tmp_path / "out.png")
    assert main([*words, PANDA, "vulture", "-o", str(out), "--steps", "1", "--force"]) == 1
    advice = capsys.readouterr().err
    assert (images.load(out) != images.load(PANDA)).any() and "--steps" in advice and helps in advice


TRICK = ["trick", PANDA, "vulture", "-o"]
WRONG = [
    (["classify", "nothing.jpg"], "nothing.jpg"),
    (["classify", "text.jpg"], "text.jpg"),
    (["classify", "."], ".: "),
    (["classify", "/dev/zero"], "/dev/zero"),
    (["trick", PANDA, "crane", "-o", "out.png"], "134 crane (a bird); 517 crane (a machine)"),
    ([*TRICK, "out.jpg"], " .png"),
    ([*TRICK, "nowhere/out.png"], "nowhere"),
    ([*TRICK, "folder.png"], "folder.png"),
    ([*TRICK, "dangling.png", "--force"], "dangling.png"),
    ([*TRICK, "pipe.png", "--force"], "pipe.png"),
    ([*TRICK, "photo.png"], "--force"),
    (["trick", "photo.png", "vulture", "-o", "hard.png", "--force"], "hard.png"),
    (["paint", PANDA, "vulture", "-o", "photo.png"], "--force"),
    (["paint", PANDA, "vulture", "-o", "out.png", "--length", "inf"], "length"),
    (["dream", "teapot", "-o", "photo.png"], "--force"),
    (["dream", "teapot", "-o", "out.png", "--side", "16"], "from 32"),
    (["sticker", "teapot", "-o", "out.jpg"], " .pdf"),
]


@pytest.mark.parametrize(("words", "fact"), WRONG)
def test_what_is_wrong_is_one_sentence(words, fact, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.jpg").write_text("not a picture")
    (tmp_path / "folder.png").mkdir()
    photo = images.save(images.load(PANDA), tmp_path / "photo.png")
    before = photo.read_bytes()
    (tmp_path / "hard.png").hardlink_to(photo)
    (tmp_path / "dangling.png").symlink_to("out.png")
    os.mkfifo(tmp_path / "pipe.png")
    assert main(words) == 2 and photo.read_bytes() == before
    told = capsys.readouterr()
    assert fact in told.err and told.err.count("\n") == 1
    assert not told.out and not (tmp_path / "out.png").exists()


def test_a_sticker_is_written_as_a_picture_or_a_sheet(capsys, tmp_path):
    for ending, start in ((".png", b"\x89PNG"), (".pdf", b"%PDF")):
        out = tmp_path / f"out{ending}"
        assert main(["sticker", "toaster", "-o", str(out), "--steps", "1"]) == 0
        assert out.read_bytes().startswith(start)
        assert capsys.readouterr().out.count("%") == 5  # what the network says about a panda with it
    pixels = np.array(Image.open(tmp_path / "out.png"))
    assert pixels.shape == (104, 104, 4) and pixels[[0, 52, -1], [0, 52, -1], 3].tolist() == [0, 255, 0]


def test_a_photograph_from_standard_input():
    """A redirected file has the name /dev/stdin, and is a file all the same."""
    look = [sys.executable, "-c", "from tricknet import images; print(images.load('/dev/stdin').shape)"]
    with open(PANDA, "rb") as file:
        assert subprocess.check_output(look, stdin=file, text=True) == "(224, 224, 3)\n"


def test_a_mistake_names_what_is_meant_and_nothing_that_a_terminal_obeys(capsys):
    with pytest.raises(SystemExit) as left:
        main(["classify", PANDA, "--\x1b[2J"])
    told = capsys.readouterr().err
    assert left.value.code == 2 and "x1b" in told and told.replace("\n", "").isprintable()


def test_a_name_is_one_plain_line(capsys, tmp_path):
    photo = str(images.save(images.load(PANDA), tmp_path / "clear\x1b[2J two\nlines bytes\udcff hidden\u202egnp.png"))
    assert main(["classify", photo]) == 0 and main(["classify", f"no {photo}"]) == 2
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 6 and told.out.replace("\n", "").isprintable()
    assert len(told.err.splitlines()) == 1 and told.err.replace("\n", "").isprintable()
