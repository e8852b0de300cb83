"""Does every file that is made to do harm give a picture or one sentence, and take no more memory than a photograph?"""

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
from PIL import Image

from tricknet import images
from tricknet.images import NotAPictureError

MOST = 220_000_000  # bytes of memory: the largest file here has room for 60000 x 800 pixels, but does not fill them
NOISE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8))


@cache
def bomb():
    """200 MB of zeros, packed into 200 kB."""
    return zlib.compress(bytes(200_000_000), 9)


def saved(kind):
    buffer = io.BytesIO()
    NOISE.save(buffer, kind)
    return buffer.getvalue()


def chunk(name, data=b""):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width=8, height=8, *, colour=2, extra=b"", data=None):
    """A PNG, written by hand: with `extra` chunks before the pixels, or other packed `data` than the right one."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes(height * (1 + 3 * width))) if data is None else data)
    return b"\x89PNG\r\n\x1a\n" + header + extra + pixels + chunk(b"IEND")


CORPUS = {
    # No picture at all.
    "empty": lambda: b"",
    "program in PostScript": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n",
    # Far too large.
    "PNG 100,000,000 x 1": lambda: png(100_000_000, 1, data=bomb()),
    "PNG 9999 x 9999": lambda: png(9999, 9999, colour=6, data=bomb()),
    "JPEG 13000 x 13000, cut short": lambda: saved("JPEG").replace(b"\0\x40" * 2, b"\x32\xc8" * 2, 1)[:900],
    "PPM 60000 x 800": lambda: b"P6 60000 800 255\n" + bytes(100),
    # Small, but they unpack to much.
    "PNG, pixels without end": lambda: png(data=bomb()),
    "PNG, a profile without end": lambda: png(extra=chunk(b"iCCP", b"x\0\0" + bomb())),
    "PPM of one number": lambda: b"P3 2 2 255\n" + b"9" * 1_000_000,
}


def memory(word):
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * int(next(line for line in lines if line.startswith(word)).split()[1])


def picture_or_sentence(data):
    try:
        picture = images.load(io.BytesIO(data))
    except NotAPictureError as error:
        assert str(error).startswith("The file ") and str(error).endswith(".") and "\n" not in str(error)
    else:
        assert picture.shape == (224, 224, 3) and picture.dtype == np.uint8


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", CORPUS)
def test_a_picture_or_a_sentence(name):
    data = CORPUS[name]()
    gc.collect()
    Image.core.clear_cache()
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")  # the most memory is counted from here on
    before = memory("VmRSS")
    picture_or_sentence(data)
    assert memory("VmHWM") - before < MOST


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("kind", images.FORMATS)
def test_cut_short_or_changed_anywhere(kind):
    whole, dice = saved(kind), random.Random(kind)
    for end in range(0, len(whole), len(whole) // 20):
        picture_or_sentence(whole[:end])
    for _ in range(20):
        changed = bytearray(whole)
        for _ in range(dice.randint(1, 8)):
            changed[dice.randrange(min(len(whole), 700))] = dice.randrange(256)
        picture_or_sentence(bytes(changed))
