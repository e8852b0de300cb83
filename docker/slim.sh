#!/bin/sh
# Takes out of a Python environment what a reader of the lessons has no use for: slim.sh /opt/venv
set -eu

# JupyterLab's news and its extension manager would use the internet, which an image should not need. Its debugger
# would miss debugpy, which is removed below.
"$1/bin/jupyter" labextension disable --level=sys_prefix '@jupyterlab/apputils-extension:announcements'
"$1/bin/jupyter" labextension disable --level=sys_prefix '@jupyterlab/debugger-extension'

# pip: nobody can install into the running image. The others, and the Hub's pages, are no use to what runs under a Hub.
"$1/bin/pip" uninstall --quiet --yes dockerspawner docker escapism pamela certipy cryptography pydantic pydantic_core \
  annotated-types typing-inspection debugpy pip
rm -rf "$1/share/jupyterhub"
# JupyterLab asks for the names of installed languages, and none is installed: 1000 others are 30 MB.
find "$1" -path '*/babel/locale-data/*' -name '*.dat' ! -name root.dat ! -name 'en*.dat' -delete

# The packages' own tests, C sources, the sources of minified scripts, and debugging symbols.
find "$1" -type d -name tests -prune -exec rm -rf {} +
find "$1" -type f \( -name '*.c' -o -name '*.pyx' -o -name '*.pxd' -o -name '*.map' \) -delete
find "$1" -type f -name '*.so*' -exec strip --strip-unneeded {} +

# Compiled code makes for a quick start, but that of all modules takes 150 MB: compile those that are used, by using them.
find "$1" -type d -name __pycache__ -prune -exec rm -rf {} +
HOME=$(mktemp -d) "$1/bin/python" -c '
import anywidget, caffe, ipykernel.kernelapp, ipywidgets, jedi, matplotlib.backends.backend_agg, matplotlib.pyplot
import matplotlib_inline
import jupyterhub.singleuser.extension, nbclient, PIL.ImageOps, pytest, scipy.stats, skimage.data, sklearn.datasets
from skimage.transform import ProjectiveTransform, warp
import sklearn.linear_model, sklearn.model_selection, tqdm.auto
from jupyter_server.serverapp import ServerApp
skimage.data.chelsea()
ServerApp.instance().initialize(["--allow-root"], new_httpserver=False)  # with its extensions, JupyterLab among them
'
# The same file twice, such as those of JupyterLab's two copies of itself, becomes one file with two names.
hardlink --quiet --ignore-time "$1"
