"""How JupyterLab runs inside the image, beside jupyter_server_config.json, which holds everywhere.

docker/entrypoint.sh starts it in the folder with the lessons.
"""

import os

c = get_config()  # noqa: F821 - Jupyter defines it

# Only what `docker run --publish` lets through reaches this. The token is Jupyter's own: random, new at each start.
c.ServerApp.ip = "*"
c.ServerApp.port = 8888
c.ServerApp.port_retries = 0
c.ServerApp.max_body_size = 50_000_000  # bytes: no photograph is larger, and no upload can fill the memory
c.KernelManager.transport = "ipc"  # between the server and the lessons: no ports

# A lesson whose page was closed ends, and gives its memory back.
idle = int(os.environ.get("IDLE_SECONDS", 3600))
c.MappingKernelManager.cull_idle_timeout = idle
c.MappingKernelManager.cull_interval = min(idle, 60)

# The address to click, of the machine outside and with the port that is published there.
c.ServerApp.custom_display_url = f"http://127.0.0.1:{os.environ.get('PORT') or 8888}"
c.ServerApp.open_browser = False

# What is deleted is gone: nobody sees the bin, which on a full disk would keep all the room.
c.FileContentsManager.delete_to_trash = False

c.LabApp.default_url = "/lab/tree/notebooks/index.ipynb"
c.LabApp.extension_manager = "readonly"  # nothing can be installed here, and nothing asks the internet
