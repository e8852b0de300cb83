#!/bin/sh
# Takes out of a Python environment what a reader of the lessons has no use for: slim.sh /opt/venv
set -eu
packages=$(echo "$1"/lib/python3*/site-packages)

# Its news and its extension manager would ask the internet, and an image should not need one.
"$1/bin/jupyter" labextension disable --level=sys_prefix '@jupyterlab/apputils-extension:announcements'

# pip: nobody can install into the image when it runs.
"$1/bin/pip" uninstall --quiet --yes pip
# The packages' own tests, C sources and debugging symbols.
for package in IPython jupyterlab matplotlib mpl_toolkits networkx numpy scipy skimage sklearn tornado; do
  find "$packages/$package" -type d -name tests -prune -exec rm -rf {} +
done
find "$packages" -type f \( -name '*.c' -o -name '*.pyx' -o -name '*.pxd' \) -delete
find "$packages" -type f -name '*.so' -exec strip --strip-unneeded {} +
# What is known of 1000 locales (JupyterLab asks for the names of installed languages, and none is), of other
# people's packages (for completion), and of JupyterLab's own source (for its authors).
find "$packages/babel/locale-data" -name '*.dat' ! -name root.dat ! -name 'en*.dat' -delete
rm -rf "$packages/jedi/third_party/typeshed/stubs" "$packages/jedi/third_party/django-stubs"
find "$1/share/jupyter" -name '*.map' -delete

# Compiled code makes for a quick start, but that of all modules takes 100 MB: compile those that are used, by using them.
find "$packages" -type d -name __pycache__ -prune -exec rm -rf {} +
HOME=$(mktemp -d) "$1/bin/python" -c '
import caffe, ipykernel.kernelapp, ipywidgets, jedi, matplotlib.backends.backend_agg, matplotlib.pyplot, matplotlib_inline
import nbclient, PIL.ImageOps, pytest, scipy.stats, skimage.data, sklearn.linear_model, tqdm.auto, voila.app
from jupyter_server.serverapp import ServerApp
skimage.data.chelsea()
ServerApp.instance().initialize(["--allow-root"], new_httpserver=False)  # with its extensions, JupyterLab among them
'
