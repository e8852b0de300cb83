"""class/ with SUBDOMAINS: each server is a site of its own, whose pages have no way to the Hub."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from attack import NOTEBOOK, PAGE, Visitor, chromium, lay
from conftest import ROOT, free_port
from hub import PASSWORDS, container, running_hub

PUPILS, TEACHERS = PASSWORDS["CLASS_PASSWORD"], PASSWORDS["TEACHER_PASSWORD"]


@pytest.fixture(scope="module", params=["http", "https"])
def hub(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The Hub's name, and port."""
    port = free_port()
    address = f"{request.param}://panda.school:{port}"
    settings = {"PORT": str(port), "SUBDOMAINS": address}
    if request.param == "https":
        settings["COMPOSE_FILE"] = f"{ROOT}/class/compose.yaml:{certified(tmp_path_factory.mktemp('tls'))}"
    with running_hub(**settings):
        yield address


def certified(folder: Path) -> Path:
    """A certificate of nobody's, and what compose.yaml needs to find it."""
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=*.panda.school"]
    subprocess.run([*command, "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], check=True)
    settings = folder / "compose.yaml"
    settings.write_text(json.dumps({"services": {"hub": {"volumes": [f"{folder}:/tls:ro"]}}}))
    return settings


def test_no_page_of_a_pupils_reaches_the_hub(hub):
    own = hub.replace("panda", "ada.panda")
    with chromium(hub) as running:
        teacher = Visitor.enter(running, hub, "teacher", TEACHERS)
        grace = Visitor.enter(running, hub, "grace", PUPILS)
        ada = Visitor.enter(running, hub, "ada", PUPILS)
        lay("ada", hub)
        assert ada.opens(f"{own}/user/ada/{NOTEBOOK}") == (200, shut(own))
        for visitor in (ada, grace, teacher):
            assert visitor.opens(f"{own}/user/ada/{PAGE}") == (200, shut(own))
        assert grace.opens(f"{own}/user/ada/{NOTEBOOK}")[0] == 403
        assert teacher.users() == {"ada", "grace", "teacher"} and container("grace")


def shut(origin: str) -> dict[str, str | None]:
    """What the script finds where the browser shows it nothing, and the Hub takes none of its orders."""
    return {"origin": origin} | dict.fromkeys(["home", "token", "make", "start", "delete", "end", "users"])
