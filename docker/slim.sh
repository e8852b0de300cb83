#!/bin/sh
# Takes out of a Python environment what a reader of the lessons has no use for: slim.sh /opt/venv
set -eu
packages=$(echo "$1"/lib/python3*/site-packages)

# pip: nobody can install into the image when it runs. Its own tests: 80 MB, a third of it in scikit-learn and SciPy.
"$1/bin/pip" uninstall --quiet --yes pip
for package in IPython jupyterlab matplotlib mpl_toolkits networkx numpy scipy skimage sklearn tornado; do
  find "$packages/$package" -type d -name tests -prune -exec rm -rf {} +
done
# Babel's knowledge of 1000 locales: JupyterLab asks it for the names of languages that are installed, and none is.
find "$packages/babel/locale-data" -name '*.dat' ! -name root.dat ! -name 'en*.dat' -delete
# For the authors of JupyterLab and of Django.
find "$1/share/jupyter" -name '*.map' -delete
rm -rf "$packages/jedi/third_party/django-stubs"

# Its news and its extension manager would ask the internet, and an image should not need one.
"$1/bin/jupyter" labextension disable --level=sys_prefix '@jupyterlab/apputils-extension:announcements'
