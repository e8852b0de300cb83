"""The workflow that publishes the image: which names a tag moves, and who may push."""

import os
import subprocess

import pytest
import yaml

from tricknet.paths import ROOT

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
