"""class/: a real Hub, two pupils and their teacher, through the proxy as browsers go."""

import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import requests
import websocket
from conftest import IMAGE, ROOT, docker, free_port, until

PROJECT = "ptv-class"
PASSWORDS = {"CLASS_PASSWORD": "seven-vultures", "TEACHER_PASSWORD": "a-panda-is-not-a-vulture-is-not-a-panda"}


def compose(*words: str) -> str:
    return docker("compose", f"--project-name={PROJECT}", "--project-directory", ROOT / "class", *words).stdout


@pytest.fixture(scope="module")
def hub() -> Iterator[str]:
    """The Hub's address."""
    with pytest.MonkeyPatch.context() as patch:
        settings = {**PASSWORDS, "PORT": str(free_port()), "MEMORY": "1500M", "COURSE_IMAGE": IMAGE}
        for name, value in settings.items():
            patch.setenv(name, value)
        try:
            compose("up", "--build", "--detach", "--wait")
            yield f"http://127.0.0.1:{settings['PORT']}"
        finally:
            print(compose("logs", "hub"))
            compose("down", "--volumes")
            volumes = docker("volume", "ls", "--quiet", "--filter", f"name={PROJECT}").stdout.split()
            docker("volume", "rm", *volumes, check=False)
            left = docker("ps", "--all", "--quiet", "--filter", f"name={PROJECT}").stdout
            networks = docker("network", "ls", "--quiet", "--filter", f"name={PROJECT}").stdout
    assert left == networks == "", "`docker compose down` leaves containers or networks behind"


class Browser:
    """Somebody who logs in, with the cookies of a browser."""

    def __init__(self, hub: str, name: str, password: str) -> None:
        self.hub, self.name, self.session = hub, name, requests.Session()
        page = self.session.get(f"{hub}/hub/login").text
        form = {"username": name, "password": password, "_xsrf": re.findall(r'name="_xsrf" value="([^"]+)"', page)[0]}
        self.login = self.session.post(f"{hub}/hub/login", data=form, allow_redirects=False)

    def page(self, path: str) -> requests.Response:
        return self.session.get(self.hub + path)

    def send(self, method: str, path: str, prefix: str) -> requests.Response:
        """What JavaScript would send, with the cookie against cross-site requests that belongs to the prefix."""
        xsrf = next(cookie.value for cookie in self.session.cookies if cookie.name == "_xsrf" and cookie.path == prefix)
        return self.session.request(method, self.hub + path, headers={"X-XSRFToken": xsrf or ""})

    def start(self) -> None:
        """Ask the Hub for a container, and wait for the lessons."""
        self.page("/hub/spawn")
        until(lambda: "JupyterLab" in self.page(f"/user/{quote(self.name)}/lab").text, 180)

    def stop(self) -> None:
        self.send("DELETE", f"/hub/api/users/{quote(self.name)}/server", "/hub/")
        until(lambda: not container(self.name), 60)

    def run(self, *cells: str) -> str:
        """Run cells in a new kernel through the proxy: what they print, and an error if there is one."""
        base = f"/user/{quote(self.name)}/"
        kernel = self.send("POST", f"{base}api/kernels", base).json()["id"]
        cookies = "; ".join(f"{c.name}={c.value}" for c in self.session.cookies if base.startswith(c.path))
        address = f"{self.hub.replace('http', 'ws', 1)}{base}api/kernels/{kernel}/channels"
        socket = websocket.create_connection(address, cookie=cookies, timeout=180)
        try:
            return "".join(piece for cell in cells for piece in said(socket, cell))
        finally:
            socket.close()
            self.send("DELETE", f"{base}api/kernels/{kernel}", base)


def said(socket: websocket.WebSocket, cell: str) -> Iterator[str]:
    """Run a cell: the pieces of what it prints."""
    number = uuid.uuid4().hex
    header = {"msg_id": number, "msg_type": "execute_request", "username": "", "session": number, "version": "5.3"}
    content = {"code": cell, "silent": False, "store_history": False, "allow_stdin": False}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    socket.send(json.dumps(message))
    while True:
        answer = json.loads(socket.recv())
        if answer["parent_header"].get("msg_id") != number:
            continue
        if answer["msg_type"] == "stream":
            yield answer["content"]["text"]
        if answer["msg_type"] == "error":
            yield f"ERROR {answer['content']['ename']}: {answer['content']['evalue']}"
        if answer["msg_type"] == "status" and answer["content"]["execution_state"] == "idle":
            return


def container(name: str) -> str:
    """The number of a pupil's container; empty if there is none."""
    return docker("ps", "--quiet", "--filter", f"name=^{PROJECT}-{name}$").stdout.strip()


@pytest.fixture(scope="module")
def ada(hub: str) -> Browser:
    browser = Browser(hub, "ada", PASSWORDS["CLASS_PASSWORD"])
    browser.start()
    return browser


@pytest.fixture(scope="module")
def grace(hub: str) -> Browser:
    browser = Browser(hub, "grace", PASSWORDS["CLASS_PASSWORD"])
    browser.start()
    return browser


@pytest.fixture(scope="module")
def teacher(hub: str) -> Browser:
    return Browser(hub, "teacher", PASSWORDS["TEACHER_PASSWORD"])


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


def test_the_teacher_sees_who_is_there_and_may_help(ada, teacher):
    assert teacher.page("/hub/admin").status_code == 200
    assert ada.page("/hub/admin").status_code == 403
    asked = teacher.page("/user/ada/lab")  # whether she really wants to enter Ada's server
    form = re.findall(r'name="(_xsrf|scopes)"[^>]* value="([^"]+)"', asked.text)
    assert "JupyterLab" in teacher.session.post(asked.url, data=form).text
    assert teacher.page("/user/ada/api/contents").status_code == 200


def test_a_name_that_fits_nowhere_is_refused(hub):
    for name in ("../../etc", "x" * 19, "a b"):
        assert Browser(hub, name, PASSWORDS["CLASS_PASSWORD"]).login.status_code == 403
    assert Path("/etc/passwd").exists()
