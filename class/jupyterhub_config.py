"""JupyterHub for one class on one machine: whoever logs in gets a container of the course. start.sh starts it.

The Hub runs in a container itself, and asks the machine's Docker engine for those of the pupils.
"""

import asyncio
import math
import os
import socket
from ipaddress import ip_network
from pathlib import Path

from docker.types import IPAMConfig, IPAMPool
from dockerspawner import DockerSpawner
from traitlets import default

c = get_config()  # noqa: F821 - JupyterHub defines it
NAME = os.environ["COMPOSE_PROJECT_NAME"]  # begins the name of every container, volume and network

# --- Who may in: pupils with any name and the class's password, the teacher with another. Any other authenticator of
# JupyterHub's may take this one's place, such as your school's: https://jupyterhub.readthedocs.io
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = os.environ["CLASS_PASSWORD"]
c.SharedPasswordAuthenticator.admin_password = os.environ["TEACHER_PASSWORD"]
c.Authenticator.admin_users = {"teacher"}
c.Authenticator.allow_all = True
c.Authenticator.username_pattern = r"\w{1,18}\Z"  # letters and digits; longer ones would not fit into Docker's names
c.JupyterHub.load_roles = [{"name": "teacher", "users": ["teacher"], "scopes": ["admin-ui", "access:servers"]}]

# --- The way to the Hub: port 8000, for browsers, and 8081, for the pupils' containers.
c.JupyterHub.bind_url = "http://:8000"
if Path("/tls/key.pem").exists():
    c.JupyterHub.bind_url = "https://:8000"
    c.JupyterHub.ssl_key, c.JupyterHub.ssl_cert = "/tls/key.pem", "/tls/cert.pem"
c.JupyterHub.hub_ip = "0.0.0.0"
c.JupyterHub.hub_connect_ip = "hub"
c.JupyterHub.db_url = "sqlite:////hub/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = "/hub/cookie_secret"


# --- What each pupil gets.
class ClassSpawner(DockerSpawner):
    """A container in a network of its own, which it shares with the Hub alone: no pupil reaches another's ports."""

    turn = asyncio.Lock()  # two networks must not choose the same addresses

    @default("network_name")
    def _network_of_its_own(self) -> str:
        return f"{NAME}-{self.escaped_name}"

    async def start(self):
        async with ClassSpawner.turn:
            networks = await self.docker("networks")
            if self.network_name not in [network["Name"] for network in networks]:
                pool = IPAMPool(subnet=str(unused(networks)))
                # Internal: there is no way out to the internet, of which no lesson has need.
                await self.docker(
                    "create_network", self.network_name, internal=True, ipam=IPAMConfig(pool_configs=[pool])
                )
                await self.docker(
                    "connect_container_to_network", socket.gethostname(), self.network_name, aliases=["hub"]
                )
        return await super().start()

    async def stop(self, now=False):
        await super().stop(now)
        await self.docker("disconnect_container_from_network", socket.gethostname(), self.network_name)
        await self.docker("remove_network", self.network_name)


def unused(networks):
    """Addresses for one more network. Docker's own choice ends at 31 networks, which is a class without its teacher."""
    taken = [ip_network(pool["Subnet"]) for network in networks for pool in network["IPAM"]["Config"] or []]
    pools = ip_network(os.environ["SUBNETS"]).subnets(new_prefix=29)
    return next(pool for pool in pools if not any(pool.overlaps(other) for other in taken if other.version == 4))


c.JupyterHub.spawner_class = ClassSpawner
c.DockerSpawner.image = os.environ["COURSE_IMAGE"]
c.DockerSpawner.cmd = ["jupyterhub-singleuser"]
c.DockerSpawner.prefix = NAME
c.DockerSpawner.volumes = {f"{NAME}-{{username}}": "/work"}  # the pupil's work outlives the container
c.DockerSpawner.remove = True
c.DockerSpawner.mem_limit = os.environ["MEMORY"]
c.DockerSpawner.cpu_limit = float(os.environ["CPUS"])
c.DockerSpawner.extra_host_config = {
    "pids_limit": 1000,
    "read_only": True,
    "tmpfs": {"/tmp": "size=256m,mode=1777"},
    "cap_drop": ["ALL"],
    "security_opt": ["no-new-privileges:true"],
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
c.JupyterHub.active_server_limit = int(os.environ["PUPILS"])
