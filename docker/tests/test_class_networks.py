"""class/: what a crash leaves locks nobody out, and a pupil's programs reach nothing but their server and the Hub."""

import json
import socket
from ipaddress import ip_address, ip_network
from subprocess import check_call, check_output

import pytest
from engine import docker, until
from hub import PROJECT, REACHES, Browser, compose, container, hub_runs, left_over, script, up


def kill(*names: str) -> None:
    """What a power cut or a crash of the engine does: no program has time for anything."""
    docker("kill", "--signal", "KILL", *names)


HUB = f"{PROJECT}-hub-1"
WAYS_BACK = {
    "it starts": lambda: docker("start", HUB),
    "all that it knew is lost": lambda: compose("down", "--volumes"),
}


@pytest.mark.parametrize("back", WAYS_BACK)
def test_after_a_crash_a_pupil_comes_in_and_finds_the_work(hub, ada, back):
    ada.note(back)
    kill(HUB, container("ada"))
    assert f"{PROJECT}-ada" in docker("network", "ls").stdout
    WAYS_BACK[back]()
    up()
    assert Browser.enter(hub, "ada").noted() == back


def test_a_disk_that_a_crash_of_docker_left_mounted_opens(hub, ada, tmp_path):
    """The engine's mounts outlive it."""
    ada.note("by ada")
    device = docker("volume", "inspect", "--format", "{{.Options.device}}", f"{PROJECT}-ada").stdout.strip()
    check_call(["mount", device, tmp_path])
    try:
        kill(HUB, container("ada"))
        up()
        assert Browser.enter(hub, "ada").noted() == "by ada"
    finally:
        check_call(["umount", tmp_path])


def test_a_new_hub_takes_over_a_pupil_who_works_on(hub, ada):
    before = container("ada")
    kill(HUB)
    compose("up", "--detach", "--force-recreate")
    up()
    assert Browser.enter(hub, "ada").run("print(6 * 7)").strip() == "42" and container("ada") == before


def test_a_server_that_ends_by_itself_leaves_no_network(hub, ada):
    """As after two idle hours, or where it goes wrong. The Hub looks every 30 seconds."""
    kill(container("ada"))
    until(lambda: f"{PROJECT}-ada" not in docker("network", "ls").stdout, 90)
    Browser.enter(hub, "ada")


def of_this_machine() -> list[str]:
    """Its addresses, without the loopback's, which is everybody's own."""
    links = json.loads(check_output(["ip", "-json", "address"]))
    found = [ip_address(entry["local"]) for link in links for entry in link["addr_info"]]
    return [f"{one}{'%eth0' * (one.version == 6 and one.is_link_local)}" for one in found if not one.is_loopback]


def test_the_teachers_computer_is_out_of_reach(ada):
    network = json.loads(docker("network", "inspect", f"{PROJECT}-ada").stdout)[0]
    hers = [str(address) for config in network["IPAM"]["Config"] for address in ip_network(config["Subnet"]).hosts()]
    addresses = of_this_machine() + hers  # where Docker would have put this machine, as a gateway
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as server:
        asks = REACHES.format(addresses=addresses, port=server.getsockname()[1])
        assert "open" in hub_runs(asks)  # so it could be reached
        assert ada.run(asks).split() == ["shut"] * len(addresses)


ROUTES = """
with open("/proc/net/route") as old, open("/proc/net/ipv6_route") as new:
    print(sum(line.split()[1] == "00000000" for line in list(old)[1:]))
    print(sum(line.split()[:2] == ["0" * 32, "00"] and line.split()[9] != "lo" for line in new))
"""


def test_there_is_no_way_out(ada):
    """Neither a default route nor a name of the world outside."""
    assert ada.run(ROUTES).split() == ["0", "0"]
    assert hub_runs(ROUTES)[0] == "1"  # the Hub has one, so it would be seen
    assert "gaierror" in ada.run("import socket; socket.getaddrinfo('debian.org', 80)", check=False)


def test_everything_of_this_class_is_deleted_even_after_a_crash(hub, ada):
    """And nothing of another, although its name begins like this one's."""
    other = f"{PROJECT}-b-ada"
    docker("volume", "create", other)
    docker("network", "create", "--internal", "--subnet", "10.213.77.0/29", other)
    docker("run", "--detach", "--name", other, "--network", other, "panda-to-vulture", "sleep", 99)
    kill(HUB, container("ada"))
    assert script("delete.sh", answer="no").returncode == 1
    assert f"{PROJECT}-ada" in docker("volume", "ls").stdout
    done = script("delete.sh", answer="delete")
    assert done.returncode == 0, done.stdout
    for kind in ("container", "network", "volume"):
        docker(kind, "inspect", other)
        docker(kind, "rm", "--force", other)
    assert not left_over("ps", "--all") + left_over("network", "ls") + left_over("volume", "ls")
    assert PROJECT not in check_output(["losetup", "--all"], text=True)
    up()
    assert Browser.enter(hub, "ada").noted() == ""
