"""class/: Docker's engine is killed while pupils work, and they come in again."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import IMAGE, ROOT, docker, until
from hub import PROJECT, Browser, running_hub, script, up

HUB = "panda-to-vulture-hub"


class Engine:
    """A second engine, with all that it has in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.address, self.settings = folder, f"unix://{folder}/socket", folder / "compose.yaml"
        self.settings.write_text(
            json.dumps({"services": {"hub": {"volumes": [f"{folder}/socket:/var/run/docker.sock"]}}})
        )

    def start(self) -> None:
        places = {"--data-root": "data", "--exec-root": "run", "--pidfile": "pid"}
        options = [f"{option}={self.folder}/{place}" for option, place in places.items()]
        options += ["--containerd-namespace=ptv", "--containerd-plugins-namespace=ptv-plugins", "--host", self.address]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(["dockerd", *options], stdout=log, stderr=log)
        until(lambda: docker("--host", self.address, "info", check=False).returncode == 0, 60)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(60)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """In a network of its own: it would write its rules into the machine's firewall."""
    docker("build", "--tag", HUB, "--file", ROOT / "class" / "Dockerfile", ROOT)
    network = os.open("/proc/self/ns/net", os.O_RDONLY)
    folder = Path(tempfile.mkdtemp(prefix="ptv-engine-"))
    os.unshare(os.CLONE_NEWNET)
    try:
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        engine = Engine(folder)
        engine.start()
        copy = f"set -o pipefail; docker save {IMAGE} {HUB} | docker --host {engine.address} load"
        subprocess.run(["bash", "-c", copy], check=True)
        monkeypatch.setenv("DOCKER_HOST", engine.address)
        yield engine
        engine.process.terminate()
        engine.process.wait(60)
    finally:
        os.setns(network, os.CLONE_NEWNET)
        os.close(network)
        engine.kill()
        subprocess.run(["umount", "--lazy", "--recursive", folder / "data"])
        subprocess.run(["rm", "--recursive", "--force", "--one-file-system", folder])


def test_after_a_crash_of_docker_pupils_come_in_and_find_their_work(engine):
    with running_hub(build=False, COMPOSE_FILE=f"{ROOT}/class/compose.yaml:{engine.settings}") as hub:
        for name in ("ada", "grace"):
            Browser.enter(hub, name).note(f"by {name}")
        engine.kill()
        engine.start()
        up()
        for name in ("ada", "grace"):
            assert Browser.enter(hub, name).noted() == f"by {name}"
        engine.kill()
        engine.start()
        done = script("delete.sh", answer="delete")
        assert done.returncode == 0, done.stdout
        assert PROJECT not in subprocess.check_output(["losetup", "--all"], text=True)
        up()
