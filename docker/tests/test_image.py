"""What the README promises of the image, each promise a test. Most run without a network: the image needs none."""

import json
import os
import re
import shutil
import subprocess
import tomllib
import urllib.request
from pathlib import Path

import pytest
from engine import IMAGE, NO_NETWORK, ROOT, docker, free_port, once

from tests.disk import open_to_all

LOCKED = ("--user=12345:12345", "--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--security-opt=no-new-privileges")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a photograph that belongs to user 4321, whom the image does not know."""
    open_to_all(tmp_path)
    mine = tmp_path / "mine"
    mine.mkdir()
    shutil.copy(ROOT / "images" / "panda.jpg", mine)
    give(mine, 4321)
    return mine


def give(folder: Path, user: int) -> None:
    """Make a folder and what is in it a user's."""
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, user, user)


# --- What it is -------------------------------------------------------------------------------------------------------


def test_it_says_what_it_is():
    about = json.loads(docker("image", "inspect", IMAGE).stdout)[0]["Config"]
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert about["User"] == "1000" and about["Labels"]["org.opencontainers.image.version"] == version


# What people leave in a clone, and what programs do.
STRAYS = ["sphinx/__init__.py", "work/mine.ipynb", "jupyter_execute/x", ".venv/x", "class/.env"]
STRAYS += ["lessons/__pycache__/x.pyc", "models/googlenet/tmp1", "notebooks/mine.png", "notebooks/.ipynb_checkpoints/x"]
STRAYS += ["caffe-cpu/build/x", "web/lab/.mine.swp", "web/node_modules/x.js", "web/site/x"]


def test_what_people_and_programs_leave_in_the_clone_is_in_no_build(tmp_path):
    clone, context, recipe = (tmp_path / name for name in ("clone", "context", "Dockerfile"))
    subprocess.run(["git", "clone", "--quiet", "--depth=1", ROOT.as_uri(), clone], check=True)
    committed = {*subprocess.check_output(["git", "ls-files", "-z"], cwd=clone, text=True).split("\0")[:-1]}
    for stray in STRAYS:
        (clone / stray).parent.mkdir(parents=True, exist_ok=True)
        (clone / stray).touch()
    recipe.write_text("FROM scratch\nCOPY . /\n")
    docker("build", f"--file={recipe}", f"--output={context}", clone)
    sent = {str(file.relative_to(context)) for file in context.rglob("*") if file.is_file()}
    assert not sent - committed
    assert not [file for file in committed - sent if not re.match(r"\.(?!github)|docker/tests/|evidence/.*\.py$", file)]


def test_every_package_says_its_licence():
    assert "NOT SAID" not in once("licences")


def test_its_own_tests_pass():
    """Those that a smaller environment could break, which use Caffe and every package. The others run outside."""
    some = ["networks", "lessons/test_straight_line.py", "plots/test_plots.py", "project/test_house.py"]
    some = [f"tests/{name}" for name in [*some, "test_images.py"]]
    once("test", "-q", "-m", "not long", *some, options=("--read-only", "--tmpfs=/tmp"))


def test_jupyterlab_has_what_the_lessons_add_to_it():
    listed = once("jupyter", "labextension", "list")
    for name in ("tricknet-alt", "anywidget"):
        assert re.search(rf"{name} v\S+ \S*enabled\S* \S*OK", listed), listed


# --- The lessons, as most people run them -----------------------------------------------------------------------------


def test_the_lessons_open_at_the_address_that_the_log_says(start):
    port = free_port()
    lessons = start(options=(f"--publish=127.0.0.1:{port}:8888", f"--env=PORT={port}"))
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=10) as answer:
        assert "version" in json.load(answer)
    addresses = [word for word in lessons.log.split() if "://" in word]
    assert addresses == [f"http://127.0.0.1:{port}/lab/tree/notebooks/index.ipynb?token={lessons.token}"]
    assert len(lessons.token) >= 32 and "warning" not in lessons.log.lower()
    lessons.wait_for(lambda: lessons.inspect(".State.Health.Status") == "healthy")


def test_a_word_that_serves_nothing_is_healthy_whatever_is_in_the_readers_folder(start, folder):
    (folder / "http.py").write_text('raise SystemExit("a module from the folder of the reader was run")')
    command = start("sleep", "600", options=(*NO_NETWORK, f"--volume={folder}:/work"), page=False)
    command.wait_for(lambda: command.inspect(".State.Health.Status") != "starting")
    assert command.inspect(".State.Health.Status") == "healthy"


def test_the_token_opens_everything_and_nothing_opens_without_it(start):
    """And user 1000 owns the lessons, and nothing else."""
    lessons = start()
    assert lessons.page("/api/contents")[0] == 403
    status, text = lessons.get("/lab/tree/notebooks/index.ipynb")
    assert status == 200 and "JupyterLab" in text
    assert lessons.get("/islands/parts/kernel.js")[0] == 200  # without which no figure of a lesson would move
    assert '"trusted": true' in lessons.get("/api/contents/notebooks/01-meet-googlenet.ipynb")[1]
    assert lessons.inside("id", "-u") == lessons.inside("stat", "-c", "%u", "/work/panda-to-vulture") == "1000"
    assert "denied" in lessons.inside("touch", "/opt/x", check=False)


@pytest.mark.parametrize(("word", "terminal"), [("notebook", True), ("notebook", False), ("site", True)])
def test_one_ctrl_c_ends_it(start, word, terminal):
    lessons = start(word, options=(*NO_NETWORK, f"--tty={str(terminal).lower()}"))
    docker("kill", "--signal=INT", lessons.name)
    assert docker("wait", lessons.name, timeout=20).stdout.strip() == "0"


def test_locked_up_it_runs_lesson_1_and_sigterm_ends_it_while_a_kernel_runs(start):
    """No root, no name, no home, no capabilities, no network, nothing writable but /tmp."""
    lessons = start(options=(*LOCKED, *NO_NETWORK))
    assert "user 12345 cannot write to /work" in lessons.log
    lessons.inside("jupyter", "execute", "/tmp/panda-to-vulture/notebooks/01-meet-googlenet.ipynb")
    assert lessons.get("/api/kernels", "POST")[0] == 201
    lessons.stop()


def test_the_lab_by_itself_and_in_jupyter(start):
    lab = start("lab")
    assert "http://127.0.0.1:8888/web/lab/" in lab.log
    status, page = lab.page("/web/lab/")
    lessons = start()
    assert status == 200 and lessons.get("/site/web/lab/") == (200, page)


def test_kernels_that_nobody_uses_end(start):
    lessons = start(options=(*NO_NETWORK, "--env=IDLE_SECONDS=1"))
    assert lessons.get("/api/kernels", "POST")[0] == 201
    lessons.wait_for(lambda: lessons.get("/api/kernels") == (200, "[]"))


def test_the_site(start):
    """Locked up, it serves the pages and all networks of their lab."""
    site = start("site", options=(*LOCKED, *NO_NETWORK))
    status, page = site.page("/notebooks/03-tricks.html")
    assert status == 200 and "<h1>3. Tricks" in page
    networks = json.loads(site.page("/web/lab/networks.json")[1])
    assert {site.page(f"/web/lab/{row['file']}", "HEAD")[0] for row in networks} == {200}
    site.wait_for(lambda: site.inspect(".State.Health.Status") == "healthy")
    site.stop()


# --- The command line, in a folder of somebody who is neither root nor 1000 -------------------------------------------


@pytest.mark.parametrize(("owner", "mode"), [(0, "rw"), (1000, "ro")], ids=["somebody else's", "read-only"])
def test_a_folder_that_cannot_be_written_to(folder, owner, mode):
    give(folder, owner)
    mount = ("--user=1000", f"--volume={folder}:/work:{mode}")
    sentence = "user 1000 cannot write to /work"  # a question of docs/installing.md
    assert sentence in once("trick", "panda.jpg", "vulture", "-o", "x.png", options=mount, status=2)


TRICK = "trick /opt/panda-to-vulture/images/panda.jpg vulture -o out.png --steps 1"


@pytest.mark.parametrize(
    ("words", "file"),
    [("notebook --version", "work/panda-to-vulture/notebooks/03-tricks.ipynb"), (TRICK, "out.png")],
    ids=["notebook", "trick"],
)
def test_what_would_be_lost_is_a_note_and_what_it_says_to_type_keeps_it(words, file, tmp_path):
    open_to_all(tmp_path)
    give(tmp_path, 4321)
    rest = f"--rm {' '.join(NO_NETWORK)} {IMAGE} {words}"

    def typed(line: str) -> subprocess.CompletedProcess[str]:
        """By user 4321, whom the engine's socket lets in, and as in a pipe, which reads no note."""
        who = {"user": 4321, "group": 4321, "extra_groups": [os.stat("/var/run/docker.sock").st_gid]}
        home = os.environ | {"HOME": "/"}
        return subprocess.run(["bash", "-c", line], cwd=tmp_path, env=home, capture_output=True, text=True, **who)

    lost = typed(f"docker run {rest}")
    assert lost.stderr.startswith("NOTE: ") and "NOTE" not in lost.stdout
    assert not list(tmp_path.iterdir())
    (line,) = re.findall(r"^  (.*docker run .*)$", lost.stderr, re.MULTILINE)
    kept = typed(line.replace("...", rest))
    assert "NOTE" not in kept.stderr and kept.returncode == lost.returncode
    assert (tmp_path / file).stat().st_uid == 4321
