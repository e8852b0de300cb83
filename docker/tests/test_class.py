"""class/: a real Hub, two pupils and their teacher, through the proxy as browsers go."""

import json

import pytest
import requests
from conftest import docker
from hub import PASSWORDS, Browser, compose, container


@pytest.fixture(scope="module")
def ada(hub: str) -> Browser:
    return Browser.enter(hub, "ada")


@pytest.fixture(scope="module")
def grace(hub: str) -> Browser:
    return Browser.enter(hub, "grace")


def test_only_the_right_password_opens(hub):
    assert Browser(hub, "eve", "wrong").login.status_code == 403
    assert Browser(hub, "teacher", PASSWORDS["CLASS_PASSWORD"]).login.status_code == 403
    assert "/hub/login?" in requests.get(f"{hub}/user/ada/api/contents", timeout=10).url


def test_each_gets_a_container_of_their_own_within_limits(ada, grace):
    assert len({container("ada"), container("grace"), ""}) == 3
    found = json.loads(docker("inspect", container("ada")).stdout)[0]
    host = found["HostConfig"]
    assert host["Memory"] == 1500 << 20 and host["PidsLimit"] == 1000 and host["ReadonlyRootfs"]
    assert host["CapDrop"] == ["ALL"] and host["CpuQuota"] == 2 * host["CpuPeriod"]
    assert "OMP_NUM_THREADS=2" in found["Config"]["Env"]  # no more threads than cores that it may use


def test_a_lesson_runs_through_the_proxy(ada):
    notebook = ada.page("/user/ada/api/contents/notebooks/01-meet-googlenet.ipynb").json()["content"]
    cells = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert len(cells) > 5
    said = ada.run("import os; os.chdir('/work/panda-to-vulture/notebooks')", *cells)
    assert "giant panda" in said and "ERROR" not in said


def test_nobody_sees_anothers_files(ada, grace):
    ada.run("open('/work/secret.txt', 'w').write('of ada')")
    assert "secret.txt" in ada.run("import os; print(os.listdir('/work'))")
    assert "secret.txt" not in grace.run("import os; print(os.listdir('/work'))")
    for page in ("lab", "api/contents"):
        assert ada.page(f"/user/ada/{page}").status_code == 200
        assert grace.page(f"/user/ada/{page}").status_code == 403


REACHES = """
import socket
try:
    socket.create_connection(({address!r}, {port}), 5)
    print("open")
except OSError as error:
    print("shut", error)
"""


def test_nobody_reaches_anothers_ports(ada, grace):
    """What Ada serves is open to her and to the Hub, so it is there; to Grace it is not."""
    networks = json.loads(docker("inspect", container("ada")).stdout)[0]["NetworkSettings"]["Networks"]
    (address,) = [network["IPAddress"] for network in networks.values()]
    hers = REACHES.format(address=address, port=8888)
    assert ada.run(hers).startswith("open")
    assert compose("exec", "-T", "hub", "python3", "-c", hers).startswith("open")
    assert grace.run(hers).startswith("shut")
    assert grace.run(REACHES.format(address="hub", port=8081)).startswith("open")  # the Hub, which she needs
    for port in (8001, 2375):  # the proxy's own orders, and Docker's
        assert grace.run(REACHES.format(address="hub", port=port)).startswith("shut")


def test_after_a_stop_and_a_start_the_work_is_there(ada):
    ada.run("open('/work/panda-to-vulture/notebooks/index.ipynb', 'a').write('mine')")
    before = container("ada")
    ada.stop()
    ada.start()
    assert container("ada") not in ("", before)
    said = ada.run("print(open('/work/panda-to-vulture/notebooks/index.ipynb').read()[-4:])")
    assert said.strip() == "mine"


def test_only_the_teacher_sees_who_is_there(hub, ada):
    teacher = Browser(hub, "teacher", PASSWORDS["TEACHER_PASSWORD"])
    assert teacher.page("/hub/admin").status_code == 200 and ada.page("/hub/admin").status_code == 403
    assert "ada" in [user["name"] for user in teacher.send("GET", "/hub/api/users", "/hub/").json()]
