"""The development container: the real devcontainer CLI opens a clone, and a contributor can work there."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator

import pytest
from conftest import ROOT, docker

CLI = "@devcontainers/cli@0.89.0"

# In CI, where REQUIRE_ALL is set, it fails without npm.
pytestmark = pytest.mark.skipif(
    not shutil.which("npm") and not os.environ.get("REQUIRE_ALL"),
    reason="npm, which installs the devcontainer CLI, is missing",
)


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Runs words in the container of a clone, without scripts/setup.sh, which takes minutes, and has run outside."""
    folder = tmp_path_factory.mktemp("devcontainer")
    clone = folder / "clone"
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    shutil.copytree(ROOT / ".devcontainer", clone / ".devcontainer", dirs_exist_ok=True)
    subprocess.run(["chown", "--recursive", "1000:1000", clone], check=True)
    subprocess.run(["npm", "install", "--silent", "--prefix", folder, CLI], check=True)

    def devcontainer(*words: str) -> str:
        command = [folder / "node_modules" / ".bin" / "devcontainer", words[0], "--workspace-folder", clone, *words[1:]]
        done = subprocess.run(command, text=True, capture_output=True, timeout=600)
        assert done.returncode == 0, f"{words}: status {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout.strip()

    opened = json.loads(devcontainer("up", "--skip-post-create").splitlines()[-1])
    image = docker("inspect", "--format", "{{.Config.Image}}", opened["containerId"]).stdout.strip()
    try:
        yield lambda *words: devcontainer("exec", *words)
    finally:
        docker("rm", "--force", opened["containerId"])
        docker("image", "rm", image, image.removesuffix("-uid"), check=False)


def test_a_contributor_has_a_home_and_may_install_packages(inside):
    said = inside("bash", "-c", "cd; touch x; pwd; id -un; sudo id -un")
    assert said.split() == ["/home/contributor", "contributor", "root"]


def test_git_reads_the_clone_and_commits(inside):
    assert "not a git" not in inside("git", "status", "--short")
    author = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    inside("git", *author, "commit", "--quiet", "--allow-empty", "--message", "A commit from inside")
    assert inside("git", "log", "-1", "--format=%an: %s") == "Ada: A commit from inside"
