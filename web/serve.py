"""Serves the site, as any web server can: python -m web.serve [SITE]. It also unpacks what web/pack.py has packed."""

import argparse
import errno
import gzip
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from email.message import Message
from email.utils import formatdate
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
ZIPPED = ".gz"  # what follows the names of packed files
HEADERS = {
    # They isolate the pages from other sites, and then a browser lets the lab's threads share memory.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Encoding",
}
# What a system's own list may have otherwise.
TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".webp": "image/webp"}
YEAR = 365 * 24 * 3600


def answer(site: Path, path: str, asked: Mapping[str, str] | Message) -> tuple[HTTPStatus, dict[str, str], bytes]:
    """What a site has at a path, which is relative to its top and unquoted: (status, headers, content).

    asked: the headers of the question.
    """
    headers = dict(HEADERS)
    parts = path.strip("/").split("/")
    file = site.joinpath(*parts)
    if os.path.isdir(file):
        if path and not path.endswith("/"):
            return HTTPStatus.MOVED_PERMANENTLY, headers | {"Location": f"{quote(parts[-1])}/"}, b""
        file /= "index.html"
    stored = next((Path(f"{file}{end}") for end in ("", ZIPPED) if os.path.isfile(f"{file}{end}")), None)
    if not stored or ".." in parts:
        return HTTPStatus.NOT_FOUND, headers, b"There is no such page."
    headers["Last-Modified"] = formatdate(stored.stat().st_mtime, usegmt=True)
    # The name of a plan has its checksum. Every other file may be newer the next time.
    headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if file.suffix == ".plan" else "no-cache"
    if asked.get("If-Modified-Since") == headers["Last-Modified"]:
        return HTTPStatus.NOT_MODIFIED, headers, b""
    headers["Content-Type"] = TYPES.get(file.suffix) or guess_type(file.name)[0] or "application/octet-stream"
    if stored.suffix == ZIPPED and "gzip" in asked.get("Accept-Encoding", ""):
        return HTTPStatus.OK, headers | {"Content-Encoding": "gzip"}, stored.read_bytes()
    return HTTPStatus.OK, headers, unpacked(stored)


def unpacked(stored: Path) -> bytes:
    """The file that a stored one stands for."""
    return gzip.decompress(stored.read_bytes()) if stored.suffix == ZIPPED else stored.read_bytes()


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD."""

    protocol_version = "HTTP/1.1"
    timeout = 60  # seconds: after that, a silent connection is closed

    def __init__(self, *arguments: Any, site: Path):
        self.site = site
        super().__init__(*arguments)

    def do_GET(self) -> None:
        status, headers, content = answer(self.site, unquote(urlsplit(self.path).path), self.headers)
        self.send_response(status)
        for header in headers.items():
            self.send_header(*header)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    do_HEAD = do_GET  # noqa: N815

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
        server = Server((asked.bind, asked.port), partial(Handler, site=asked.site))
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
