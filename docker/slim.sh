#!/bin/sh
# Takes out of a Python environment what a reader of the lessons has no use for: slim.sh /opt/venv
set -eu
packages=$(echo "$1"/lib/python3*/site-packages)
cd "$packages"

# Its news and its extension manager would ask the internet, and an image should not need one. Its debugger would miss
# debugpy, which is removed below.
"$1/bin/jupyter" labextension disable --level=sys_prefix '@jupyterlab/apputils-extension:announcements'
"$1/bin/jupyter" labextension disable --level=sys_prefix '@jupyterlab/debugger-extension'

# pip: nobody can install into the image when it runs. The others are for the Hub itself, not for what runs under it.
"$1/bin/pip" uninstall --quiet --yes dockerspawner docker escapism pamela certipy cryptography pydantic pydantic_core \
  annotated-types typing-inspection debugpy pip
rm -rf "$1/share/jupyterhub" sqlalchemy/testing
rm -f ./*.dist-info/RECORD # what pip would uninstall
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
# Fonts for browsers from before 2014. All later ones read .woff2.
find "$1/share/jupyter" \( -name '*.eot' -o -name '*.ttf' \) -delete
grep -rl --include='*.svg' '<font-face' "$1/share/jupyter" | xargs rm
# JupyterLab's second copy of itself (share/jupyter/lab is the one that runs), and what tests it; anywidget's, too.
rm -rf jupyterlab/static jupyterlab/galata jupyter_builder/yarn.js anywidget/labextension anywidget/nbextension
# Compiled copies of Python files that work without: only a figure saved as PDF or SVG would notice.
find fontTools -name '*.so' -delete
# scikit-image is here for its photographs and for perspective (lesson 8), which takes a little of `measure`: no lesson
# filters or segments with it, and networkx is only for that.
find skimage -mindepth 1 -maxdepth 1 -type d ! -name data ! -name _shared ! -name _vendored ! -name io ! -name util \
  ! -name color ! -name exposure ! -name transform ! -name measure -exec rm -rf {} +
find skimage/data -size +60k ! -name astronaut.png ! -name chelsea.png ! -name coffee.png ! -name rocket.jpg \
  ! -name lfw_subset.npy -delete
rm -rf networkx networkx-*.dist-info
# scikit-learn is here for its straight lines: no lesson grows trees, or looks for clusters or neighbours.
rm -rf sklearn/cluster sklearn/decomposition sklearn/ensemble sklearn/manifold sklearn/neighbors sklearn/tree

# Caffe takes SciPy's OpenBLAS, so the image needs none of Debian's (50 MB). It is the same library, with "scipy_" before
# each name. NumPy's own has integers of another size, so it stays.
nm --dynamic --undefined-only caffe/_caffe.*.so | awk '/blas/ { print $2, "scipy_" $2 }' >/tmp/names
patchelf --rename-dynamic-symbols /tmp/names --set-rpath "\$ORIGIN/../scipy.libs" \
  --replace-needed libopenblas.so.0 "$(cd scipy.libs && echo libscipy_openblas-*.so)" caffe/_caffe.*.so

# Compiled code makes for a quick start, but that of all modules takes 100 MB: compile those that are used, by using them.
find . -type d -name __pycache__ -prune -exec rm -rf {} +
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
# The same file twice, such as fonts, becomes one file with two names.
hardlink --quiet --ignore-time "$1"
