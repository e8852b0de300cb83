"""Binder: the real repo2docker builds the image for another user, and what a BinderHub starts opens the lessons."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from conftest import NO_NETWORK, ROOT, docker

BINDER = "ptv-test-binder"

# How they start a container. BinderHub's chart starts Python, which becomes the JupyterLab that it finds.
HUB = ("--NotebookApp.base_url=/user/ada/", "--NotebookApp.token=secret", "--NotebookApp.allow_origin=*")
COMMANDS = {
    "BinderHub": ("python3", "-c", "import os, sys; os.execvp('jupyter-lab', sys.argv)", *HUB),
    "BinderHub without Kubernetes": ("jupyter-notebook", *HUB),
    "repo2docker": ("jupyter", "notebook", "--ServerApp.base_url=/user/ada/", "--ServerApp.token=secret"),
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


@pytest.mark.parametrize("who", COMMANDS)
def test_the_lessons_open_and_are_the_readers(start, binder, who):
    options = (*NO_NETWORK, "--env=JUPYTERHUB_SERVICE_PREFIX=/user/ada/")
    lessons = start(*COMMANDS[who], "--ip=0.0.0.0", "--port=8888", options=options, image=binder)
    assert lessons.page("/user/ada/api/contents")[0] == 403
    # What stands behind `?labpath=` in a link to Binder.
    status, text = lessons.page("/user/ada/lab/tree/notebooks/03-tricks.ipynb?token=secret")
    assert status == 200 and "JupyterLab" in text
    status, text = lessons.page("/user/ada/api/contents/notebooks/03-tricks.ipynb?token=secret")
    assert status == 200 and json.loads(text)["writable"]
    where = "/work/panda-to-vulture/notebooks/03-tricks.ipynb"
    assert lessons.inside("stat", "-c", "%U", where) == "jovyan"
