"""JupyterHub for one class on one computer: whoever logs in gets a container of the course. start.sh starts it.

The Hub runs in a container itself, and asks the computer's Docker engine for those of the pupils.
"""

import os

c = get_config()  # noqa: F821 - JupyterHub defines it
NAME = os.environ["COMPOSE_PROJECT_NAME"]  # begins the name of every container and volume

# --- Who may log in.
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = os.environ["CLASS_PASSWORD"]
c.SharedPasswordAuthenticator.admin_password = os.environ["TEACHER_PASSWORD"]
c.Authenticator.admin_users = {"teacher"}
c.Authenticator.allowed_users = {"teacher", *os.environ["PUPILS"].split()}
c.Authenticator.allow_existing_users = False  # or whoever is taken off the list could still log in
c.JupyterHub.cookie_max_age_days = 10 / 24  # a login lasts a school day

# --- The way to the Hub. Browsers come to port 8000, and the pupils' containers to port 8081.
c.JupyterHub.hub_ip = "0.0.0.0"
c.JupyterHub.hub_connect_ip = "hub"  # its name in the pupils' network
# In memory: after a crash, the number in it may be of another process, and the Hub would not start.
c.ConfigurableHTTPProxy.pid_file = "/dev/shm/proxy.pid"

# --- What each pupil gets.
c.JupyterHub.spawner_class = "docker"
c.DockerSpawner.image = "panda-to-vulture"
c.DockerSpawner.cmd = ["jupyterhub-singleuser"]
c.DockerSpawner.prefix = NAME
c.DockerSpawner.network_name = f"{NAME}_pupils"
c.DockerSpawner.volumes = {f"{NAME}-{{username}}": "/work"}  # the pupil's work outlives the container
c.DockerSpawner.remove = True
c.DockerSpawner.mem_limit = "2G"
c.DockerSpawner.cpu_limit = 2
c.DockerSpawner.extra_host_config = {
    "pids_limit": 1000,
    "read_only": True,
    "tmpfs": {"/tmp": "size=256m,mode=1777"},
    "cap_drop": ["ALL"],
    "security_opt": ["no-new-privileges:true"],
    "log_config": {"Type": "json-file", "Config": {"max-size": "10m"}},  # pupils' programs may write there
}
c.Spawner.default_url = "/lab/tree/notebooks/index.ipynb"
# As many threads as cores that it may use. Otherwise a lesson would start one for each core there is, and get slower.
c.Spawner.environment = {"OMP_NUM_THREADS": "2", "TRICKNET_RECORD": os.environ["RECORD"]}
c.Spawner.args = ["--ServerApp.shutdown_no_activity_timeout=7200"]  # seconds
c.Spawner.start_timeout = c.Spawner.http_timeout = 120  # seconds: a whole class may come at once
