"""Binder: the real repo2docker builds the image for another user, and what a BinderHub starts opens the lessons."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from conftest import IMAGE, NO_NETWORK, ROOT, docker

BINDER = "ptv-test-binder"
LESSONS = "/work/panda-to-vulture"

# How they start a container. BinderHub's chart starts Python, which becomes the JupyterLab that it finds.
HUB = (
    "--ip=0.0.0.0",
    "--port=8888",
    "--NotebookApp.base_url=/user/ada/",
    "--NotebookApp.token=secret",
    "--NotebookApp.trust_xheaders=True",
    "--NotebookApp.allow_origin=*",
)
REPO2DOCKER = ("--ip=0.0.0.0", "--port=8888", "--ServerApp.default_url=/lab", "--ServerApp.token=secret")
COMMANDS = {
    "BinderHub": ("python3", "-c", "import os, sys; os.execvp('jupyter-lab', sys.argv)", *HUB),
    "BinderHub without Kubernetes": ("jupyter-notebook", *HUB),
    "repo2docker": ("jupyter", "notebook", *REPO2DOCKER),
    "repo2docker, of JupyterLab": ("jupyter", "lab", *REPO2DOCKER),
}


@pytest.fixture(scope="module")
def binder(image: str) -> Iterator[str]:
    """The image as mybinder.org builds it. What takes minutes comes from the cache, where `image` left it."""
    user = ("--user-id=1000", "--user-name=jovyan")
    build = [sys.executable, "-m", "repo2docker", "--no-run", *user, f"--image-name={BINDER}", str(ROOT)]
    done = subprocess.run(build, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
    yield BINDER
    docker("image", "rm", BINDER)


def layers(image: str) -> list[str]:
    about = json.loads(docker("image", "inspect", image).stdout)[0]
    return list(about["RootFS"]["Layers"])


def test_nothing_that_takes_minutes_is_built_twice(binder):
    # Debian, dpkg's settings, the list of packages, the packages, the Python environment.
    assert layers(binder)[:5] == layers(IMAGE)[:5]


def test_the_user_is_binders_and_has_a_home(binder):
    said = docker("run", "--rm", *NO_NETWORK, binder, "bash", "-c", 'id; echo "$USER"; touch "$HOME/x" && echo wrote')
    assert "uid=1000(jovyan)" in said.stdout and said.stdout.endswith("jovyan\nwrote\n"), said.stdout


@pytest.mark.parametrize("who", COMMANDS)
def test_the_lessons_open_and_are_the_readers(start, binder, who):
    hub = HUB[2] in COMMANDS[who]
    base = "/user/ada/" if hub else "/"
    options = (*NO_NETWORK, f"--env=JUPYTERHUB_SERVICE_PREFIX={base}") if hub else NO_NETWORK
    lessons = start(*COMMANDS[who], options=options, image=binder)
    assert f"{base}lab/tree/notebooks/index.ipynb?token=secret" in lessons.log
    assert lessons.page(f"{base}api/contents")[0] == 403
    # What stands behind `?labpath=` and `?filepath=` in a link to Binder.
    for view in ("lab", "doc"):
        status, text = lessons.page(f"{base}{view}/tree/notebooks/03-tricks.ipynb?token=secret")
        assert status == 200 and "JupyterLab" in text
    status, text = lessons.page(f"{base}api/contents/notebooks/03-tricks.ipynb?token=secret")
    assert status == 200 and json.loads(text)["writable"]
    assert lessons.inside("stat", "-c", "%U", f"{LESSONS}/notebooks/03-tricks.ipynb") == "jovyan"
    if who == "BinderHub":
        lessons.inside("jupyter", "execute", f"{LESSONS}/notebooks/01-meet-googlenet.ipynb")
