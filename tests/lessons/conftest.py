"""Fashion-MNIST, for every test of a topic that looks at clothes."""

import pytest

from tricknet import fashion_mnist


@pytest.fixture(scope="session")
def data():
    """(training set, test set), each of pictures and answers."""
    try:
        return fashion_mnist.train_set(), fashion_mnist.test_set()
    except fashion_mnist.MissingDataError as error:
        pytest.skip(str(error))
