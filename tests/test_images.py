"""Do pictures of every kind come in as uint8 RGB, does nothing else, and do exact pixels come out again?

What is no picture, or is made to do harm, gets one sentence, and takes no more memory than a photograph.
"""

import ctypes
import gc
import io
import random
import struct
import zlib
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from tricknet import images
from tricknet.images import NotAPictureError
from tricknet.paths import EVIDENCE_FOLDER


def file(image, kind="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    buffer.seek(0)
    return buffer


@settings(max_examples=20)
@given(picture=arrays(np.uint8, (224, 224, 3), elements=st.integers(0, 255), fill=st.integers(0, 255)))
def test_saved_pixels_come_back_exactly(tmp_path_factory, picture):
    path = images.save(picture, tmp_path_factory.mktemp("png") / "picture.png")
    np.testing.assert_array_equal(images.load(path), picture)


def test_centre_is_kept_or_all_is_squeezed():
    wide = Image.new("RGB", (300, 100), "red")
    wide.paste("blue", (100, 0, 200, 100))
    assert (images.load(file(wide))[:, 5:-5] == [0, 0, 255]).all()
    assert (images.load(file(wide), crop=False)[112, [10, 112]] == [[255, 0, 0], [0, 0, 255]]).all()


def test_exif_rotation_is_undone_and_odd_exif_gets_a_sentence():
    """6 is a quarter clockwise: what is white above comes to the right. Odd is a width in a word, before that 6."""
    image = Image.new("RGB", (100, 100), "black")
    image.paste("white", (0, 0, 100, 50))
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = images.load(file(image, "JPEG", exif=exif))
    assert picture[112, 180].min() > 200 and picture[112, 40].max() < 50
    tags = struct.pack("<HHI4s HHIHH", 0x0100, 2, 4, b"abc", 0x0112, 3, 1, 6, 0)
    odd = b"Exif\0\0" + struct.pack("<2sHIH", b"II", 42, 8, 2) + tags + bytes(4)
    with pytest.raises(NotAPictureError):
        images.load(file(image, "JPEG", exif=odd))


MODES = {
    "grey": (Image.new("L", (9, 9), 77), (77, 77, 77)),
    "black-and-white": (Image.new("1", (9, 9), 1), (255, 255, 255)),
    "transparent": (Image.new("RGBA", (9, 9), (0, 0, 0, 0)), (255, 255, 255)),
    "palette": (Image.new("P", (9, 9), 0), (0, 0, 0)),
    "16 bit": (Image.fromarray(np.full((9, 9), 0x80FF, np.uint16)), (128, 128, 128)),
    "CMYK": (Image.new("CMYK", (9, 9), (0, 255, 255, 0)), (255, 0, 0)),
    "large": (Image.new("RGB", (640, 480), (10, 200, 30)), (10, 200, 30)),
    "narrow": (Image.new("RGB", (3, 2000), (10, 200, 30)), (10, 200, 30)),
}


@pytest.mark.parametrize(("image", "expected"), MODES.values(), ids=MODES)
def test_every_mode_and_size_becomes_rgb_of_224(image, expected):
    picture = images.load(file(image, "JPEG" if image.mode == "CMYK" else "PNG"))
    assert picture.shape == (224, 224, 3) and picture.dtype == np.uint8
    np.testing.assert_allclose(picture, np.broadcast_to(expected, picture.shape), atol=3 * (image.mode == "CMYK"))


PIXELS = Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8))
NOISE = {kind: file(PIXELS, kind).getvalue() for kind in images.FORMATS}
MOST = 220_000_000  # bytes of memory: the largest file here has room for 60000 x 800 pixels, but does not fill them


@cache
def bomb():
    """200 MB of zeros, packed into 200 kB."""
    return zlib.compress(bytes(200_000_000), 9)


def chunk(name, data=b""):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width=8, height=8, *, colour=2, extra=b"", data=None):
    """A PNG, written by hand: with `extra` chunks before the pixels, or with packed `data` that may be wrong."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes(height * (1 + 3 * width))) if data is None else data)
    return b"\x89PNG\r\n\x1a\n" + header + extra + pixels + chunk(b"IEND")


def jpeg(width, height):
    """The first 900 bytes of a JPEG that says it has this size."""
    return NOISE["JPEG"].replace(b"\0\x40" * 2, struct.pack(">HH", height, width), 1)[:900]


HOSTILE = {  # what makes the file, and what the sentence about it names; "" where it may also be a picture
    # No picture at all.
    "empty": (lambda: b"", "HEIC"),
    "program": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n", "HEIC"),
    "HEIC": (lambda: b"\0\0\0\x18ftypheic" + bytes(100), "HEIC"),
    # Far too large.
    "PNG 100,000,000 x 1": (lambda: png(100_000_000, 1, data=bomb()), "100000000 x 1 "),
    "PNG 9999 x 9999": (lambda: png(9999, 9999, colour=6, data=bomb()), "9999 x 9999 "),
    "PPM 60000 x 800, cut short": (lambda: b"P6 60000 800 255\n" + bytes(100), "truncated"),
    "JPEG 16000 x 13000": (lambda: jpeg(16000, 13000), "a.jpg"),
    # These would fit in, since only every second pixel is unpacked, each way.
    "JPEG 13000 x 13000, cut short": (lambda: jpeg(13000, 13000), "truncated"),
    "JPEG 16000 x 3900, cut short": (lambda: jpeg(16000, 3900), "truncated"),
    # Small, but they unpack to much.
    "PNG, pixels without end": (lambda: png(data=bomb()), ""),
    "PNG, a profile without end": (lambda: png(extra=chunk(b"iCCP", b"x\0\0" + bomb())), ""),
    "PPM of one number": (lambda: b"P3 2 2 255\n" + b"9" * 1_000_000, "Token"),
}


def memory(word):
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * int(next(line for line in lines if line.startswith(word)).split()[1])


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(("make", "fact"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_made_to_do_harm_is_a_picture_or_a_sentence(make, fact):
    data = make()
    gc.collect()
    Image.core.clear_cache()
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")  # the most memory is counted from here on
    before = memory("VmRSS")
    assert fact in picture_or_sentence(data)
    assert memory("VmHWM") - before < MOST


def picture_or_sentence(data):
    """Returns "a picture", or the sentence."""
    (file := io.BytesIO(data)).name = "a.jpg"
    try:
        picture = images.load(file)
    except NotAPictureError as error:
        assert "a.jpg" in str(error) and str(error).endswith(".") and "\n" not in str(error)
        return str(error)
    assert picture.shape == (224, 224, 3) and picture.dtype == np.uint8
    return "a picture"


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("kind", images.FORMATS)
def test_cut_short_or_changed_anywhere(kind):
    whole, dice = NOISE[kind], random.Random(kind)
    for end in range(0, len(whole), len(whole) // 20):
        picture_or_sentence(whole[:end])
        changed = bytearray(whole)
        for _ in range(dice.randint(1, 8)):
            changed[dice.randrange(min(len(whole), 700))] = dice.randrange(256)
        picture_or_sentence(bytes(changed))


@pytest.mark.parametrize("name", images.SCIKIT_IMAGE)
def test_scikit_images_photographs_are_what_its_own_reader_gives(name):
    theirs = getattr(skimage.data, images.SCIKIT_IMAGE[name].partition(".")[0])()
    np.testing.assert_array_equal(images.load(name), images.load(file(Image.fromarray(theirs))))


def test_a_picture_of_the_reader_takes_the_place_of_scikit_image_s(folder):
    """And what is no photograph gets the names of those that there are."""
    images.save(np.full((224, 224, 3), 7, np.uint8), folder / "cat.png")
    assert images.examples().count("cat") == 1 and (images.load("cat") == 7).all()
    with pytest.raises(FileNotFoundError, match=r"\bcat\b"):
        images.load("pandda")


def test_every_photograph_loads_by_name_and_none_of_the_evidence_set_is_on_the_shelf():
    names = [*images.EVIDENCE, *images.HELD_OUT, *images.examples()]
    pictures = [images.load(name) for name in names]
    assert {picture.shape for picture in pictures} == {(224, 224, 3)}
    assert len({picture.tobytes() for picture in pictures}) == len({*names}) == len(names)  # no picture twice
    assert {*images.EVIDENCE, *images.HELD_OUT} == {path.stem for path in EVIDENCE_FOLDER.glob("*.jpg")}
