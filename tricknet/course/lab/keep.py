"""The lab's last part: keeping the picture that has come of it."""

import io
import os
from pathlib import Path

import numpy as np
from ipywidgets import HTML, Button

from tricknet import images
from tricknet.arrays import Picture
from tricknet.course.lab import view
from tricknet.course.lab.controls import Box, show
from tricknet.networks.classifier import Classifier


class Keep(Box):
    """The exact picture, as a download or a file in images/, and read back from there."""

    def __init__(self) -> None:
        self.link, self.kept = HTML(), HTML()
        self.save = Button(description="Save into images/", tooltip="Save the exact PNG into the folder images/")
        self.again = Button(
            description="Reload it and ask", tooltip="Read the saved file and ask the network what it is"
        )
        self._offered: tuple[Picture, str] | None = None  # the picture to keep, and a name for its file
        self._saved: Path | None = None
        head = HTML(view.heading("Keep it", 8))
        super().__init__("tn-keep-part", head, Box("tn-row tn-keep", self.link, self.save, self.again), self.kept)

    def withdraw(self) -> None:
        """Offer nothing."""
        self._offered = self._saved = None
        self.kept.value = ""
        show(False, self)

    def offer(self, picture: Picture, file: str) -> None:
        """Offer to keep a picture, under the name of `file`."""
        self._offered, self._saved = (picture, file), None
        self.link.value = view.download(images.png(picture), file)
        show(True, self)

    def write(self) -> bool:
        """Save the picture into images/, and say so. Returns whether there is a new file."""
        if self._offered is None:
            return False
        picture, file = self._offered
        path = _free(images.FOLDER / file)
        try:
            self._saved = images.save(picture, path)
        except OSError as error:
            why = error.strerror or error
            self.tell(f"{path.name} could not be saved into images/ ({why}). Download it instead.", wrong=True)
            return False
        lost = ' It is lost when this session ends, so click "Download the PNG" as well.'
        self.tell(f"Saved as images/{path.name}.{lost * (os.environ.get('TRICKNET_KEPT') == 'no')}")
        return True

    def ask_again(self, network: Classifier) -> None:
        """Read the picture back from its file (or from the bytes of the download) and ask the network about it."""
        if self._offered is None:
            return
        kept, _ = self._offered
        picture = images.load(self._saved or io.BytesIO(images.png(kept)))
        where = f"images/{self._saved.name}" if self._saved else "the PNG to download"
        if np.array_equal(picture, kept):
            same = "Every pixel is as it was"
        else:
            same = "Its pixels are not the ones that were saved. Perhaps another program has overwritten the file"
        self.tell(f"Read back from {where}: {view.top(network.predict(picture))}. {same}.")

    def tell(self, text: str, wrong: bool = False) -> None:
        """Show one sentence about saving the picture, below the buttons."""
        self.kept.value = view.message(text, wrong)


def _free(path: Path) -> Path:
    """The path, or the same with the first free number: nothing is overwritten."""
    candidates = (path.with_stem(f"{path.stem}-{n}") if n > 1 else path for n in range(1, 1000))
    return next(p for p in candidates if not p.exists())
