"""The README's commands, typed word by word at a terminal of a bare Debian, natively and through Docker."""

import os
import re
import shutil
import signal
import subprocess
import urllib.request
from itertools import takewhile
from pathlib import Path

import pexpect
import pytest
from engine import ROOT, Container, docker, free_port

README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(name: str) -> list[str]:
    """What is to be typed behind the mark `<!-- test: NAME -->`: one command in backticks, or a block of lines."""
    marked = README.split(f"<!-- test: {name} -->")[1].lstrip("\n")
    if marked.startswith("`"):
        return [marked.split("`")[1]]
    return [line.strip() for line in takewhile(lambda line: line.startswith("    "), marked.splitlines())]


(INSTALL,) = commands("install")
CLONE, NOTEBOOK, _ = commands("run")
BUILD, RUN = commands("docker")
(LOAD,) = re.findall(r"`(images\.load\(.+?\))`", README)
BARE = {"image": "debian:trixie-slim", "page": False}
INSTALLING = "apt-get update && apt-get install --yes --no-install-recommends"
SIZE = f"python -c 'from tricknet import images; assert {LOAD}.shape == (224, 224, 3)'"  # in the folder of a lesson


class Terminal:
    """A person at a terminal of a container."""

    def __init__(self, container: str, user: str, home: str, *options: str) -> None:
        words = ["exec", "--interactive", "--tty", "--user", user, "--workdir", home, *options]
        shell = ["env", f"HOME={home}", "PS1=READY: ", "bash", "--norc", "-i"]
        self.shell = pexpect.spawn("docker", [*words, container, *shell], encoding="utf-8", timeout=1800)
        self.shell.expect("READY: ")

    def type(self, line: str) -> None:
        """A command that ends well. Where apt-get asks whether it may, it may."""
        self.shell.sendline(line)
        while self.shell.expect(["READY: ", r"\[Y/n\]"]):
            self.shell.sendline("y")
        said = self.shell.before
        self.shell.sendline("echo status=$?")
        self.shell.expect(r"status=(\d+)\r")
        assert self.shell.match[1] == "0", f"{line}:\n{said}"
        self.shell.expect("READY: ")

    def open_the_lessons(self, line: str) -> str:
        """The path and token of the address that appears."""
        self.shell.sendline(line)
        found = self.shell.expect([r"http://127\.0\.0\.1:\d+(/\S+)", "READY: "])
        assert found == 0, self.shell.before
        path = self.shell.match[1]
        self.shell.expect("To stop, press Ctrl-C")
        assert "://" not in self.shell.before
        return path

    def press_ctrl_c(self) -> None:
        """Once: nothing is asked, and nothing was warned of since the address appeared."""
        self.shell.sendintr()
        self.shell.expect("READY: ", timeout=60)
        said = self.shell.before
        assert not re.search(r"warning|encrypt|y/\[n\]|Traceback", said, re.IGNORECASE), said


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """What is committed here, in place of the address of the README's page."""
    bare = tmp_path / "panda-to-vulture.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", "--depth=1", ROOT.as_uri(), bare], check=True)
    return bare


def clone(repository: Path) -> str:
    return re.sub(r"(?<=--depth 1 )\S+", str(repository), CLONE)


def test_natively(start, repository):
    """By a user as Debian's installer makes one, but without a password."""
    debian, user, home = start("sleep", "infinity", options=("--init",), **BARE), "ada", "/home/ada"
    docker("cp", "--quiet", repository, f"{debian.name}:/srv/")
    debian.inside("sh", "-c", f"{INSTALLING} sudo")
    debian.inside("useradd", "--create-home", "--groups", "sudo", user)
    debian.inside("sh", "-c", "echo '%sudo ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/nopasswd")
    debian.inside("chown", "-R", user, "/srv/panda-to-vulture.git")
    terminal = Terminal(debian.name, user, home)
    terminal.type(INSTALL)
    terminal.type(clone(Path("/srv/panda-to-vulture.git")))
    path = terminal.open_the_lessons(NOTEBOOK)
    status, page = debian.page(path)
    assert status == 200 and "JupyterLab" in page
    second = Terminal(debian.name, user, home)
    second.type("cd panda-to-vulture")
    second.type(".venv/bin/jupyter execute notebooks/01-meet-googlenet.ipynb")
    second.type(".venv/bin/python -m tricknet classify images/panda.jpg")  # the README's way without Docker
    second.type('test -z "$(git status --porcelain)"')  # git ignores all that was made
    second.type(f"cp images/panda.jpg images/yours.jpg && cd notebooks && ../.venv/bin/{SIZE}")
    terminal.press_ctrl_c()


def test_through_docker(start, repository, tmp_path):
    """With the machine's engine, which sees the machine's files: so the folder has the same name inside."""
    home = tmp_path / "home"
    home.mkdir()
    folders = [f"--volume={path}:{path}" for path in (tmp_path, "/var/run/docker.sock")]
    debian = start("sleep", "infinity", options=("--init", "--network=host", *folders), **BARE)
    debian.inside("sh", "-c", f"{INSTALLING} docker-cli docker-buildx")
    port = free_port()
    terminal = Terminal(debian.name, "root", str(home), f"--env=PORT={port}")
    terminal.type(INSTALL.replace("sudo ", ""))
    terminal.type(clone(repository))
    path = terminal.open_the_lessons(NOTEBOOK)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        assert "JupyterLab" in answer.read().decode()
    mine = home / "panda-to-vulture" / "work" / "panda-to-vulture"
    assert (mine / "notebooks" / "index.ipynb").stat().st_uid == 1000
    shutil.copy(ROOT / "images" / "panda.jpg", mine / "images" / "yours.jpg")
    (lessons,) = docker("ps", "--quiet", f"--filter=publish={port}").stdout.split()
    Container(lessons).inside("sh", "-c", f"cd panda-to-vulture/notebooks && {SIZE}")
    terminal.press_ctrl_c()
    terminal.type(BUILD.replace("-t panda-to-vulture", "-t ptv-readme"))
    terminal.open_the_lessons(RUN.replace("8888:8888", f"{port}:8888").replace(" panda-to-vulture", " ptv-readme"))
    terminal.press_ctrl_c()
    docker("image", "rm", "ptv-readme")


@pytest.mark.parametrize("linked", [False, True])
def test_without_a_terminal_in_a_folder_of_any_name(repository, tmp_path, linked):
    """And where root's `work` is a link, what it leads to stays root's."""
    project, elsewhere, port = tmp_path / 'a: b, "c"', tmp_path / "elsewhere", free_port()
    subprocess.run(["git", "clone", "--quiet", repository, project], check=True)
    elsewhere.mkdir()
    if linked:
        (project / "work").symlink_to(elsewhere)
    command = [project / "scripts" / "notebook.sh"]
    options = {"env": os.environ | {"PORT": str(port)}, "stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, stderr=subprocess.STDOUT, text=True, **options) as lessons:
        said = [*takewhile(lambda line: "To stop, press Ctrl-C" not in line, lessons.stdout)]
        lessons.send_signal(signal.SIGINT)
        assert lessons.wait(timeout=60) == 0, "".join(said)
    assert elsewhere.stat().st_uid == os.getuid()
    assert linked or (project / "work" / "panda-to-vulture" / "notebooks" / "index.ipynb").exists()


@pytest.mark.parametrize("word", ["classify", "trick", "paint", "dream"])  # a sticker takes minutes
def test_a_photograph_without_a_notebook(word: str, tmp_path: Path) -> None:
    """What else is in the folder is not run."""
    (line,) = [line for line in commands("photograph") if f" {word} " in line]
    for name in ("numpy.py", "tricknet.py"):
        (tmp_path / name).write_text('raise SystemExit("a module from the folder of the reader was run")')
    shutil.copy(ROOT / "images" / "panda.jpg", tmp_path / "photo.jpg")
    subprocess.run(["bash", "-c", line], cwd=tmp_path, check=True)
    for made in re.findall(r"-o (\S+)", line):
        assert (tmp_path / made).stat().st_size > 1000
