"""class/: whoever fills a disk fills their own, is told so, and can go on; nobody else notices."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from engine import docker
from hub import PASSWORDS, PROJECT, Browser, changed, compose, container, hub_runs, script

DISK = 100 << 20  # bytes


def taken(name: str) -> int:
    """Bytes of the machine's disk that a pupil has: of the volume, the container, and the log."""
    found = json.loads(docker("inspect", "--size", container(name)).stdout)[0]
    disk = compose("exec", "-T", "hub", "du", "--block-size=1", f"/disks/{PROJECT}-{name}.img")
    logs = Path(found["LogPath"])
    sizes = [file.stat().st_size for file in logs.parent.glob(f"{logs.name}*")]
    return int(disk.split()[0]) + found["SizeRw"] + sum(sizes)


ATTACKS = {
    "empty files": "for n in range(10 ** 9): open(f'/work/attack/{n}', 'wb').close()",
    "files that nobody sees": """
files = []
while True:
    files.append(open('/work/attack/file', 'wb', buffering=0))
    os.unlink('/work/attack/file')
    if files[-1].write(bytes(1 << 20)) < 1 << 20: files[-1].write(b'!')""",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_whoever_writes_without_end_fills_their_own_disk(hub, attack):
    empty = "import os, shutil; shutil.rmtree('/work/attack', ignore_errors=True); os.makedirs('/work/attack')\n"
    said = Browser.enter(hub, "trudy").run(empty + ATTACKS[attack], check=False)
    assert "No space left on device" in said
    assert DISK <= taken("trudy") < DISK + (1 << 20)


def test_a_log_does_not_grow_without_end(ada):
    """Programs may write where the container's own first process writes, and Docker keeps that."""
    ada.run("with open('/proc/1/fd/1', 'w') as log:\n for _ in range(50): log.write('x' * 1_000_000 + '\\n')")
    assert "x" * 1000 in docker("logs", "--tail", 99, container("ada")).stdout
    assert taken("ada") < DISK + 12_000_000


def test_nothing_else_can_be_written(ada):
    where = "import os; [print(folder) for folder, *_ in os.walk('/') if os.access(folder, os.W_OK)]"
    found = {folder for folder in ada.run(where).splitlines() if not folder.startswith(("/proc", "/work"))}
    tops = sorted(folder for folder in found if str(Path(folder).parent) not in found)
    kinds = set(ada.run(f"import os; os.system('stat --file-system --format %T {' '.join(tops)}')").split())
    assert "tmpfs" in kinds <= {"tmpfs", "mqueue"}, tops  # in memory, which is bounded


FILL = "with open('/work/panda-to-vulture/{}', 'wb', buffering=0) as f:\n while True: f.write(bytes(4096))"


def test_a_full_disk_says_so_and_the_pupil_goes_on(ada, grace):
    page = "/user/ada/api/contents/notebooks/01-meet-googlenet.ipynb"
    notebook = ada.page(page).json()
    assert "No space left on device" in ada.run(FILL.format("big.bin"), check=False)
    refused = ada.send("PUT", page, "/user/ada/", json=notebook)
    assert refused.status_code == 500 and "No space left on device" in refused.json()["message"], refused.text
    assert ada.page(page).json()["content"] == notebook["content"]  # as it was saved before
    grace.run("open('/work/hers', 'wb').write(bytes(20_000_000)); import os; os.sync()")

    ada.run("import os; os.remove('/work/panda-to-vulture/README.md')\n" + FILL.format("more.bin"), check=False)
    ada.stop()
    ada.start()  # although there is no room for what the start brings back
    delete = ada.send("DELETE", "/user/ada/api/contents/big.bin", "/user/ada/")  # as the file browser does
    assert delete.status_code == 204
    assert ada.send("PUT", page, "/user/ada/", json=notebook).status_code == 200


def refused(hub: str, name: str) -> str:
    """What somebody reads who does not come in. They leave nothing behind."""
    pupil = Browser(hub, name, PASSWORDS["CLASS_PASSWORD"])
    said = pupil.page("/hub/spawn").text + pupil.page(f"/hub/spawn-pending/{name}").text
    assert f"{PROJECT}-{name}" not in docker("volume", "ls").stdout + docker("network", "ls").stdout
    return said


def delete(*names: str, answer: str = "delete") -> int:
    return script("delete.sh", *names, answer=answer).returncode


def test_a_larger_limit_reaches_a_disk_that_is_there(hub):
    Browser.enter(hub, "lin").note("kept")
    with changed(DISK="150M"):
        lin = Browser.enter(hub, "lin")
        assert 120 << 20 < int(lin.run("import shutil; print(shutil.disk_usage('/work').total)")) <= 150 << 20
        assert lin.noted() == "kept"


def test_no_room_on_the_machine_is_a_sentence(hub):
    """A disk would fit, but leave the computer without room for its own work."""
    free = shutil.disk_usage(docker("info", "--format", "{{.DockerRootDir}}").stdout.strip()).free
    with changed(DISK=free - (1 << 30)):
        assert "has no room for a disk" in refused(hub, "eve")


def test_new_names_take_no_more_disks_than_the_class_has_pupils(hub, ada, grace):
    """Until the teacher, who has one of their own, deletes somebody's."""
    grace.note("by grace")
    disks = len({*hub_runs("import disk; print(*disk.volumes())")} - {f"{PROJECT}-teacher"})
    with changed(PUPILS=disks):
        assert f"has {disks} disks" in refused(hub, "oscar")
        Browser(hub, "teacher", PASSWORDS["TEACHER_PASSWORD"]).start()
        ada = Browser.enter(hub, "ada")
        ada.note("by ada")
        assert Browser.enter(hub, "grace").noted() == "by grace"
        assert (delete("oscar"), delete(""), delete("grace", "ada")) == (1, 1, 2)
        assert delete("grace", answer="no") == 1 and container("grace")
        assert delete("grace") == 0 and not container("grace")  # while she is there
        assert f"{PROJECT}-grace" not in subprocess.check_output(["losetup", "--all"], text=True)
        Browser.enter(hub, "oscar")
        assert ada.noted() == "by ada"
        assert delete("oscar") == 0
        assert Browser.enter(hub, "grace").noted() == ""
