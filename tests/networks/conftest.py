"""What the tests of the networks share."""

import pytest

from tricknet.networks.download import Checkpoint


@pytest.fixture(scope="session")
def trained():
    """The path of a network's trained weights. Where they are not here, the test skips."""

    def path(network):
        if not Checkpoint(network).path.exists():
            pytest.skip(f"The weights of {network} are not here: run scripts/download_model.sh {network}")
        return Checkpoint(network).path

    return path
