"""Serves the site, as any web server can: python -m web.serve [SITE]."""

import argparse
import asyncio
import logging
import mimetypes
import os
import signal
import socket
from pathlib import Path

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, StaticFileHandler

ROOT = Path(__file__).resolve().parent.parent
HEADERS = {
    # They isolate the pages from other sites, and then a browser lets the lab's threads share memory.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",  # every file may be newer the next time. To ask again takes no content.
}
# What a system's own list may have otherwise.
for ending, kind in {".js": "text/javascript", ".wasm": "application/wasm", ".webp": "image/webp"}.items():
    mimetypes.add_type(kind, ending)


class Handler(StaticFileHandler):
    """Answers GET and HEAD."""

    def initialize(self, path: Path) -> None:  # type: ignore[override]
        super().initialize(str(path), "index.html")

    def parse_url_path(self, url_path: str) -> str:
        return super().parse_url_path(url_path).replace("\0", "\ufffd")  # no name of a file has it

    def set_extra_headers(self, path: str) -> None:
        for header in HEADERS.items():
            self.set_header(*header)

    def compute_etag(self) -> None:
        """None: its time says whether a file is newer."""


async def serve(site: Path, sockets: list[socket.socket]) -> None:
    """Until Ctrl-C or Docker ends it."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    application = Application([("/(.*)", Handler, {"path": site})])
    HTTPServer(application, idle_connection_timeout=60).add_sockets(sockets)
    await stop.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", nargs="?", type=Path, default=ROOT / "site", help="the folder (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8888, help="(default: %(default)s)")
    parser.add_argument("--bind", default="127.0.0.1", metavar="ADDRESS", help="(default: only this computer)")
    asked = parser.parse_args()
    if not (asked.site / "index.html").exists():
        parser.error(f"There is no site in {asked.site}. make site makes one.")
    logging.getLogger("tornado").setLevel(logging.ERROR)  # whoever asks for nonsense cannot fill a disk with it
    try:
        sockets = bind_sockets(asked.port, asked.bind)
    except OSError as error:
        parser.error(f"Port {asked.port}: {error.strerror}. To use a different one, add --port 9999.")
    port = os.environ.get("PORT") or sockets[0].getsockname()[1]  # in the image, PORT is the one that Docker publishes
    address = f"http://127.0.0.1:{port}/"
    print(f"The site is at {address} and its lab at {address}web/lab/ To stop, press Ctrl-C.", flush=True)
    asyncio.run(serve(asked.site, sockets))


if __name__ == "__main__":
    main()
