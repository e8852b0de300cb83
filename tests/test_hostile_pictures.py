"""Does every file that is made to do harm give a picture, or one sentence, and take no more memory than is stated?"""

import ctypes
import gc
import io
import random
import struct
import zipfile
import zlib
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tricknet import images
from tricknet.images import NotAPictureError

ZEROS = 200_000_000  # bytes in each bomb: they pack into 200 kB
# Bytes of memory, for every file here that is no large picture. The largest has room for 60000 x 800 pixels, and stops
# before it fills them: whether untouched room counts depends on what the allocator has at hand.
SMALL = 220_000_000
NOISE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8))


def saved(kind, image=NOISE, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


@cache
def bomb():
    packer = zlib.compressobj(9)
    block = bytes(1_000_000)
    return b"".join(packer.compress(block) for _ in range(ZEROS // len(block))) + packer.flush()


def chunk(name, data=b"", length=None):
    size = len(data) if length is None else length
    return struct.pack(">I", size) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width=8, height=8, *, colour=2, depth=8, extra=(), data=None, end=True):
    """A PNG, written by hand: with `extra` chunks before the pixels, or other packed `data` than the right one."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    if data is None:
        data = zlib.compress(bytes(height * (1 + (width * channels * depth + 7) // 8)))
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    chunks = [chunk(b"IHDR", header), *extra, chunk(b"IDAT", data), chunk(b"IEND") if end else b""]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def tiff(*tags, size=(8, 8), kind=b"II*\0"):
    """A TIFF of grey pixels, written by hand; (tag, type, count, value) quadruples replace or add to its own."""
    width, height = size
    own = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8)]
    own += [(277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, 64)]
    merged = {tag[0]: tag for tag in [*own, *tags]}
    packed = b"".join(struct.pack("<HHII", *merged[tag]) for tag in sorted(merged))
    return kind + struct.pack("<I", 72) + bytes(64) + struct.pack("<H", len(merged)) + packed + bytes(4)


def exif(*tags, following=0):
    packed = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"Exif\0\0II*\0" + struct.pack("<IH", 8, len(tags)) + packed + struct.pack("<I", following)


def with_sides(jpeg, width, height):
    """A JPEG whose header tells another size."""
    start = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:start] + struct.pack(">HH", height, width) + jpeg[start + 4 :]


def segment(marker, data):
    """A JPEG with one more segment at its beginning."""
    return b"\xff\xd8\xff" + marker + struct.pack(">H", len(data) + 2) + data + saved("JPEG")[2:]


def zipped():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("panda.png", png())
    return buffer.getvalue()


def frames(count):
    """An animation, its frames written once and repeated."""
    whole = saved("GIF", Image.new("P", (8, 8)))
    start = whole.index(b",")
    return whole[:start] + whole[start:-1] * count + b";"


def webp_canvas(width, height):
    sides = b"".join(struct.pack("<I", side - 1)[:3] for side in (width, height))
    body = b"WEBPVP8X" + struct.pack("<II", 10, 2) + sides
    return b"RIFF" + struct.pack("<I", len(body)) + body


def bmp(width, height, *, bits=24, compression=0, offset=54):
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 0, 0, 0, offset) + header + bytes(200)


def scanned(scans):
    """A progressive JPEG with its last scan many times over."""
    whole = saved("JPEG", progressive=True)
    return whole[:-2] + whole[whole.rindex(b"\xff\xda") : -2] * scans + whole[-2:]


CORPUS = {
    # No picture at all.
    "empty": lambda: b"",
    "one byte": lambda: b"\xff",
    "random": lambda: random.Random(0).randbytes(10_000),
    "zip": zipped,
    "page": lambda: b"<!DOCTYPE html><html><script>alert(1)</script></html>",
    "SVG of many laughs": lambda: b'<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><svg>&b;</svg>',
    "program in PostScript": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n",
    "HEIC": lambda: b"\0\0\0\x18ftypheic" + bytes(100),
    "AVIF of nothing": lambda: b"\0\0\0\x18ftypavif" + bytes(100),
    # Far too large.
    "PNG 100,000,000 x 1": lambda: png(100_000_000, 1, data=bomb()),
    "PNG 1 x 100,000,000": lambda: png(1, 100_000_000, data=bomb()),
    "PNG 2^31 - 1 each way": lambda: png(2**31 - 1, 2**31 - 1, data=b""),
    "PNG 9999 x 9999": lambda: png(9999, 9999, colour=6, data=bomb()),
    "PNG 0 x 8": lambda: png(0, 8, data=b""),
    "JPEG 65535 x 65535": lambda: with_sides(saved("JPEG"), 65535, 65535),
    "JPEG 13000 x 13000, cut short": lambda: with_sides(saved("JPEG"), 13_000, 13_000)[:900],
    "JPEG 0 x 0": lambda: with_sides(saved("JPEG"), 0, 0),
    "GIF 65535 x 65535": lambda: b"GIF89a\xff\xff\xff\xff" + frames(1)[10:],
    "BMP 2^31 - 1 each way": lambda: bmp(2**31 - 1, 2**31 - 1),
    "BMP of negative height": lambda: bmp(100, -(2**31)),
    "TIFF 2^32 - 1 each way": lambda: tiff(size=(2**32 - 1, 2**32 - 1)),
    "WEBP 16384 x 16384": lambda: webp_canvas(16384, 16384),
    "PPM 999,999,999 each way": lambda: b"P6 999999999 999999999 255\n",
    "PPM 60000 x 800": lambda: b"P6 60000 800 255\n" + bytes(100),
    # Small, and packed small, but they unpack to much.
    "PNG, pixels without end": lambda: png(data=bomb()),
    "PNG, a profile without end": lambda: png(extra=[chunk(b"iCCP", b"x\0\0" + bomb())]),
    "PNG, a text without end": lambda: png(extra=[chunk(b"zTXt", b"x\0\0" + bomb())]),
    "PNG, an international text without end": lambda: png(extra=[chunk(b"iTXt", b"x\0\1\0\0\0" + bomb())]),
    "PNG, 10,000 texts": lambda: png(extra=[chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(10_000)))] * 10_000),
    "TIFF, packed without end": lambda: tiff((259, 3, 1, 8), (273, 4, 1, 200), (279, 4, 1, 10**6)) + bytes(20) + bomb(),
    "JPEG, 2000 scans": lambda: scanned(2000),
    # Animations.
    "GIF, 10,000 frames": lambda: frames(10_000),
    "GIF, a frame outside": lambda: frames(1).replace(b",\0\0\0\0", b",\xff\xff\xff\xff", 1),
    "GIF, a large frame": lambda: frames(1).replace(b"\x08\0\x08\0\0", b"\xff\x7f\xff\x7f\0"),
    "APNG, 2^31 frames": lambda: png(extra=[chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0))]),
    "APNG, no frame": lambda: png(extra=[chunk(b"acTL", bytes(8))]),
    # Two things at once.
    "PNG and zip": lambda: png() + zipped(),
    "JPEG and a page": lambda: segment(b"\xfe", b"<script>alert(1)</script>"),
    "GIF and a script": lambda: b"GIF89a=1;alert(1)//" + frames(1)[13:],
    "JPEG in a PDF": lambda: b"%PDF-1.4\n" + saved("JPEG"),
    # Damaged.
    "PNG, a wrong checksum": lambda: png()[:40] + b"\xff" + png()[41:],
    "PNG, no pixels": lambda: png(data=b""),
    "PNG, no end": lambda: png(end=False),
    "PNG, a chunk without end": lambda: png(extra=[chunk(b"tEXt", b"x", length=2**31 - 1)]),
    "PNG, no palette": lambda: png(colour=3),
    "PNG, transparency of nothing": lambda: png(extra=[chunk(b"tRNS", b"\0")]),
    "PNG, an odd depth": lambda: png(depth=3),
    "PNG, bad EXIF": lambda: png(extra=[chunk(b"eXIf", b"II*\0\xff\xff\xff\xff")]),
    "JPEG, half": lambda: saved("JPEG")[:900],
    "JPEG, no end": lambda: saved("JPEG")[:-2],
    "JPEG, no tables": lambda: saved("JPEG").replace(b"\xff\xc4", b"\xff\xfe"),
    "WEBP, half": lambda: saved("WEBP")[:900],
    "WEBP, a wrong length": lambda: saved("WEBP")[:4] + b"\xff" * 4 + saved("WEBP")[8:],
    "GIF, half": lambda: saved("GIF")[:900],
    "BMP, pixels outside": lambda: bmp(8, 8, offset=2**32 - 1),
    "BMP, odd packing": lambda: bmp(8, 8, bits=8, compression=1),
    "BMP, no palette": lambda: bmp(8, 8, bits=8),
    "PPM of letters": lambda: b"P3 2 2 255\n" + b"9" * 1_000_000,
    "PPM, no brightest": lambda: b"P6 2 2 0\n" + bytes(12),
    "PPM, a comment without end": lambda: b"P6 #" + b"x" * 1_000_000,
    "AVIF, half": lambda: saved("AVIF")[:900],
    # Odd tags.
    "TIFF, a directory in a circle": lambda: tiff()[:-4] + struct.pack("<I", 72),
    "TIFF, a directory outside": lambda: b"II*\0" + struct.pack("<I", 2**32 - 1),
    "TIFF, the width a word": lambda: tiff((256, 2, 4, 0x636261)),
    "TIFF, 4,000,000,000 strips": lambda: tiff((273, 4, 4_000_000_000, 8)),
    "TIFF, 60,000 channels": lambda: tiff((277, 3, 1, 60_000)),
    "TIFF, 64 bits": lambda: tiff((258, 3, 1, 64)),
    "TIFF, a packing unheard of": lambda: tiff((259, 3, 1, 31_337)),
    "TIFF, tiles of 2^31": lambda: tiff((322, 4, 1, 2**31 - 16), (323, 4, 1, 2**31 - 16), (324, 4, 1, 8)),
    "TIFF, packed tiles of 2^14": lambda: tiff(
        (259, 3, 1, 8), (322, 4, 1, 2**14), (323, 4, 1, 2**14), (324, 4, 1, 8), (325, 4, 1, 64)
    ),
    "TIFF, a type unheard of": lambda: tiff((305, 99, 1, 0)),
    "TIFF of 64 bits, cut short": lambda: b"II+\0\x08\0\0\0" + b"\xff" * 8,
    "EXIF, turned 9 ways": lambda: segment(b"\xe1", exif((0x0112, 3, 1, 9))),
    "EXIF, turned by a word": lambda: segment(b"\xe1", exif((0x0112, 2, 4, 0x636261))),
    "EXIF, a value outside": lambda: segment(b"\xe1", exif((0x0112, 4, 2**31, 2**31))),
    "EXIF in a circle": lambda: segment(b"\xe1", exif((0x8769, 4, 1, 8), following=8)),
    "a profile of nothing": lambda: segment(b"\xe2", b"ICC_PROFILE\0\1\xff"),
    "a second picture outside": lambda: segment(b"\xe2", b"MPF\0II*\0" + struct.pack("<I", 2**32 - 1)),
    "Adobe's colours": lambda: segment(b"\xee", b"Adobe\0\x64\0\0\0\0\2"),
}


def memory(word):
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * int(next(line for line in lines if line.startswith(word)).split()[1])


def counting():
    """A function that says how many bytes of memory were taken at most, from now on."""
    gc.collect()
    Image.core.clear_cache()
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")
    before = memory("VmRSS")
    return lambda: memory("VmHWM") - before


def picture_or_sentence(data):
    try:
        picture = images.load(io.BytesIO(data))
    except NotAPictureError as error:
        assert str(error).startswith("The file ") and str(error).endswith(".") and "\n" not in str(error)
        return str(error)
    assert picture.shape == (224, 224, 3) and picture.dtype == np.uint8
    return picture


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", CORPUS)
def test_a_picture_or_a_sentence(name):
    data = CORPUS[name]()
    most = counting()  # only now: what it takes to make the file does not count
    picture_or_sentence(data)
    assert most() < SMALL


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP", "PPM"])
def test_cut_short_anywhere(kind):
    whole = saved(kind)
    for end in range(0, len(whole), len(whole) // 50):
        picture_or_sentence(whole[:end])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP", "PPM"])
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_changed_anywhere(kind):
    whole, dice = saved(kind), random.Random(kind)
    for _ in range(50):
        changed = bytearray(whole)
        for _ in range(dice.randint(1, 8)):
            changed[dice.randrange(min(len(whole), 700))] = dice.randrange(256)
        picture_or_sentence(bytes(changed))


@pytest.mark.long
@pytest.mark.parametrize(
    ("kind", "mode", "side"), [("JPEG", "RGB", 8000), ("PNG", "RGBA", 5000), ("WEBP", "RGBA", 2500), ("PNG", "1", 5000)]
)
def test_a_large_picture_takes_what_is_stated(kind, mode, side):
    data = saved(kind, Image.new(mode, (side, side), "white"), compress_level=1)
    stated = images.BYTES.get(kind, images.OTHER_BYTES) * side**2
    most = counting()
    assert (picture_or_sentence(data) == 255).all()
    assert most() < stated + 10_000_000


def test_what_is_not_free_is_not_taken(monkeypatch):
    data = saved("PNG", Image.new("RGBA", (3000, 3000)))
    monkeypatch.setattr(images, "available", lambda: 100_000_000)
    most = counting()
    assert "would take about 144 MB of memory, and the limit is 100" in picture_or_sentence(data)
    assert most() < 1_000_000
