"""What scripts and the workflow do: a taken port, what has changed, Ctrl-C; which names a tag moves, who may push."""

import os
import shutil
import signal
import socket
import subprocess
import sys

import pytest
import yaml

from tricknet.paths import ROOT

BUILD = """import pathlib, sys, time
pathlib.Path(sys.argv[1]).mkdir()
print("Made.", flush=True)
time.sleep(float(pathlib.Path("docs/seconds").read_text()))
"""


def test_the_lessons_say_that_their_port_is_taken_before_anything_is_set_up(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("PORT", port := str(server.getsockname()[1]))
        done = subprocess.run([ROOT / "scripts" / "notebook.sh"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert port in done.stderr and "PORT=9999" in done.stderr and done.stderr.count("\n") == 1


def test_the_pages_are_made_again_once_something_has_changed_and_ctrl_c_gets_a_sentence(tmp_path):
    """A short build stands in."""
    for name in ("docs", "scripts", "web/pages"):
        (tmp_path / name).mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "site.sh", tmp_path / "scripts")
    for step in ("scripts/setup.sh", "web/build.sh"):
        (tmp_path / step).symlink_to(shutil.which("true"))
    (tmp_path / ".venv").symlink_to(sys.prefix)
    (tmp_path / "web" / "__init__.py").touch()
    (tmp_path / "web" / "pages" / "build.py").write_text(BUILD)

    def start(seconds):
        (tmp_path / "docs" / "seconds").write_text(seconds)
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen([tmp_path / "scripts" / "site.sh"], start_new_session=True, **pipes)

    for seconds, made in (("0", True), ("0", False), ("0.1", True)):
        said, wrong = start(seconds).communicate()
        assert said.startswith("Made.") == made and not wrong
    with start("600") as building:
        assert building.stdout.readline() == "Made.\n"
        os.killpg(building.pid, signal.SIGINT)  # as a terminal does
        _, sentence = building.communicate(timeout=60)
    assert building.returncode == 130 and sentence.count("\n") == 1
    assert start("0").communicate()[0].startswith("Made.")  # what was there is not complete


# The workflow that publishes the image

JOBS = yaml.safe_load((ROOT / ".github" / "workflows" / "publish.yml").read_text(encoding="utf-8"))["jobs"]


def test_the_job_that_may_push_runs_nothing_of_the_project():
    for job in JOBS.values():
        used = [step.get("uses", "").partition("@")[0] for step in job["steps"]]
        assert ("actions/checkout" in used) != (job["permissions"].get("packages") == "write")


@pytest.mark.parametrize(
    ("tag", "moves"),
    [("v3.0.0", True), ("v10.20.30", True), ("v3.0.0-rc1", False), ("v3", False), ("v3.0.0.dev1", False)],
)
def test_only_a_release_moves_latest(tag, moves, tmp_path):
    (step,) = [step["run"] for step in JOBS["publish"]["steps"] if "run" in step]
    known = {"GITHUB_REF_NAME": tag, "IMAGE": "host/Owner/name", "GITHUB_ACTOR": "ada", "TOKEN": "x"}
    noting = '() { echo "$@" >>log; [[ $* != *stdin* ]] || cat >/dev/null; }\n'
    noted = "".join(name + noting for name in ("docker", "skopeo", "cosign", "jq"))
    subprocess.run(["bash", "-euo", "pipefail", "-c", noted + step], env=os.environ | known, cwd=tmp_path, check=True)
    names = [word for word in (tmp_path / "log").read_text().split() if word.startswith("host/owner/name:")]
    assert f"host/owner/name:{tag[1:]}" in names and ("host/owner/name:latest" in names) == moves


def test_it_needs_the_digests_of_the_images_that_it_is_built_with(tmp_path):
    step = next(step["run"] for step in JOBS["build"]["steps"] if "run" in step)
    known, digests = os.environ | {"GITHUB_ENV": str(tmp_path / "env")}, tmp_path / "requirements" / "images.env"
    assert subprocess.run(["bash", "-e", "-c", step], env=known, cwd=tmp_path).returncode == 1
    digests.parent.mkdir()
    digests.write_text("DEBIAN=debian:trixie-slim@sha256:1\n")
    subprocess.run(["bash", "-e", "-c", step], env=known, cwd=tmp_path, check=True)
    assert (tmp_path / "env").read_text() == digests.read_text()
