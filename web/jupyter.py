"""What Jupyter does besides for the lessons, as its extension: one address to click, the modules of interactive figures
at islands/ below it, and the site at site/.

It also keeps stored widgets from running when a notebook is opened.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from jupyter_server.utils import url_path_join
from tornado.web import Finish, authenticated

from web.serve import ROOT, Handler

SITES = (ROOT / "web" / "site", ROOT / "site")  # where the image has it, and where `make site` makes it


class SiteHandler(Handler, JupyterHandler):
    """Answers who has the token."""

    @authenticated
    async def get(self, path: str, include_body: bool = True) -> None:  # type: ignore[override]
        await super().get(path, include_body)


class Channels(KernelWebsocketHandler):
    """A page that closes while its kernel starts leaves no traceback in the terminal (jupyter_server's issue 1265)."""

    async def pre_get(self) -> None:
        await super().pre_get()  # waits for the kernel
        if self.connection is None:  # the page is gone
            raise Finish


def reading(server: Any) -> Callable[..., Awaitable[dict[str, Any]]]:
    """How the server reads files, but without what a notebook stores of its widgets.

    JupyterLab makes them as soon as a notebook is opened, trusted or not, and an anywidget among them has code of its
    own, which would run. Where no kernel has the notebook's widgets any more, their pictures are shown in their place.
    """
    get = server.contents_manager.get

    async def read(path: str, *args: Any, **kwargs: Any) -> dict[str, Any]:
        model = await get(path, *args, **kwargs)
        if model["type"] == "notebook" and model["content"]:
            model["content"]["metadata"].pop("widgets", None)
            if path.strip("/") not in [session["path"] for session in await server.session_manager.list_sessions()]:
                outputs = (one for cell in model["content"]["cells"] for one in cell.get("outputs", []))
                for output in outputs:
                    output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
        return model

    return read


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "web.jupyter"}]


def _load_jupyter_server_extension(server: Any) -> None:
    """Jupyter itself would say two or three addresses, of which one may be wrong, unless the token is not its own."""
    server.identity_provider.token_generated = False
    server.contents_manager.get = reading(server)
    handlers: list[Any] = [(r"api/kernels/([\w-]+)/channels", Channels)]
    handlers += [("islands/(.*)", SiteHandler, {"path": ROOT / "islands"})]
    handlers += [("site/(.*)", SiteHandler, {"path": site}) for site in SITES if site.is_dir()]
    server.web_app.add_handlers(".*$", [(url_path_join(server.base_url, path), *how) for path, *how in handlers])


async def _start_jupyter_server_extension(server: Any) -> None:
    """Say the address, and how to end it."""
    address = server.public_url.partition("?")[0]  # as `custom_display_url` has it, but without the token
    token = server.identity_provider.token
    print(f"\n    {address}{f'?token={token}' * bool(token)}\n\nClick this address. To stop, press Ctrl-C.", flush=True)
