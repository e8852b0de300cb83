"""The development container: the real devcontainer CLI opens a clone, and a contributor can work there."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT, docker

CLI = "@devcontainers/cli@0.89.0"


# In CI, where REQUIRE_ALL is set, it fails without npm.
@pytest.mark.skipif(not shutil.which("npm") and not os.environ.get("REQUIRE_ALL"), reason="npm is missing")
def test_a_contributor_may_install_packages_and_commit(tmp_path: Path) -> None:
    """Without scripts/setup.sh, which takes minutes, and has run outside."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    subprocess.run(["chown", "--recursive", "1000:1000", clone], check=True)
    subprocess.run(["npm", "install", "--silent", "--prefix", tmp_path, CLI], check=True)

    def devcontainer(word: str, *words: str) -> str:
        command = [tmp_path / "node_modules" / ".bin" / "devcontainer", word, "--workspace-folder", clone, *words]
        done = subprocess.run(command, text=True, capture_output=True, timeout=600)
        assert done.returncode == 0, f"{word} {words}: status {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout.strip()

    opened = json.loads(devcontainer("up", "--skip-post-create").splitlines()[-1])
    image = docker("inspect", "--format", "{{.Config.Image}}", opened["containerId"]).stdout.strip()
    try:
        assert devcontainer("exec", "bash", "-c", "id -un; sudo id -un").split() == ["contributor", "root"]
        author = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
        devcontainer("exec", "git", *author, "commit", "--quiet", "--allow-empty", "--message=From inside")
        assert devcontainer("exec", "git", "log", "-1", "--format=%an: %s") == "Ada: From inside"
    finally:
        docker("rm", "--force", opened["containerId"])
        docker("image", "rm", image, image.removesuffix("-uid"), check=False)
