"""`docker compose up`: what the reader changed is kept, and nothing else grows."""

import pytest
from conftest import ROOT, Container, docker, free_port


def compose(*words: str) -> None:
    docker("compose", "--project-name=ptv-test", "--project-directory", ROOT, *words)


def up() -> Container:
    compose("up", "--detach", "--no-build")
    lessons = Container("ptv-test-lessons-1")
    lessons.wait_for(lambda: lessons.page("/api")[0] == 200)
    return lessons


def test_the_lessons_are_kept_and_nothing_else_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", str(free_port()))
    try:
        lessons = up()
        assert "No space left" in lessons.inside("dd", "if=/dev/zero", "of=/tmp/x", "bs=1M", "count=257", check=False)
        assert "Read-only" in lessons.inside("touch", "/var/tmp/x", check=False)
        assert lessons.get("/api/contents")[0] == 200
        lessons.inside("sh", "-c", "echo mine >/work/panda-to-vulture/mine.txt")
        compose("down")
        assert up().inside("cat", "/work/panda-to-vulture/mine.txt") == "mine"
    finally:
        compose("down", "--volumes")
