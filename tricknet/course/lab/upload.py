"""A button that takes a file from the reader's device. upload.js is its half in the browser."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
from traitlets import Bool, Int, Unicode


class Upload(anywidget.AnyWidget):
    """ipywidgets' own sends whatever is chosen, and a file of more than 100 MB makes Jupyter hang up without a word.

    accept: which endings the browser offers. most: in bytes; a larger file comes without its content.
    """

    _esm = Path(__file__).with_name("upload.js")
    accept = Unicode().tag(sync=True)
    most = Int().tag(sync=True)
    disabled = Bool().tag(sync=True)

    def on_file(self, receive: Callable[[str, int, bytes], None]) -> None:
        """Have `receive` called with the name, the size in bytes and the content of each file."""

        def take(_: Any, about: dict[str, Any], buffers: list[memoryview]) -> None:
            receive(about["name"], about["size"], bytes(buffers[0]) if buffers else b"")

        self.on_msg(take)
