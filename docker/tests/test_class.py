"""class/: a real Hub, two pupils and their teacher, through the proxy as browsers go."""

import json

import requests
import websocket
from engine import docker
from hub import PASSWORDS, REACHES, Browser, container, hub_runs


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


KERNELS = "/user/ada/api/kernels"


def test_a_lesson_runs_through_the_proxy(hub, ada):
    notebook = ada.page("/user/ada/api/contents/notebooks/01-meet-googlenet.ipynb").json()["content"]
    code = "\n".join(cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code")
    kernel = ada.send("POST", KERNELS, "/user/ada/", json={"path": "notebooks/01-meet-googlenet.ipynb"}).json()["id"]
    cookies = "; ".join(f"{c.name}={c.value}" for c in ada.session.cookies if "/user/ada/".startswith(c.path))
    address = f"{hub.replace('http', 'ws', 1)}{KERNELS}/{kernel}/channels"
    socket = websocket.create_connection(address, cookie=cookies, timeout=180)
    header = {"msg_id": "1", "msg_type": "execute_request", "session": "s", "username": "", "version": "5.3"}
    content = {"code": code, "silent": False}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    socket.send(json.dumps(message))
    answers = []
    while not answers or answers[-1]["msg_type"] != "execute_reply":
        frame = socket.recv()
        answers += [json.loads(frame)] * isinstance(frame, str)  # bytes are a widget's picture
    assert answers[-1]["content"]["status"] == "ok" and "giant panda" in str(answers)


def test_nobody_sees_anothers_files(ada, grace):
    ada.note("of ada")
    assert (ada.noted(), grace.noted()) == ("of ada", "")
    for page in ("lab", "api/contents"):
        assert ada.page(f"/user/ada/{page}").status_code == 200
        assert grace.page(f"/user/ada/{page}").status_code == 403


def test_nobody_reaches_anothers_ports(ada, grace):
    """What Ada serves is open to her and to the Hub, so it is there; to Grace it is not."""
    networks = json.loads(docker("inspect", container("ada")).stdout)[0]["NetworkSettings"]["Networks"]
    hers = REACHES.format(addresses=[network["IPAddress"] for network in networks.values()], port=8888)
    assert ada.run(hers).split() == hub_runs(hers) == ["open"]
    assert grace.run(hers).split() == ["shut"]
    # The Hub, which she needs; not the proxy's own orders, nor Docker's.
    for port, answer in ((8081, "open"), (8001, "shut"), (2375, "shut")):
        assert grace.run(REACHES.format(addresses=["hub"], port=port)).split() == [answer]
