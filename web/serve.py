"""Serves the site, as any web server can: python -m web.serve [SITE]. It also unpacks what web/pack.py has packed."""

import argparse
import errno
import gzip
import io
import json
import os
import signal
import sys
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from email.utils import formatdate
from functools import cache, partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
ZIPPED, RECIPE = ".gz", ".recipe"  # what follows the names of packed files
HEADERS = {
    # They isolate the pages from other sites, and then a browser lets the lab's threads share memory.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Encoding",
}
YEAR = 365 * 24 * 3600
COOK = Lock()  # a whole class may ask for the same graph at once


@cache  # all ten graphs are 83 MB
def cooked(recipe: Path) -> bytes:
    """The file that a recipe makes. Its parts are bytes in base64, or numbers that lie in a .caffemodel."""
    parts = json.loads(recipe.read_text())
    return b"".join(b64decode(part) if isinstance(part, str) else numbers(*part) for part in parts)


def numbers(file: str, start: int, count: int, kind: str) -> bytes:
    """`count` float32 numbers from the byte `start` of a file of the project, as numbers of this kind."""
    return np.fromfile(ROOT / file, "<f4", count, offset=start).astype(kind).tobytes()


class Handler(SimpleHTTPRequestHandler):
    """Answers GET and HEAD."""

    protocol_version = "HTTP/1.1"
    timeout = 60  # seconds: after that, a silent connection is closed
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
        ".webp": "image/webp",
    }

    def send_head(self) -> Any:
        """Send the headers, and return what is to follow them."""
        file = self.translate_path(self.path)
        if os.path.isdir(file):
            if not urlsplit(self.path).path.endswith("/"):
                return super().send_head()  # leads to the same address with the "/"
            file = os.path.join(file, "index.html")
        stored = next((Path(file + end) for end in ("", ZIPPED, RECIPE) if os.path.isfile(file + end)), None)
        if not stored:
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        modified = formatdate(stored.stat().st_mtime, usegmt=True)
        same = self.headers["If-Modified-Since"] == modified
        self.send_response(HTTPStatus.NOT_MODIFIED if same else HTTPStatus.OK)
        self.send_header("Last-Modified", modified)
        # The name of a graph has its checksum. Every other file may be newer the next time.
        kept = f"public, max-age={YEAR}, immutable" if file.endswith(".onnx") else "no-cache"
        self.send_header("Cache-Control", kept)
        content = b"" if same else b"".join(self._content(stored))
        if not same:
            self.send_header("Content-Type", self.guess_type(file))
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return None if same else io.BytesIO(content)

    def _content(self, stored: Path) -> Iterator[bytes]:
        """What a stored file stands for."""
        if stored.suffix == RECIPE:
            with COOK:
                content = cooked(stored)
            yield content
        elif stored.suffix != ZIPPED:
            yield stored.read_bytes()
        elif "gzip" in self.headers.get("Accept-Encoding", ""):
            self.send_header("Content-Encoding", "gzip")
            yield stored.read_bytes()
        else:
            yield gzip.decompress(stored.read_bytes())

    def end_headers(self) -> None:
        for header in HEADERS.items():
            self.send_header(*header)
        super().end_headers()

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
    if not (asked.site / "index.html").exists() and not (asked.site / f"index.html{ZIPPED}").exists():
        parser.error(f"There is no site in {asked.site}. make site makes one.")
    try:
        server = Server((asked.bind, asked.port), partial(Handler, directory=asked.site))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        print(f"Port {asked.port} is taken. To use a different one, add --port 9999.", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    port = os.environ.get("PORT") or server.server_port  # in the image, PORT is the one that Docker publishes
    with server, suppress(KeyboardInterrupt):
        print(f"The site is at http://127.0.0.1:{port}/ Ctrl-C ends it.", flush=True)
        server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
