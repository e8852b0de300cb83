"""What Voilà's pages need of the server: kernels that do not add up, and a 404 for a wrong address."""

from time import monotonic
from typing import Any

from jupyter_server.base.handlers import Template404
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from jupyter_server.utils import url_path_join
from tornado.ioloop import IOLoop
from tornado.web import Application

GONE = 10  # seconds: a page that was reloaded has left its kernel by then
LOADING = 60  # seconds: a page that has not reached its kernel by then never will


class PageKernelManager(AsyncMappingKernelManager):
    """Of Voilà's pages that were closed or reloaded, only the newest keeps its kernel until that is idle for long.

    Voilà starts a kernel for each page that it loads, and a page cannot be trusted to say when it goes: telephones say
    nothing, and what Voilà 0.5.13 sends often lacks the cookie that the server wants. The newest kernel stays because
    its page may be on a telephone that sleeps. A kernel whose page is connected stays, and so does a notebook's.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._pages: dict[str, float] = {}  # their kernels, oldest first, and until when each page may be loading

    async def start_kernel(self, **options: Any) -> str:
        number: str = await super().start_kernel(**options)
        if "VOILA_REQUEST_URL" in (options.get("env") or {}):
            self._pages[number] = monotonic() + LOADING
            for seconds in (GONE, LOADING + GONE):
                IOLoop.current().call_later(seconds, self._tidy)
        return number

    def notify_connect(self, kernel_id: str) -> None:
        super().notify_connect(kernel_id)
        if kernel_id in self._pages:
            self._pages[kernel_id] = 0

    async def _tidy(self) -> None:
        self._pages = {number: until for number, until in self._pages.items() if number in self}
        for number in [number for number in self._pages if self._left(number)][:-1]:
            if self._left(number):  # still, for ending the one before took a moment
                await self.shutdown_kernel(number)

    def _left(self, number: str) -> bool:
        loading = self._pages.get(number, 0) > monotonic()
        return number in self and not loading and not self._kernel_connections.get(number)


def refuse_wrong_addresses(application: Application) -> None:
    """To what is not the address of a template's file, Voilà 0.5.13 would answer 500, with a traceback in the log.

    To be called before Voilà adds its own addresses: the first that fits answers. No file of a template needs a %.
    """
    wrong = r"/voila/templates/(?!\w+/static/(?!.*(?:\.\.|%)).).*"
    application.add_handlers(".*$", [(url_path_join(application.settings["base_url"], wrong), Template404)])
