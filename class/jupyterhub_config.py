"""JupyterHub for one class on one machine: whoever logs in gets a container of the course. start.sh starts it.

The Hub runs in a container itself, and asks the machine's Docker engine for those of the pupils.
"""

import asyncio
import math
import os
import socket
import sys
from collections import Counter, defaultdict
from contextlib import suppress
from ipaddress import ip_address, ip_network
from itertools import count
from pathlib import Path
from secrets import compare_digest

import disk
from docker.errors import APIError, NotFound
from docker.types import IPAMConfig, IPAMPool
from docker.utils import parse_bytes
from dockerspawner import DockerSpawner
from jupyterhub.auth import Authenticator
from tornado.web import HTTPError
from traitlets import default

c = get_config()  # noqa: F821 - JupyterHub defines it
NAME = os.environ["COMPOSE_PROJECT_NAME"]  # begins the name of every container, volume and network
HUB = socket.gethostname()  # the number of this container
DISK, PUPILS = parse_bytes(os.environ["DISK"]), int(os.environ["PUPILS"])
TEACHERS = f"{NAME}-teacher"  # disk, which is there for them beside the pupils'
SUBNETS = ip_network(os.environ["SUBNETS"])


# --- Who may in: pupils with any name and the class's password, the teacher with another. Any other authenticator of
# JupyterHub's may take this one's place, such as your school's: https://jupyterhub.readthedocs.io
class ClassAuthenticator(Authenticator):
    """One password for all pupils, another for the teacher, and a wait after wrong ones.

    JupyterHub's `shared-password` makes whoever has the second password the Hub's admin, who may do everything, and no
    part of JupyterHub's counts wrong passwords.
    """

    def __init__(self, **settings):
        super().__init__(**settings)
        self.wrong = Counter()  # passwords in a row, from each address and of each name
        self.turns = defaultdict(asyncio.Lock)

    async def authenticate(self, handler, data):
        name = self.normalize_username(data.get("username", ""))
        if not self.validate_username(name):
            raise HTTPError(403, "A name has 1 to 18 letters and digits, and no spaces or other characters.")
        password = os.environ["TEACHER_PASSWORD" if name == "teacher" else "CLASS_PASSWORD"]
        address, tried = ("address", computer(handler.request)), ("name", name)
        try:
            # Tries from one address or of one name take turns, or a thousand at once would wait no longer than one. A
            # computer has one place in the queue of a name, which moves fast: it cannot keep that name's owner out.
            async with asyncio.timeout(30), self.turns[address]:
                await asyncio.sleep(wait(self.wrong[address], longest=8))
                async with self.turns[tried]:
                    await asyncio.sleep(wait(self.wrong[tried], longest=2))
                    if compare_digest(data.get("password", "").encode(), password.encode()):
                        del self.wrong[address], self.wrong[tried]
                        return {"name": name, "admin": False}
                    self.wrong.update([address, tried])
        except TimeoutError:
            raise HTTPError(429, "Too many wrong passwords were tried here. Wait a minute, then try again.") from None
        raise HTTPError(403, "This is not the right password. The pupils' and the teacher's are different.")


def computer(request):
    """Where a login comes from: an address, or SUBNETS for all pupils' containers, from which nobody needs to log in.

    Tornado believes what a request says of its address. We believe the connection, and where that is from the proxy,
    which is in this container, the last word in X-Forwarded-For, which is the proxy's own.
    """
    connection = request.connection.stream.socket
    address, own = connection.getpeername()[0], connection.getsockname()[0]
    if address == own:
        address = request.headers.get("X-Forwarded-For", own).rpartition(",")[2].strip().removeprefix("::ffff:")
    return SUBNETS if ip_address(address) in SUBNETS else address


def wait(wrong, *, longest):
    """Seconds before the next try: none after a slip or two, then 1, 2, 4 ... It is a delay, and never a lock."""
    return min(2 ** (wrong - 3), longest) if wrong >= 3 else 0


c.JupyterHub.authenticator_class = ClassAuthenticator
c.Authenticator.allow_all = True
c.Authenticator.username_pattern = r"\w{1,18}\Z"  # letters and digits; longer ones would not fit into Docker's names
if os.environ["CLASS_PASSWORD"] == os.environ["TEACHER_PASSWORD"]:
    sys.exit("CLASS_PASSWORD and TEACHER_PASSWORD are the same in class/.env. Change one, or every pupil is a teacher.")

# --- What they may do. A pupil's server may answer with any page, whose script may do at the Hub what its reader may.
# So each has what a class needs and no more. Nobody is the Hub's admin, opens another's server, or makes tokens.
c.JupyterHub.load_roles = [
    {"name": "user", "scopes": ["read:users!user", "users:activity!user", "servers!user", "access:servers!user"]},
    {
        "name": "teacher",
        "users": ["teacher"],
        "scopes": ["admin-ui", "list:users", "read:users:activity", "read:servers", "delete:servers"],
    },
    {"name": "admin", "users": []},
]
c.JupyterHub.template_paths = [str(Path(__file__).parent / "templates")]
# Where each server has a name of its own, a browser keeps its pages away from the Hub and from each other.
c.JupyterHub.subdomain_host = os.environ["SUBDOMAINS"]
c.JupyterHub.cookie_host_prefix_enabled = os.environ["SUBDOMAINS"].startswith("https:")  # they set none for the Hub
# A login lasts a school day, and no other site can use it.
c.JupyterHub.cookie_max_age_days = 10 / 24
c.JupyterHub.tornado_settings = {
    "cookie_options": {"samesite": "Lax", "expires_days": c.JupyterHub.cookie_max_age_days}
}

# --- The way to the Hub: port 8000, for browsers, and 8081, for the pupils' containers.
c.JupyterHub.bind_url = "http://:8000"
if Path("/tls/key.pem").exists():
    c.JupyterHub.bind_url = "https://:8000"
    c.JupyterHub.ssl_key, c.JupyterHub.ssl_cert = "/tls/key.pem", "/tls/cert.pem"
c.JupyterHub.hub_ip = "0.0.0.0"
c.JupyterHub.hub_connect_ip = "hub"
c.JupyterHub.db_url = "sqlite:////hub/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = "/hub/cookie_secret"
# In memory: after a crash, the number in it may be of another process, and the Hub would not start.
c.ConfigurableHTTPProxy.pid_file = "/dev/shm/proxy.pid"
c.ConfigurableHTTPProxy.command = ["node", "--require=/etc/jupyterhub/proxy.js", "/usr/bin/configurable-http-proxy"]


# --- What each pupil gets.
class ClassSpawner(DockerSpawner):
    """A container in a network of its own, which it shares with the Hub alone: no pupil reaches another's ports."""

    turn = asyncio.Lock()  # two networks must not choose the same addresses

    @property
    def own_name(self):
        """Of the container, the network and the volume."""
        return f"{NAME}-{self.escaped_name}"

    @default("network_name")
    def _network_of_its_own(self) -> str:
        return self.own_name

    async def start(self):
        await self.end_container()
        await self.end_network()
        async with ClassSpawner.turn:
            await self.own_volume()
            await self.own_network()
        return await super().start()

    async def poll(self):
        status = await super().poll()
        if status is None:
            await self.join_network()  # a new Hub finds the containers that an earlier one started
        return status

    async def own_network(self):
        pool = IPAMPool(subnet=str(unused(await self.docker("networks"))))
        await self.docker(
            "create_network",
            self.network_name,
            internal=True,  # there is no way out to the internet, of which no lesson has need,
            options={"com.docker.network.bridge.inhibit_ipv4": "true"},  # and none to this machine
            ipam=IPAMConfig(pool_configs=[pool]),
        )
        await self.join_network()

    async def join_network(self):
        found = await self.docker("inspect_network", self.network_name)
        if not any(number.startswith(HUB) for number in found["Containers"]):
            await self.docker("connect_container_to_network", HUB, self.network_name, aliases=["hub"])

    async def end_container(self):
        """Remove the container that a crash may have left, or that Docker is removing."""
        while await self.get_object():
            try:
                await self.docker("remove_container", self.container_name, force=True)
            except APIError as error:
                if error.status_code not in (404, 409):
                    raise
            await asyncio.sleep(0.1)

    async def end_network(self):
        """Remove the network, and from it whatever a crash may have left."""
        with suppress(NotFound):
            found = await self.docker("inspect_network", self.network_name)
            for container in found["Containers"].values():
                await self.docker("disconnect_container_from_network", container["Name"], self.network_name, force=True)
            await self.docker("remove_network", self.network_name)

    async def own_volume(self):
        """Docker's name for the pupil's disk, which is made, mended or larger now, and behind its loop device."""
        found = (await self.docker("volumes"))["Volumes"] or []
        devices = {volume["Name"]: (volume["Options"] or {}).get("device") for volume in found}
        free = (name for name in map("/dev/loop{}".format, count(disk.FIRST)) if name not in devices.values())
        device = devices.get(self.own_name) or next(free)
        pupils = disk.volumes() - {TEACHERS}
        if self.own_name not in pupils | {TEACHERS} and len(pupils) >= PUPILS:
            raise disk.DiskError(f"This class already has {PUPILS} disks, one for each pupil. Tell your teacher.")
        await asyncio.to_thread(disk.prepare, self.own_name, device, DISK)
        if self.own_name not in devices:
            options = {"type": "ext4", "device": device, "o": "nosuid,nodev"}
            await self.docker("create_volume", self.own_name, "local", options)
        await asyncio.to_thread(disk.attach, self.own_name, device)


def unused(networks):
    """Addresses for one more network. Docker's own choice ends at 31 networks, which is a class without its teacher."""
    taken = [ip_network(pool["Subnet"]) for network in networks for pool in network["IPAM"]["Config"] or []]
    pools = SUBNETS.subnets(new_prefix=29)
    return next(pool for pool in pools if not any(pool.overlaps(other) for other in taken if other.version == 4))


c.JupyterHub.spawner_class = ClassSpawner
c.DockerSpawner.image = os.environ["COURSE_IMAGE"]
c.DockerSpawner.cmd = ["jupyterhub-singleuser"]
c.DockerSpawner.prefix = NAME
c.DockerSpawner.volumes = {f"{NAME}-{{username}}": "/work"}  # the pupil's work outlives the container
c.DockerSpawner.remove = True
c.Spawner.post_stop_hook = ClassSpawner.end_network  # however it ended
c.DockerSpawner.mem_limit = os.environ["MEMORY"]
c.DockerSpawner.cpu_limit = float(os.environ["CPUS"])
c.DockerSpawner.extra_host_config = {
    "pids_limit": 1000,
    "read_only": True,
    "tmpfs": {"/tmp": "size=256m,mode=1777"},
    "cap_drop": ["ALL"],
    "security_opt": ["no-new-privileges:true"],
    "log_config": {"Type": "json-file", "Config": {"max-size": "10m"}},  # pupils' programs may write there
}
c.Spawner.default_url = "/lab/tree/notebooks/index.ipynb"
c.Spawner.environment = {
    "IDLE_SECONDS": "1200",  # a lesson whose page is closed ends after 20 minutes
    # Otherwise a lesson would start a thread for each core of the machine, most of which it may not use. Where one core
    # was allowed, 16 threads needed 1.7 times as much processor time as one thread.
    "OMP_NUM_THREADS": str(math.ceil(c.DockerSpawner.cpu_limit)),
}
# A container that nobody uses ends after two hours.
c.Spawner.args = ["--ServerApp.shutdown_no_activity_timeout=7200"]
c.Spawner.start_timeout = c.Spawner.http_timeout = 300  # seconds: a whole class may come at once
c.JupyterHub.concurrent_spawn_limit = 10
