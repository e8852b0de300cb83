"""Where else the lessons run: on Binder, with `docker compose up`, and for contributors in a container."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from engine import NO_NETWORK, ROOT, Container, docker, free_port

BINDER = "ptv-test-binder"

# How they start a container. BinderHub's chart starts Python, which becomes the JupyterLab that it finds.
HUB = ("--NotebookApp.base_url=/user/ada/", "--NotebookApp.token=secret", "--NotebookApp.allow_origin=*")
COMMANDS = {
    "BinderHub": ("python3", "-c", "import os, sys; os.execvp('jupyter-lab', sys.argv)", *HUB),
    "BinderHub without Kubernetes": ("jupyter-notebook", *HUB),
    "repo2docker": ("jupyter", "notebook", "--ServerApp.base_url=/user/ada/", "--ServerApp.token=secret"),
}


@pytest.fixture(scope="module")
def binder() -> Iterator[str]:
    """The image as mybinder.org builds it. What takes minutes comes from the cache, where scripts/image.sh left it."""
    user = ("--user-id=1000", "--user-name=jovyan")
    build = [sys.executable, "-m", "repo2docker", "--no-run", *user, f"--image-name={BINDER}", str(ROOT)]
    done = subprocess.run(build, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
    yield BINDER
    docker("image", "rm", BINDER)


@pytest.mark.parametrize("who", COMMANDS)
def test_on_binder_the_lessons_open_and_are_the_readers(start, binder, who):
    """The real repo2docker builds the image for another user, and it is started as a BinderHub does it."""
    options = (*NO_NETWORK, "--env=JUPYTERHUB_SERVICE_PREFIX=/user/ada/")
    lessons = start(*COMMANDS[who], "--ip=0.0.0.0", "--port=8888", options=options, image=binder)
    assert lessons.page("/user/ada/api/contents")[0] == 403
    behind = "/user/ada/lab/tree/notebooks/03-tricks.ipynb?token=secret"  # `?labpath=` in a link to Binder
    lessons.wait_for(lambda: "JupyterLab" in lessons.page(behind)[1])
    status, text = lessons.page("/user/ada/api/contents/notebooks/03-tricks.ipynb?token=secret")
    assert status == 200 and json.loads(text)["writable"]
    where = "/work/panda-to-vulture/notebooks/03-tricks.ipynb"
    assert lessons.inside("stat", "-c", "%U", where) == "jovyan"


def compose(*words: str) -> None:
    docker("compose", "--project-name=ptv-test", "--project-directory", ROOT, *words)


def up() -> Container:
    compose("up", "--detach", "--no-build")
    lessons = Container("ptv-test-lessons-1")
    lessons.wait_for(lambda: lessons.page("/api")[0] == 200)
    return lessons


def test_with_compose_the_lessons_are_kept_and_nothing_else_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", str(free_port()))
    try:
        lessons = up()
        assert "No space left" in lessons.inside("dd", "if=/dev/zero", "of=/tmp/x", "bs=1M", "count=257", check=False)
        assert "Read-only" in lessons.inside("touch", "/var/tmp/x", check=False)
        assert lessons.get("/api/contents")[0] == 200
        lessons.inside("sh", "-c", "echo mine >/work/panda-to-vulture/mine.txt")
        compose("down")
        assert up().inside("cat", "/work/panda-to-vulture/mine.txt") == "mine"
    finally:
        compose("down", "--volumes")


def test_a_contributor_may_install_packages_and_commit() -> None:
    """In what an editor or a codespace opens. scripts/setup.sh, which fills it, is tried in a bare Debian."""
    built = docker("build", "--quiet", ROOT / ".devcontainer").stdout.split()[-1]
    commit = "git -c user.name=Ada -c user.email=ada@example.org commit --allow-empty --message=Inside"
    try:
        words = f"id -un; sudo id -un; make -v; cd; git init -q; {commit}"
        said = docker("run", "--rm", *NO_NETWORK, built, "bash", "-ec", words).stdout
        assert {"contributor", "root", "Inside"} <= {*said.split()}
    finally:
        docker("image", "rm", built)
