"""What the live figures show at first: their pictures."""

from pathlib import Path

from tricknet import images, trick
from tricknet.networks.classifier import Classifier


def store(folder: Path, googlenet: Classifier) -> None:
    """Write the pictures into a new folder, as PNG files."""
    folder.mkdir(exist_ok=True)
    panda = images.load("panda")
    pictures = {"panda": panda, "vulture": trick(googlenet, panda, "vulture").after}
    for name, picture in pictures.items():
        images.save(picture, folder / f"{name}.png")
