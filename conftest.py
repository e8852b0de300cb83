"""What several tests share: the real networks, PyTorch, and no silent skips in CI."""

import ctypes
import gc
import os
import signal
import sys

import ipywidgets
import pytest
from hypothesis import HealthCheck, settings

import tricknet
from tricknet import fashion_mnist, images
from tricknet.networks import load
from tricknet.paths import ROOT

# A test that is right is right on a busy machine too, and on an emulated one.
settings.register_profile("any speed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any speed")

# In the background (`make test &`) a shell has Ctrl-C ignored, and every program that a test starts would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

REQUIRE_ALL = bool(os.environ.get("REQUIRE_ALL"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """With REQUIRE_ALL set, as in CI, a test that would skip fails: nothing passes by not running."""
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"SKIPPED, and REQUIRE_ALL is set: {report.longrepr[-1]}"
    return report


class _Networks(dict):
    """Each network by its name, loaded when it is first asked for."""

    def __missing__(self, name):
        self[name] = load(name)
        return self[name]


@pytest.fixture(scope="module")
def networks():
    return _Networks()


@pytest.fixture(scope="module")
def googlenet(networks):
    return networks["GoogLeNet"]


@pytest.fixture(scope="module")
def squeezenet(networks):
    return networks["SqueezeNet"]


@pytest.fixture(scope="module")
def article_net():
    """GoogLeNet with the article's preprocessing: no mean is subtracted."""
    return load("GoogLeNet", tricknet.NO_MEAN)


@pytest.fixture(scope="session")
def torch():
    """PyTorch, wherever `tools.reference.torch_net` finds it."""
    missing = "PyTorch is not here: apt-get install python3-torch"
    return pytest.importorskip("tools.reference.torch_net", reason=missing).torch


@pytest.fixture(scope="module", autouse=True)
def no_network_is_left():
    """Networks end before the next file's tests begin, and those that checks or widgets keep for a reader too."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("tricknet.check", "tests.", "evidence.")):
            for value in vars(module).values():
                getattr(value, "cache_clear", int)()
    ipywidgets.Widget.close_all()
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)  # what is free goes back to the system


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "panda.jpg").write_bytes((ROOT / "images" / "panda.jpg").read_bytes())
    monkeypatch.setattr(images, "FOLDER", tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def data():
    """(training set, test set), each of pictures and answers."""
    try:
        return fashion_mnist.train_set(), fashion_mnist.test_set()
    except fashion_mnist.MissingDataError as error:
        pytest.skip(str(error))
