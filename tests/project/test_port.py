"""A port that something else has: our own sentence, at once, before anything is built or set up."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator

import pytest

from tricknet.paths import ROOT


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which something listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def run(script, folder=ROOT, **environment):
    """What a script says where there is no other Hub: (status, standard output, standard error)."""
    environment = os.environ | {"COMPOSE_PROJECT_NAME": "ptv-port-test"} | environment
    done = subprocess.run([folder / script], capture_output=True, text=True, env=environment, timeout=60)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("script", ["scripts/notebook.sh", "scripts/lab.sh"])
def test_the_lessons_say_that_their_port_is_taken(script, taken):
    words = f"Port {taken} is taken, perhaps by lessons that are already open. "
    words += f"To use a different one, type PORT=9999 {script}.\n"
    assert run(script, PORT=str(taken)) == (1, "", words)


def test_a_class_says_that_its_port_is_taken(taken, tmp_path):
    """In a copy, since the first start writes class/.env, and the second finds the port there."""
    if os.statvfs(tmp_path).f_flag & os.ST_NOEXEC:
        pytest.skip(f"{tmp_path} allows no programs, so a copy of class/start.sh cannot run there")
    for name in ("class", "scripts"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns(".env", "tls"))
    for environment in ({"PORT": str(taken)}, {}):
        status, said, wrong = run("class/start.sh", tmp_path, **environment)
        assert (status, said) == (1, "")
        assert wrong.startswith(f"Port {taken} is taken, ") and wrong.endswith("then type class/start.sh again.\n")
        assert wrong.count("\n") == 1


def test_a_free_port_is_free(taken):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    command = [ROOT / "scripts" / "free_port.sh"]
    assert subprocess.run([*command, str(free), "wait"]).returncode == 0
    assert subprocess.run([*command, str(taken), "wait"], capture_output=True).returncode == 1
