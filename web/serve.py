"""Serves the site, as any web server can: python -m web.serve [SITE]."""

import argparse
import errno
import os
import signal
import sys
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HEADERS = {
    # They isolate the pages from other sites, and then a browser lets the lab's threads share memory.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",  # every file may be newer the next time. To ask again takes no content.
}
# What a system's own list may have otherwise.
TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".webp": "image/webp"}


class Handler(SimpleHTTPRequestHandler):
    """Answers GET and HEAD."""

    protocol_version = "HTTP/1.1"
    timeout = 60  # seconds: after that, a silent connection is closed
    extensions_map = SimpleHTTPRequestHandler.extensions_map | TYPES

    def end_headers(self) -> None:
        for header in HEADERS.items():
            self.send_header(*header)
        super().end_headers()

    def translate_path(self, path: str) -> str:
        return super().translate_path(path).replace("\0", "\ufffd")  # no name of a file has it

    def list_directory(self, path: Any) -> None:
        """A folder without a page is not shown."""
        self.send_error(404)

    def log_message(self, *_: Any) -> None:
        """Only errors of our own are logged: whoever asks for nonsense cannot fill a disk with it."""


class Server(ThreadingHTTPServer):
    """A thread for each connection."""

    request_queue_size = 128  # a class comes all at once

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # a page was closed in the middle of a download
            super().handle_error(request, client_address)


def main() -> int:
    """The command line. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", nargs="?", type=Path, default=ROOT / "site", help="the folder (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8888, help="(default: %(default)s)")
    parser.add_argument("--bind", default="127.0.0.1", metavar="ADDRESS", help="(default: only this computer)")
    asked = parser.parse_args()
    if not (asked.site / "index.html").exists():
        parser.error(f"There is no site in {asked.site}. make site makes one.")
    try:
        server = Server((asked.bind, asked.port), partial(Handler, directory=str(asked.site)))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        print(f"Port {asked.port} is taken. To use a different one, add --port 9999.", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    port = os.environ.get("PORT") or server.server_port  # in the image, PORT is the one that Docker publishes
    with server, suppress(KeyboardInterrupt):
        address = f"http://127.0.0.1:{port}/"
        print(f"The site is at {address} and its lab at {address}web/lab/ To stop, press Ctrl-C.", flush=True)
        server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
