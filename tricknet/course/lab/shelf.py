"""The lab's first part: the picture that a run begins with, from images/ or from the reader's device."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as widgets
from traitlets import Bool, Int, Unicode

from tricknet import images
from tricknet.arrays import Picture
from tricknet.course.lab import view
from tricknet.course.lab.controls import Box, show, stacked

NOISE, PHOTOGRAPH = "noise", "photograph"
STARTS = [("noise", NOISE), ("a picture", PHOTOGRAPH)]
MAX_UPLOAD = 30_000_000  # bytes
# Without HEIC, so that phones turn their photographs into JPEG themselves.
ACCEPTED = ",".join(sorted(images.ENDINGS))


class Shelf(Box):
    """The pictures to choose from: those in images/, and the one that was uploaded last."""

    def __init__(self) -> None:
        self.begin = stacked(widgets.Dropdown, "Begin with", options=STARTS)
        self.source = stacked(widgets.Dropdown, "One of these")
        self.refresh = widgets.Button(description="Refresh", tooltip="Look in the folder images/ again")
        self.upload = Upload(accept=ACCEPTED, most=MAX_UPLOAD)
        self.upload.add_class("tn-upload")
        self.whole = widgets.Checkbox(description="squashed to fit, not cropped", indent=False)
        self._shelf = [self.source, Box("tn-row", self.upload, self.refresh), self.whole]
        self._name = ""  # of the picture loaded last; "" is the uploaded one
        self._uploaded: io.BytesIO | None = None
        super().__init__("tn-part", widgets.HTML(view.heading("The picture", 1)), self.begin, *self._shelf)

    def arrange(self, dreams: bool) -> None:
        """Show what belongs to the mode: only a dream can begin with noise."""
        show(dreams, self.begin)
        show(not dreams or self.begin.value == PHOTOGRAPH, *self._shelf)

    def on_choice(self, choose: Callable[[], None]) -> None:
        """Have `choose` called when the reader has chosen a picture, or how it becomes square."""
        self._chosen: Callable[[Any], None] = lambda change: choose()
        for widget in (self.source, self.whole):
            widget.observe(self._chosen, "value")

    def fill(self, wanted: str | None = None) -> bool:
        """List what there is now, and select `wanted` (by default the same as before). Returns whether it is there."""
        wanted = self.source.value if wanted is None else wanted
        options = [(name.replace("_", " "), name) for name in images.examples()]
        if self._uploaded:
            options.insert(0, (f"{self._uploaded.name} (uploaded)", ""))
        self._select(wanted, options)
        return bool(self.source.value == wanted)

    def _select(self, wanted: str | None, options: Any) -> None:
        """Select in silence: new options make a dropdown select the first, and nobody has chosen that one."""
        self.source.unobserve(self._chosen, "value")
        self.source.options = options
        if wanted in [name for _, name in options]:
            self.source.value = wanted
        self.source.observe(self._chosen, "value")

    def load(self) -> Picture:
        """The selected picture. If it cannot be read, the one before is selected again, and the error is raised."""
        name, crop = self.source.value, not self.whole.value
        try:
            picture = images.load(self._uploaded, crop) if self._uploaded and not name else images.example(name, crop)
        except Exception:
            self._select(self._name, self.source.options)
            raise
        self._name = name
        return picture

    def receive(self, name: str, size: int, content: bytes) -> None:
        """Take an uploaded file, and select it. Raises NotAPictureError if it is too large or not a picture."""
        name = Path(name.replace("\\", "/")).name[-60:] or "picture"
        if size > MAX_UPLOAD:
            raise images.NotAPictureError(
                f"The file {name} is {size / 1e6:.0f} MB, and the lab takes at most {MAX_UPLOAD / 1e6:.0f} MB. "
                "Make it smaller, or put it in the folder images/ and click Refresh."
            )
        file = io.BytesIO(content)
        file.name = name  # so that error messages can mention it
        images.load(file)  # a bad file is reported before anything changes
        self._uploaded = file
        self.fill("")

    @property
    def plain_name(self) -> str:
        """The chosen picture's name, for file names."""
        return view.plain(self._name or (Path(self._uploaded.name).stem if self._uploaded else ""))


class Upload(anywidget.AnyWidget):
    """A button that takes a file from the reader's device. upload.js is its half in the browser.

    ipywidgets' own sends whatever is chosen, and a file of more than 100 MB makes Jupyter hang up without a word.
    accept: which endings the browser offers. most: in bytes; a larger file comes without its content.
    """

    _esm = Path(__file__).with_name("upload.js").read_text(encoding="utf-8")  # a Path would keep each widget for ever
    accept = Unicode().tag(sync=True)
    most = Int().tag(sync=True)
    disabled = Bool().tag(sync=True)

    def on_file(self, receive: Callable[[str, int, bytes], None]) -> None:
        """Have `receive` called with the name, the size in bytes and the content of each file."""
        self.on_msg(
            lambda _, about, buffers: receive(about["name"], about["size"], bytes(buffers[0]) if buffers else b"")
        )
