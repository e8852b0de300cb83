"""Containers of the image that end with their test."""

from collections.abc import Callable, Iterator

import pytest
from engine import IMAGE, NO_NETWORK, Container, docker


@pytest.fixture
def start() -> Iterator[Callable[..., Container]]:
    """Start an image in the background: `start("lab", options=("--read-only",))` returns when its page answers.

    page: does the word have one?
    """
    started = []

    def starter(*words: str, options: tuple[str, ...] = NO_NETWORK, image: str = IMAGE, page: bool = True) -> Container:
        said = docker("run", "--detach", *options, image, *words).stdout  # first, perhaps, that the image comes
        container = Container(said.split()[-1])
        started.append(container.name)
        if page:
            container.wait_for(lambda: container.page("/api")[0] > 0)
        return container

    yield starter
    docker("rm", "--force", "--volumes", *started)
