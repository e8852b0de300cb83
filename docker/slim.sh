#!/bin/sh
# Takes out of a Python environment what a reader of the lessons has no use for: slim.sh /opt/venv
#
# The large things that stay, and what they are for: SciPy (94 MB with its OpenBLAS) for intervals, paired tests, dreams'
# blur and scikit-learn; NumPy (45 MB) for everything; scikit-learn (24 MB) for lesson 4; Matplotlib (22 MB) for the
# figures; JupyterLab (20 MB) and Voila (14 MB) for the pages; Pillow (20 MB) for picture files. Of Debian: OpenBLAS
# and oneDNN (70 MB), which Caffe is as fast as.
set -eu
packages=$(echo "$1"/lib/python3*/site-packages)
cd "$packages"

# Its news and its extension manager would ask the internet, and an image should not need one.
"$1/bin/jupyter" labextension disable --level=sys_prefix '@jupyterlab/apputils-extension:announcements'

# pip: nobody can install into the image when it runs. The others are for the Hub itself, not for what runs under it.
"$1/bin/pip" uninstall --quiet --yes dockerspawner docker escapism pamela certipy cryptography pydantic pydantic_core \
  annotated-types typing-inspection pip
rm -rf "$1/share/jupyterhub" sqlalchemy/testing
# The packages' own tests, C sources and debugging symbols.
for package in IPython jupyterlab matplotlib mpl_toolkits networkx numpy scipy skimage sklearn tornado; do
  find $package -type d -name tests -prune -exec rm -rf {} +
done
find . -type f \( -name '*.c' -o -name '*.pyx' -o -name '*.pxd' \) -delete
find . -type f -name '*.so*' -exec strip --strip-unneeded {} +
# What is known of 1000 locales (JupyterLab asks for the names of installed languages, and none is), of other
# people's packages (for completion), and of JupyterLab's own source (for its authors).
find babel/locale-data -name '*.dat' ! -name root.dat ! -name 'en*.dat' -delete
rm -rf jedi/third_party/typeshed/stubs jedi/third_party/django-stubs
find . "$1/share/jupyter" -name '*.map' -delete
# JupyterLab's second copy of itself (share/jupyter/lab is the one that runs), and what tests it; anywidget's, too.
rm -rf jupyterlab/static jupyterlab/galata jupyter_builder/yarn.js anywidget/labextension anywidget/nbextension
# Compiled copies of Python files that work without: only a figure saved as PDF or SVG would notice.
find fontTools -name '*.so' -delete
# scikit-image is here for its photographs: no lesson filters or segments with it, and networkx is only for that.
find skimage -mindepth 1 -maxdepth 1 -type d ! -name data ! -name _shared ! -name _vendored ! -name io ! -name util \
  ! -name color ! -name exposure ! -name transform -exec rm -rf {} +
rm -rf networkx networkx-*.dist-info skimage/data/motorcycle*

# Compiled code makes for a quick start, but that of all modules takes 100 MB: compile those that are used, by using them.
find . -type d -name __pycache__ -prune -exec rm -rf {} +
HOME=$(mktemp -d) "$1/bin/python" -c '
import anywidget, caffe, ipykernel.kernelapp, ipywidgets, jedi, matplotlib.backends.backend_agg, matplotlib.pyplot
import matplotlib_inline
import jupyterhub.singleuser.extension, nbclient, PIL.ImageOps, pytest, scipy.stats, skimage.data, sklearn.datasets
import sklearn.linear_model, sklearn.model_selection, tqdm.auto, voila.app
from jupyter_server.serverapp import ServerApp
skimage.data.chelsea()
ServerApp.instance().initialize(["--allow-root"], new_httpserver=False)  # with its extensions, JupyterLab among them
'
