"""Does every file that is made to do harm give a picture or one sentence?"""

import io
import random

import numpy as np
import pytest
from PIL import Image

from tricknet import images
from tricknet.images import NotAPictureError

NOISE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8))


def saved(kind):
    buffer = io.BytesIO()
    NOISE.save(buffer, kind)
    return buffer.getvalue()


REFUSED = {
    "empty": (b"", "not a picture"),
    "program": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n", "not a picture"),
    "100,000,000 x 1": (b"P6 100000000 1 255\n" + bytes(100), "too many pixels"),
    "9999 x 9999": (b"P6 9999 9999 255\n" + bytes(100), "too many pixels"),
    "60000 x 800, cut short": (b"P6 60000 800 255\n" + bytes(100), "damaged"),
    # This one would fit in, since only a part of it is unpacked.
    "JPEG 13000 x 13000, cut short": (saved("JPEG").replace(b"\0\x40" * 2, b"\x32\xc8" * 2, 1)[:900], "damaged"),
}


@pytest.mark.parametrize(("data", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_picture_or_too_large_is_a_sentence(data, words):
    with pytest.raises(NotAPictureError, match=words):
        images.load(io.BytesIO(data))


def picture_or_sentence(data):
    try:
        picture = images.load(io.BytesIO(data))
    except NotAPictureError as error:
        assert str(error).startswith("The file ") and str(error).endswith(".") and "\n" not in str(error)
    else:
        assert picture.shape == (224, 224, 3) and picture.dtype == np.uint8


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
