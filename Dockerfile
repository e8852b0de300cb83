# Panda to Vulture as an image: Debian, Caffe, the networks' weights, JupyterLab, the lessons and the site.
#
#   docker build --tag panda-to-vulture .
#   docker run --rm --publish 127.0.0.1:8888:8888 panda-to-vulture
#
# To build on exactly the same Debian every time: --build-arg DEBIAN=debian:trixie-slim@sha256:...
ARG DEBIAN=debian:trixie-slim

# ---- base: what runs. Caffe is linked to Debian's own Python and libraries, so both stages share this one.
FROM ${DEBIAN} AS base
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
# No manuals and translations, but every licence. The versions of the packages are not pinned one by one: Debian stable
# changes them for security only, and drops the old ones at once.
COPY docker/dpkg.cfg /etc/dpkg/dpkg.cfg.d/panda-to-vulture
COPY requirements/apt.txt /opt/requirements/
COPY scripts/packages.sh /opt/scripts/
RUN apt-get update \
 && /opt/scripts/packages.sh run image | xargs apt-get install --yes --no-install-recommends \
 && apt-get clean \
 && hardlink --quiet /usr/share/doc \
 && rm -rf /usr/lib/python3*/test /var/lib/apt/lists/* /var/cache/debconf/* /var/log/*
ENV PATH=/opt/venv/bin:$PATH

# ---- build: compilers, and the Python environment that is made with them. Thrown away, but for /opt/venv.
FROM base AS build
WORKDIR /build
# The base's SHELL, with pipefail, holds here too.
# hadolint ignore=DL3009,DL4006
RUN apt-get update && /opt/scripts/packages.sh build | xargs apt-get install --yes --no-install-recommends
# Caffe before the Python packages: it takes longest and changes least.
# Of its folder only what it is built from: neither its tests nor its pages build it again.
COPY caffe-cpu/build.sh caffe-cpu/CMakeLists.txt caffe-cpu/LICENSE caffe-cpu/pyproject.toml caffe-cpu/
COPY caffe-cpu/python caffe-cpu/python
COPY caffe-cpu/shim caffe-cpu/shim
COPY caffe-cpu/src caffe-cpu/src
COPY requirements/build.txt requirements/caffe.txt requirements/
RUN caffe-cpu/build.sh python3 wheels
COPY requirements.txt .
COPY requirements/hub.txt requirements/
# A Hub of another version wants its own: --build-arg JUPYTERHUB_VERSION=5.4.6
ARG JUPYTERHUB_VERSION=
# The course comes after all packages on Python's path, so nothing in its folder can stand in for one of them.
RUN python3 -m venv /opt/venv \
 && echo /opt/panda-to-vulture >"$(echo /opt/venv/lib/python3*/site-packages)/panda-to-vulture.pth" \
 && pip install --no-cache-dir --require-hashes --requirement requirements.txt --requirement requirements/hub.txt \
 && pip install --no-cache-dir --no-deps wheels/caffe_cpu-*.whl \
 && { [ -z "$JUPYTERHUB_VERSION" ] || pip install --no-cache-dir "jupyterhub==$JUPYTERHUB_VERSION"; }

# ---- venv: the same without what a reader has no use for.
FROM build AS venv
COPY docker/slim.sh .
RUN ./slim.sh /opt/venv
COPY docker/jupyter/jupyter_server_config.* /opt/venv/etc/jupyter/
COPY docker/jupyter/overrides.json /opt/venv/share/jupyter/lab/settings/overrides.json
COPY docker/jupyter/labextensions /opt/venv/share/jupyter/labextensions

# ---- weights: a layer of their own. They come with the repository; if GoogLeNet's are missing, they are downloaded.
FROM build AS weights
WORKDIR /opt/panda-to-vulture
COPY models models
COPY scripts/download_model.py scripts/download_model.sh scripts/
RUN ln -s /build/caffe-cpu . && scripts/download_model.sh \
 && chmod -R a+rX models

# ---- site: the pages and their lab, made as `make site` makes them.
FROM build AS site
COPY requirements/site.txt requirements/
# hadolint ignore=DL4006
RUN /opt/scripts/packages.sh site | xargs apt-get install --yes --no-install-recommends
RUN pip install --no-cache-dir --require-hashes --requirement requirements/site.txt
WORKDIR /opt/panda-to-vulture
# As with -P: no program imports what lies in the folder where it runs.
ENV PYTHONSAFEPATH=1
COPY . .
COPY --from=weights /opt/panda-to-vulture/models models
RUN ln -s /opt/venv .venv \
 && python3 -m web.pages.build web/site && web/build.sh web/site \
 && chmod -R a+rX web/site

# ---- project: everything else, readable by every user whatever the umask was under which it was cloned.
FROM base AS project
COPY . /opt/panda-to-vulture
RUN rm -rf /opt/panda-to-vulture/models \
 && chmod -R a+rX /opt/panda-to-vulture

# ---- The image itself.
FROM base
LABEL org.opencontainers.image.title="Panda to Vulture" \
      org.opencontainers.image.description="How to trick a neural network: lessons with the real GoogLeNet on Caffe" \
      org.opencontainers.image.licenses="MIT AND CC-BY-4.0" \
      org.opencontainers.image.documentation="README.md in /opt/panda-to-vulture"
COPY --from=venv /opt/venv /opt/venv
COPY --from=weights /opt/panda-to-vulture/models /opt/panda-to-vulture/models
COPY --from=project /opt/panda-to-vulture /opt/panda-to-vulture
COPY --from=site /opt/panda-to-vulture/web/site /opt/panda-to-vulture/web/site
# The reader's own folder is mounted at /work. Unmounted, every user may write there, as in /tmp. The signatures of the
# lessons as they come make Jupyter show all that is stored in them, and of no other notebook.
# Binder names the user itself.
ARG NB_USER=reader NB_UID=1000
RUN useradd --uid "$NB_UID" --no-create-home "$NB_USER" && install --directory --mode 1777 /work \
 && HOME=/opt/home jupyter trust /opt/panda-to-vulture/notebooks/*.ipynb /opt/panda-to-vulture/notebooks/*/*.ipynb \
 && chmod -R a+rX /opt/home
# Any uid may run this (--user), with or without a home: whatever Jupyter, IPython and Matplotlib note, they note in
# /tmp, which is the only place that must be writable. USER is for code that asks for a name the uid does not have.
ENV HOME=/tmp/home USER=$NB_USER PYTHONUNBUFFERED=1 LANG=C.UTF-8
WORKDIR /work
# hadolint ignore=DL3066
USER $NB_UID
EXPOSE 8888
# -P: without what is in the reader's folder.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
  CMD ["python3", "-P", "/opt/panda-to-vulture/docker/health.py"]
# tini hands SIGTERM on and buries the kernels' children; a shell as the first process would do neither.
ENTRYPOINT ["tini", "--", "/opt/panda-to-vulture/docker/entrypoint.sh"]
CMD ["notebook"]
