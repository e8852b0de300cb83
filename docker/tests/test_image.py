"""What the README promises of the image, each promise a test. Most run without a network: the image needs none."""

import json
import os
import re
import shutil
import tomllib
import urllib.request
from pathlib import Path

import pytest
from conftest import IMAGE, NO_NETWORK, ROOT, Container, docker, free_port, once

LOCKED = ("--user=12345:12345", "--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--security-opt=no-new-privileges")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a photograph that belongs to user 4321, whom the image does not know."""
    for parent in [tmp_path, *tmp_path.parents][:3]:
        parent.chmod(0o755)  # pytest's own are for root alone
    mine = tmp_path / "mine"
    mine.mkdir()
    shutil.copy(ROOT / "images" / "panda.jpg", mine)
    give(mine, 4321)
    return mine


def give(folder: Path, user: int) -> None:
    """Make a folder and what is in it a user's."""
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, user, user)


def as_4321(folder: Path) -> tuple[str, ...]:
    """The options with which the README mounts a folder."""
    return ("--user=4321:4321", f"--volume={folder}:/work")


# --- What it is -------------------------------------------------------------------------------------------------------


def test_it_has_one_openblas_for_caffe_and_scipy():
    ask = "import caffe, scipy.linalg, threadpoolctl as t; print(sorted(i['prefix'] for i in t.threadpool_info()))"
    assert once("python3", "-c", ask) == "['libgomp', 'libscipy_openblas', 'libscipy_openblas']"  # the other is NumPy's


def test_it_says_what_it_is():
    about = json.loads(docker("image", "inspect", IMAGE).stdout)[0]
    assert about["Config"]["User"] == "1000"
    labels = about["Config"]["Labels"]
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert labels["org.opencontainers.image.licenses"] == "MIT AND CC-BY-4.0"
    assert labels["org.opencontainers.image.version"] == version


def test_every_package_says_its_licence():
    assert "NOT SAID" not in once("licences")


def test_its_own_tests_pass():
    # Without those that are long: they ran outside, and some of what they do is tried below.
    once("test", "-q", "-m", "not long", options=("--read-only", "--tmpfs=/tmp"))


@pytest.mark.parametrize("name", ["tricknet-alt", "anywidget"])
def test_jupyterlab_has_what_the_lessons_add_to_it(name):
    listed = once("jupyter", "labextension", "list")
    assert re.search(rf"{name} v\S+ \S*enabled\S* \S*OK", listed), listed


# --- The lessons, as most people run them -----------------------------------------------------------------------------


def test_the_lessons_open_at_the_address_that_the_log_says(start):
    port = free_port()
    lessons = start(options=(f"--publish=127.0.0.1:{port}:8888", f"--env=PORT={port}"))
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api", timeout=10) as answer:
        assert "version" in json.load(answer)
    addresses = [word for word in lessons.log.split() if "://" in word]
    assert addresses == [f"http://127.0.0.1:{port}/lab/tree/notebooks/index.ipynb?token={lessons.token}"]
    assert len(lessons.token) >= 32
    assert "Ctrl-C ends it." in lessons.log and "warning" not in lessons.log.lower()
    lessons.wait_for(lambda: lessons.inspect(".State.Health.Status") == "healthy")


def test_a_word_that_serves_nothing_is_healthy_as_well(start):
    command = Container("ptv-test-0")  # which `start` removes
    docker("run", "--detach", "--name", command.name, *NO_NETWORK, IMAGE, "sleep", "600")
    command.wait_for(lambda: command.inspect(".State.Health.Status") != "starting")
    assert command.inspect(".State.Health.Status") == "healthy"


def test_the_token_opens_everything_and_nothing_opens_without_it(start):
    lessons = start()
    assert lessons.page("/api/contents")[0] == 403
    status, text = lessons.get("/lab/tree/notebooks/index.ipynb")
    assert status == 200 and "JupyterLab" in text
    status, text = lessons.get("/api/contents/notebooks/index.ipynb")
    assert status == 200 and "Panda" in text
    assert '"trusted": true' in lessons.get("/api/contents/notebooks/01-meet-googlenet.ipynb")[1]


def test_user_1000_owns_the_lessons_and_nothing_else(start):
    lessons = start()
    assert lessons.inside("id", "-u") == lessons.inside("stat", "-c", "%u", "/work/panda-to-vulture") == "1000"
    assert "denied" in lessons.inside("touch", "/opt/x", check=False)


def test_sigterm_ends_it_while_a_kernel_runs(start):
    lessons = start()
    assert lessons.get("/api/kernels", "POST")[0] == 201
    lessons.stop()


@pytest.mark.parametrize(("word", "terminal"), [("notebook", True), ("notebook", False), ("site", True)])
def test_one_ctrl_c_ends_it(start, word, terminal):
    lessons = start(word, options=(*NO_NETWORK, f"--tty={str(terminal).lower()}"))
    docker("kill", "--signal=INT", lessons.name)
    assert docker("wait", lessons.name, timeout=20).stdout.strip() == "0"


def test_locked_up_it_runs_lesson_1(start):
    """No root, no name, no home, no capabilities, no network, nothing writable but /tmp."""
    lessons = start(options=(*LOCKED, *NO_NETWORK))
    assert "user 12345 cannot write to /work" in lessons.log
    lessons.inside("jupyter", "execute", "/tmp/panda-to-vulture/notebooks/01-meet-googlenet.ipynb")
    lessons.stop()


def test_the_lab_by_itself_and_in_jupyter(start):
    lab = start("lab")
    assert "http://127.0.0.1:8888/web/lab/" in lab.log
    status, page = lab.page("/web/lab/")
    lessons = start()
    assert status == 200 and lessons.get("/site/web/lab/") == (200, page)


def test_kernels_that_nobody_uses_end(start):
    settings = json.loads(once("notebook", "--show-config-json", options=("--volume=/work",)))["MappingKernelManager"]
    assert settings["cull_idle_timeout"] == 3600 and "cull_connected" not in settings
    lessons = start(options=(*NO_NETWORK, "--env=IDLE_SECONDS=1"))
    assert lessons.get("/api/kernels", "POST")[0] == 201
    lessons.wait_for(lambda: lessons.get("/api/kernels") == (200, "[]"))


# Runs inside a container: prints the checksum of each of the lab's networks, as the server sends it.
NETWORKS = """
import hashlib, json, urllib.request
def fetched(name):
    with urllib.request.urlopen("http://127.0.0.1:8888/web/lab/" + name, timeout=120) as answer:
        return answer.read()
for row in json.loads(fetched("networks.json")):
    print(row["file"], hashlib.sha256(fetched(row["file"])).hexdigest())
"""


def test_the_site(start):
    """Locked up, it serves the pages and all networks of their lab, whose names have their checksums."""
    site = start("site", options=(*LOCKED, *NO_NETWORK))
    status, page = site.page("/notebooks/03-tricks.html")
    assert status == 200 and "<h1>3. Tricks" in page
    assert site.page("/web/lab/")[0] == 200
    networks = [line.split() for line in site.inside("python3", "-c", NETWORKS).splitlines()]
    assert len(networks) == 10
    for file, checksum in networks:
        assert file.endswith(f"-{checksum[:12]}.onnx")
    site.wait_for(lambda: site.inspect(".State.Health.Status") == "healthy")
    site.stop()


# --- The command line, in a folder of somebody who is neither root nor 1000 -------------------------------------------


def test_classify_and_trick(folder):
    mine = as_4321(folder)
    for name in ("numpy.py", "tricknet.py"):
        (folder / name).write_text('raise SystemExit("a module from the folder of the reader was run")')
    assert "giant panda" in once("classify", "panda.jpg", options=mine)
    once("trick", "panda.jpg", "vulture", "-o", "out.png", options=mine)
    assert (folder / "out.png").stat().st_uid == 4321
    assert once("classify", "out.png", options=mine).startswith("out.png\nvulture")
    assert "--force" in once("trick", "panda.jpg", "vulture", "-o", "out.png", options=mine, status=2)


def test_a_picture_that_is_too_large_for_the_memory_is_refused(folder):
    make = 'from PIL import Image; Image.new("RGBA", (6000, 6000)).save("large.png")'
    once("python3", "-P", "-c", make, options=as_4321(folder))
    said = once("classify", "large.png", options=("--memory=400m", *as_4321(folder)), status=2)
    assert said.startswith("large.png has 6000 x 6000 pixels: reading them would take")


@pytest.mark.parametrize(("owner", "mode"), [(0, "rw"), (1000, "ro")], ids=["somebody else's", "read-only"])
def test_a_folder_that_cannot_be_written_to(start, folder, owner, mode):
    give(folder, owner)
    mount = ("--user=1000", f"--volume={folder}:/work:{mode}")
    sentence = "user 1000 cannot write to /work: it is read-only, or somebody else's."  # the README's question
    assert sentence in once("trick", "panda.jpg", "vulture", "-o", "x.png", options=mount, status=2)
    lessons = start(options=(*NO_NETWORK, *mount))
    assert sentence in lessons.log


# --- The lessons in the reader's folder -------------------------------------------------------------------------------


def test_a_disk_that_is_full():
    said = once("notebook", options=("--tmpfs=/work:size=1m,mode=1777",), status=1)
    assert "No space left on device" in said
