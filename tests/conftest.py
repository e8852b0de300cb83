"""What several tests share: the real networks, PyTorch, and no silent skips in CI."""

import os

import hypothesis
import pytest

import tricknet
from tricknet.model import MissingWeightsError

# A test that is right is right on a busy machine too.
hypothesis.settings.register_profile("no deadline", deadline=None)
hypothesis.settings.load_profile("no deadline")

REQUIRE_ALL = bool(os.environ.get("REQUIRE_ALL"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """With REQUIRE_ALL set, as in CI, a test that would skip fails: nothing passes by not running."""
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"SKIPPED, and REQUIRE_ALL is set: {report.longrepr[-1]}"
    return report


def _loaded(network, *arguments):
    try:
        return network(*arguments)
    except MissingWeightsError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def googlenet():
    return _loaded(tricknet.GoogLeNet)


@pytest.fixture(scope="session")
def article_net():
    """GoogLeNet with the article's preprocessing: no mean is subtracted."""
    return _loaded(tricknet.GoogLeNet, tricknet.NO_MEAN)


@pytest.fixture(scope="session")
def squeezenet():
    return _loaded(tricknet.SqueezeNet)


@pytest.fixture(scope="session")
def torch():
    """PyTorch, wherever `torch_twin` finds it."""
    return pytest.importorskip("torch_twin", reason="PyTorch is not here: apt-get install python3-torch").torch


@pytest.fixture(scope="session")
def twin(googlenet, torch):
    """GoogLeNet in PyTorch, in float64."""
    from torch_twin import googlenet_twin

    return googlenet_twin({name: [b.data for b in blobs] for name, blobs in googlenet.net.params.items()}).double()
