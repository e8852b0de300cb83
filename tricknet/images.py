"""Pictures in and out: uint8 and RGB, and mostly 224 x 224 x 3, in between."""

import io
import os
import warnings
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from tricknet import files
from tricknet.arrays import Picture, Pictures
from tricknet.paths import EVIDENCE_FOLDER, IMAGES_FOLDER

SIZE = 224
FOLDER = IMAGES_FOLDER
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "PPM")  # not EPS and the like: those are programs
ENDINGS = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif", ".ppm"}
MAX_PIXELS = 50_000_000  # of a picture: some formats take 24 bytes for each while they are read
LARGE_JPEG = 25_000_000  # pixels: of a larger JPEG, only every second one is unpacked, each way

# Photographs that scikit-image carries anyway, under the names that the lessons use.
SCIKIT_IMAGE = {"cat": "chelsea.png", "coffee": "coffee.png", "astronaut": "astronaut.png", "rocket": "rocket.jpg"}

# The evidence set: 70 photographs of 70 classes in images/evidence/, whose CREDITS.md says how they were chosen.
# Claims over pictures are measured on EVIDENCE, and whatever is tuned is tuned there; HELD_OUT only judges.
_EVIDENCE = """
alp banana beacon bison castle cheetah cliff cocker_spaniel convertible cup dam drum_kit electric_guitar frying_pan
golden_retriever gorilla hammer hen ibex jaguar jellyfish koala lorikeet macaque macaw mosque paintbrush pedestal
proboscis_monkey ring_tailed_lemur soccer_ball sorrel space_shuttle spoonbill stupa tabby tiger_cat triumphal_arch
volcano zebra
"""
_HELD_OUT = """
bald_eagle baseball bee chameleon chimpanzee cliff_dwelling coral_reef daisy dome espresso gibbon goldfish hedgehog
hummingbird ice_bear joystick ladybug loudspeaker meerkats otter palace red_panda screwdriver solar_dish spider_web
sports_car suspension_bridge toucan viaduct wing
"""
EVIDENCE, HELD_OUT = tuple(_EVIDENCE.split()), tuple(_HELD_OUT.split())


type Source = str | os.PathLike[str] | BinaryIO  # a path, the name of an example, or an open file


class NotAPictureError(ValueError):
    """The file cannot be used as a picture; the message says why and what to do."""


def load(source: Source, crop: bool = True) -> Picture:
    """Read a picture file in the form that the networks take: uint8, RGB, 224 x 224 x 3.

    `source` is a path, an open binary file, or a name in `examples()`, EVIDENCE or HELD_OUT, such as "panda". The
    centre square is kept (`crop=False` squeezes the whole picture in instead). EXIF rotation is applied, transparent
    parts become white, grey and CMYK become RGB, 16 bits become 8, and only the first frame of an animation is read.

    Raises FileNotFoundError, or NotAPictureError if the file is not a picture, is damaged, or has more than MAX_PIXELS
    (of a JPEG, 178 million).
    """
    rgb, square = _read(_file(source)), (SIZE, SIZE)
    bicubic = Image.Resampling.BICUBIC
    return np.array(ImageOps.fit(rgb, square, bicubic) if crop else rgb.resize(square, bicubic))


def load_all(sources: Iterable[Source]) -> Pictures:
    """Several pictures, as `load` reads them: uint8, n x 224 x 224 x 3."""
    return np.stack([load(source) for source in sources])


def _read(source: Source) -> Image.Image:
    """A picture file as 8-bit RGB. Raises FileNotFoundError or NotAPictureError."""
    name = source if isinstance(source, (str, os.PathLike)) else getattr(source, "name", "The file")
    if isinstance(source, (str, os.PathLike)):
        path = Path(source)
        if path.exists() and not path.is_file() and not path.is_dir():  # a pipe would never end, nor would /dev/zero
            raise NotAPictureError(f"{name} is a pipe or a device, not a file. Save the picture, and give its name.")
    try:
        with (
            warnings.catch_warnings(action="ignore", category=Image.DecompressionBombWarning),  # we have our own limit
            Image.open(source, formats=FORMATS) as image,
        ):
            if image.width * image.height > LARGE_JPEG:
                image.draft(None, (image.width // 2, image.height // 2))  # for a JPEG only
            if image.width * image.height > MAX_PIXELS:
                raise NotAPictureError(
                    f"{name} has {image.width} x {image.height} pixels, but at most {MAX_PIXELS // 1_000_000} million "
                    "can be read. Make it smaller and try again."
                )
            ImageOps.exif_transpose(image, in_place=True)
            return _rgb(image)
    except UnidentifiedImageError:
        raise NotAPictureError(
            f"{name} is not a picture that can be read here. It may be in HEIC, the format that many phones use. "
            "Save or export it as JPEG or PNG, then try again."
        ) from None
    except (Image.DecompressionBombError, MemoryError):
        raise NotAPictureError(f"{name} has too many pixels to be read here. Make it smaller and try again.") from None
    except (FileNotFoundError, IsADirectoryError, PermissionError, NotAPictureError):
        raise
    except Exception as error:  # a decoder raises whatever it stumbles over
        why = f" ({error})" if str(error) else ""
        raise NotAPictureError(f"{name} is damaged or incomplete{why}. Save it again, then try again.") from None


def load_whole(source: Source, longer: int) -> Picture:
    """Read a picture file whole (uint8, RGB, height x width x 3), made to fit `longer` pixels along its longer side.

    Raises as `load` does, and ValueError for a side that the layers below the classifier do not take.
    """
    if not 32 <= longer <= 1024:
        raise ValueError(f"The longer side cannot be {longer} pixels. Choose a number from 32 to 1024.")
    rgb = _read(_file(source))
    scale = longer / max(rgb.size)
    width, height = (max(round(side * scale), 32) for side in rgb.size)
    return np.array(rgb.resize((width, height), Image.Resampling.BICUBIC))


def _rgb(image: Image.Image) -> Image.Image:
    """Any Pillow picture as 8-bit RGB, transparency on white."""
    if image.mode.startswith("I"):  # 16 bits, of which the upper eight are kept
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def save(picture: Picture | bytes, path: str | os.PathLike[str]) -> Path:
    """Write a uint8 picture as PNG, which keeps every value exactly, or a PNG's bytes, and return the path.

    Raises ValueError for anything that is not uint8 or has a name that does not end in .png: a JPEG, or rounding
    here instead of where the picture was made, would change the very values that trick the network.
    Raises files.NotWrittenError as `files.write` does.
    """
    path = Path(path)
    if path.suffix.lower() != ".png":
        raise ValueError(f"{path.name}: only .png keeps the exact pixels. Give a name that ends in .png.")
    return files.write(path, picture if isinstance(picture, bytes) else png(picture))


def png(picture: Picture) -> bytes:
    """The PNG that `save` writes. Raises ValueError for anything that is not uint8."""
    if getattr(picture, "dtype", None) != np.uint8:
        raise ValueError("Only a uint8 picture (whole numbers 0..255) can be saved exactly.")
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    return buffer.getvalue()


def examples() -> list[str]:
    """The names of the examples: first the pictures in images/, then scikit-image's. The evidence set is not listed."""
    return list(dict.fromkeys([*sorted(_files()), *SCIKIT_IMAGE]))


def _files() -> dict[str, Path]:
    """The pictures in images/ by their names without the extension."""
    return {path.stem: path for path in sorted(FOLDER.glob("*"), reverse=True) if path.suffix.lower() in ENDINGS}


def _file(source: Source) -> Source:
    """The file of a photograph that is asked for by its name; anything else is its own.

    A picture in images/ comes before any other of its name. Raises FileNotFoundError, which lists the names.
    """
    if not isinstance(source, str) or Path(source).is_file():
        return source
    if path := _files().get(source):
        return path
    if source in SCIKIT_IMAGE:
        # The package's own reader would load SciPy, 16 MB, for the same pixels.
        return Path(str(resources.files("skimage.data"))) / SCIKIT_IMAGE[source]
    if source in EVIDENCE or source in HELD_OUT:
        return EVIDENCE_FOLDER / f"{source}.jpg"
    if not Path(source).suffix and not Path(source).exists():
        raise FileNotFoundError(f"There is no photograph {source!r}. The examples are: {', '.join(examples())}.")
    return source
