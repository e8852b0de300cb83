"""`docker compose up`: the lessons are kept, and nothing in them can take the machine."""

from collections.abc import Iterator

import pytest
from conftest import ROOT, Container, docker, free_port

MEMORY, PROCESSES, TMP = 4 << 30, 4000, 256 << 20


def compose(*words: str) -> None:
    docker("compose", "--project-name=ptv-test", "--project-directory", ROOT, *words)


def up() -> Container:
    compose("up", "--detach", "--no-build")
    container = Container("ptv-test-lessons-1")
    container.wait_for(lambda: container.page("/api")[0] == 200)
    return container


@pytest.fixture(scope="module")
def lessons() -> Iterator[Container]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORT", str(free_port()))
        yield up()
        compose("down", "--volumes")


def limit(container: Container, version_1: str, version_2: str) -> int:
    """What the kernel says, in a control group of either version."""
    return int(
        container.inside("sh", "-c", f"cd /sys/fs/cgroup && cat {version_1} {version_2} 2>/dev/null", check=False)
    )


def test_memory_and_processes_are_bounded(lessons):
    assert limit(lessons, "memory/memory.limit_in_bytes", "memory.max") == MEMORY
    assert limit(lessons, "pids/pids.max", "pids.max") == PROCESSES


def test_tmp_is_bounded_and_the_page_survives_when_it_is_full(lessons):
    said = lessons.inside("dd", "if=/dev/zero", "of=/tmp/large", "bs=1M", f"count={(TMP >> 20) + 1}", check=False)
    assert "No space left on device" in said
    assert lessons.get("/api/contents")[0] == 200
    lessons.inside("rm", "/tmp/large")


def test_only_tmp_and_the_lessons_can_be_written(lessons):
    for folder in ("/opt", "/home", "/var/tmp"):
        assert "Read-only file system" in lessons.inside("touch", f"{folder}/x", check=False)


def test_what_the_reader_changed_is_there_after_the_next_start(lessons):
    lessons.inside("sh", "-c", "echo mine >/work/panda-to-vulture/mine.txt")
    compose("down")
    assert up().inside("cat", "/work/panda-to-vulture/mine.txt") == "mine"
