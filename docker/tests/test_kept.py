"""Nothing that a reader wrote is lost without a warning."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import IMAGE, NO_NETWORK, Container, once

TRICKS = "notebooks/03-tricks.ipynb"
AS_A_HUB = ("--env=JUPYTERHUB_SERVICE_PREFIX=/user/ada/",)


def test_where_nothing_is_mounted_the_first_lines_say_so_and_what_to_type(
    start: Callable[..., Container], tmp_path: Path
) -> None:
    log = start().log
    assert log.startswith("NOTE: nothing is mounted on /work.")
    (line,) = re.findall(r"^  (mkdir .* docker run .*)$", log.split("http://")[0], re.MULTILINE)
    work = tmp_path / "work"
    work.mkdir()
    shutil.chown(work, 4321, 4321)
    for parent in [tmp_path, *tmp_path.parents][:3]:
        parent.chmod(0o755)  # pytest's own are for root alone
    # What is typed there works: by a user, that is, and here root runs it.
    line = "id() { echo 4321; }; " + line.replace("...", f"--rm {' '.join(NO_NETWORK)} {IMAGE} notebook --version")
    done = subprocess.run(
        ["bash", "-c", line], cwd=tmp_path, check=True, text=True, stdout=-1, stderr=subprocess.STDOUT
    )
    assert "NOTE" not in done.stdout
    assert (work / "panda-to-vulture" / TRICKS).stat().st_uid == 4321


def test_a_file_that_would_be_lost_is_a_note_before_the_work(tmp_path: Path) -> None:
    """What a pipe reads has no note in it, and what the note says to type keeps the file."""
    words = "trick /opt/panda-to-vulture/images/panda.jpg vulture -o out.png --steps 1"
    rest = f"--rm {' '.join(NO_NETWORK)} {IMAGE} {words}"

    def typed(line: str) -> subprocess.CompletedProcess[str]:
        line = f"id() {{ echo 4321; }}; {line}"  # a user types it, and here root runs it
        return subprocess.run(["bash", "-c", line], cwd=tmp_path, capture_output=True, text=True)

    lost = typed(f"docker run {rest}")
    assert lost.returncode in (0, 1), lost.stderr  # 1: one step has not fooled the network
    assert lost.stderr.startswith("NOTE: nothing is mounted on /work.")
    assert "NOTE" not in lost.stdout and "out.png" in lost.stdout
    assert not list(tmp_path.iterdir())
    shutil.chown(tmp_path, 4321, 4321)
    for parent in [tmp_path, *tmp_path.parents][:3]:
        parent.chmod(0o755)  # pytest's own are for root alone
    (line,) = re.findall(r"^  (docker run .*)$", lost.stderr, re.MULTILINE)
    kept = typed(line.replace("...", rest))
    assert kept.returncode == lost.returncode, kept.stderr
    assert "NOTE" not in kept.stderr and "out.png" in kept.stdout
    assert (tmp_path / "out.png").stat().st_uid == 4321


@pytest.mark.parametrize(
    ("options", "kept"),
    [((), "no"), (("--volume=/work",), ""), (("--read-only", "--tmpfs=/tmp"), "no")],
    ids=["nothing", "a volume", "read-only"],
)
def test_the_lab_hears_of_it(options: tuple[str, ...], kept: str) -> None:
    said = once("bash", "-c", 'echo "[$TRICKNET_KEPT]"', options=(*AS_A_HUB, *options))
    assert said.endswith(f"[{kept}]") and said.startswith("NOTE") == bool(kept)
