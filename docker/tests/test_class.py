"""class/: a Hub as a teacher starts it, two pupils and their teacher, through the proxy as browsers go."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from subprocess import check_output

import pytest
import requests
import websocket
from engine import docker
from hub import COPY, PROJECT, TASKS, Browser, Hub


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A Hub with two pupils on its list. Afterwards nothing of it is left."""
    hub = Hub(tmp_path_factory.mktemp("clone"))
    try:
        hub.start()
        hub.start("ada", "grace")
        yield hub
    finally:
        print(docker("logs", f"{PROJECT}-hub-1", check=False).stdout)
        hub.type(TASKS["delete everybody's work"])
    for kind in (("ps", "--all"), ("network", "ls"), ("volume", "ls")):
        assert not docker(*kind, "--quiet", "--filter", f"name={PROJECT}").stdout


@pytest.fixture
def ada(hub: Hub) -> Browser:
    """A pupil whose container is running."""
    return Browser.enter(hub, "ada")


def comes_in(hub: Hub, name: str, password: str) -> bool:
    status = Browser(hub, name, password).login.status_code
    assert status in (302, 403)
    return status == 302


def test_the_list_and_the_passwords_say_who_comes_in(hub):
    pupils, teachers = hub.setting("CLASS_PASSWORD"), hub.setting("TEACHER_PASSWORD")
    assert comes_in(hub, "ada", pupils) and comes_in(hub, "grace", pupils) and comes_in(hub, "teacher", teachers)
    for name, password in (("ada", "wrong"), ("ada", teachers), ("teacher", pupils), ("mallory", pupils)):
        assert not comes_in(hub, name, password)
    assert "/hub/login?" in requests.get(f"{hub.address}/user/ada/api/contents", timeout=60).url
    try:
        hub.start("grace")
        assert not comes_in(hub, "ada", pupils)
        hub.start()
        assert not comes_in(hub, "grace", pupils) and comes_in(hub, "teacher", teachers)
    finally:
        hub.start("ada", "grace")


KERNELS = "/user/ada/api/kernels"


def test_a_lesson_runs_through_the_proxy(hub, ada):
    notebook = ada.page("/user/ada/api/contents/notebooks/01-meet-googlenet.ipynb").json()["content"]
    code = "\n".join(cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code")
    kernel = ada.send("POST", KERNELS, "/user/ada/", json={"path": "notebooks/01-meet-googlenet.ipynb"}).json()["id"]
    cookies = "; ".join(f"{c.name}={c.value}" for c in ada.session.cookies if "/user/ada/".startswith(c.path))
    address = f"{hub.address.replace('http', 'ws', 1)}{KERNELS}/{kernel}/channels"
    browser = websocket.create_connection(address, cookie=cookies, timeout=180)
    header = {"msg_id": "1", "msg_type": "execute_request", "session": "s", "username": "", "version": "5.3"}
    content = {"code": code, "silent": False}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    browser.send(json.dumps(message))
    answers = []
    while not answers or answers[-1]["msg_type"] != "execute_reply":
        frame = browser.recv()
        answers += [json.loads(frame)] * isinstance(frame, str)  # bytes are a widget's picture
    assert answers[-1]["content"]["status"] == "ok" and "giant panda" in str(answers)


def test_nobody_opens_anothers_server(hub, ada):
    grace = Browser.enter(hub, "grace")
    ada.run("open('/work/note', 'w').write('of ada')")
    assert grace.run("import os; print(os.path.exists('/work/note'))") == "False\n"
    for page in ("lab", "api/contents"):
        assert ada.page(f"/user/ada/{page}").status_code == 200
        assert grace.page(f"/user/ada/{page}").status_code == 403


THREADS = """
import threading
try:
    while threading.active_count() < 2000:
        threading.Thread(target=threading.Event().wait, daemon=True).start()
finally:
    print(threading.active_count(), flush=True)
    import os
    os._exit(0)
"""
WRITABLE = """
import os
for folder, _, _ in os.walk("/"):
    if os.access(folder, os.W_OK) and not folder.startswith(("/proc", "/work")):
        os.system(f"stat --file-system --format %T {folder}")
"""


def test_limits_hold(ada):
    """Of memory, processes, processors, rights, what can be written, and the log, into which programs can write."""
    assert docker("exec", ada.container, "python3", "-c", "b'x' * (5 << 30)", check=False).returncode == 137  # killed
    assert 900 < int(ada.run(THREADS)) <= 1000
    rights = ada.run("print(open('/proc/self/status').read())")
    assert f"CapBnd:\t{0:016}" in rights and "NoNewPrivs:\t1" in rights
    assert "tmpfs" in set(ada.run(WRITABLE).split()) <= {"tmpfs", "mqueue"}  # in memory, which is bounded
    ada.run("with open('/proc/1/fd/1', 'w') as log:\n for _ in range(50): log.write('x' * 1_000_000 + '\\n')")
    found = json.loads(docker("inspect", ada.container).stdout)[0]
    logs = Path(found["LogPath"])
    assert "x" * 1000 in docker("logs", "--tail", 99, ada.container).stdout
    assert sum(file.stat().st_size for file in logs.parent.glob(f"{logs.name}*")) < 12_000_000
    assert found["HostConfig"]["CpuQuota"] == 2 * found["HostConfig"]["CpuPeriod"]
    assert "OMP_NUM_THREADS=2" in found["Config"]["Env"]  # no more threads than cores that it may use


# Does somebody listen on a port of these addresses? A line for each.
REACHES = """
import socket
for address in {addresses!r}:
    try:
        socket.create_connection((address, {port}), 4).close()
        print("open")
    except OSError:
        print("shut")
"""
ROUTES = """
with open("/proc/net/route") as old, open("/proc/net/ipv6_route") as new:
    print(sum(line.split()[1] == "00000000" for line in list(old)[1:]))
    print(sum(line.split()[:2] == ["0" * 32, "00"] and line.split()[9] != "lo" for line in new))
"""


def test_there_is_no_way_out(hub, ada):
    """Neither to the internet, for which there is no route, nor to the computer that runs them all, nor to Docker."""
    assert ada.run(ROUTES).split() == ["0", "0"] and hub.run(ROUTES).split()[0] == "1"
    assert "gaierror" in ada.run("import socket; socket.getaddrinfo('debian.org', 80)", check=False)
    machine = check_output(["hostname", "--all-ip-addresses"], text=True).split()
    network = json.loads(docker("network", "inspect", f"{PROJECT}_pupils").stdout)[0]
    machine += [pool["Gateway"] for pool in network["IPAM"]["Config"] if "Gateway" in pool]  # which it would have there
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as server:
        asks = REACHES.format(addresses=machine, port=server.getsockname()[1])
        assert "open" in hub.run(asks)  # so it could be reached
        assert set(ada.run(asks).split()) == {"shut"}
    for port, answer in ((8081, "open"), (8001, "shut"), (2375, "shut")):  # the Hub, its proxy's orders, Docker
        assert ada.run(REACHES.format(addresses=["hub"], port=port)).split() == [answer]


ENDS = {
    "stopped": TASKS["stop everything (the work is kept)"],
    "the Hub crashed": "docker kill panda-class-hub-1",
    "all crashed, as when Docker is killed": "docker kill panda-class-hub-1 panda-class-ada",
}


@pytest.mark.parametrize("end", ENDS)
def test_the_work_is_kept_however_it_ends(hub, ada, end):
    ada.run(f"open('/work/note', 'w').write({end!r})")
    hub.type(ENDS[end])
    hub.start("ada", "grace")
    assert Browser.enter(hub, "ada").run("print(open('/work/note').read())").strip() == end


TRAPS = """
import os, shutil
shutil.copy("/bin/bash", "/work/shell")
os.chmod("/work/shell", 0o6755)
os.truncate(os.open("/work/holes", os.O_CREAT | os.O_WRONLY), 1 << 40)
os.path.lexists("/work/link") or os.symlink("/etc/passwd", "/work/link")
"""


def test_the_teacher_copies_and_deletes_a_pupils_work(hub, ada):
    """A pupil's setuid program would be the teacher's, and a file of holes would be written out: a terabyte."""
    ada.run(TRAPS)
    hub.type(COPY)
    copy = hub.clone.parent / "ada"
    assert (copy / "panda-to-vulture" / "notebooks" / "index.ipynb").is_file() and (copy / "link").is_symlink()
    assert (copy / "shell").stat().st_mode & 0o7000 == 0 and (copy / "holes").stat().st_blocks < 1000
    hub.type(TASKS["delete a pupil's work, here Ada's"])
    assert Browser.enter(hub, "ada").run("import os; print(os.path.exists('/work/shell'))") == "False\n"
