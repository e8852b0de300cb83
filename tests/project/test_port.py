"""A port that something else has: a sentence, at once, before anything is built or set up."""

import socket
import subprocess

from tricknet.paths import ROOT


def test_the_lessons_say_that_their_port_is_taken(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        monkeypatch.setenv("PORT", port)
        done = subprocess.run([ROOT / "scripts" / "notebook.sh"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert port in done.stderr and "PORT=9999" in done.stderr and done.stderr.count("\n") == 1
