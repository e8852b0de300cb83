"""Small views of photographs, which lesson 4's classifier learns and is tested on."""

from collections.abc import Iterable

import numpy as np
from PIL import Image

from tricknet.arrays import Picture, Pictures


def small_views(photographs: Iterable[Picture], count: int, *, mirrored: bool = True) -> Pictures:
    """`count` small views of each photograph (uint8, 224 x 224 x 3): zoomed, shifted, brightened or darkened, and (if
    mirrored) half of them mirrored. uint8, photographs x count x 32 x 32 x 3; the same views each time.
    """
    rng, views = np.random.default_rng(0), []
    for photograph in photographs:
        for _ in range(count):
            size = rng.integers(192, 225)
            top, left = rng.integers(0, 225 - size, 2)
            small = Image.fromarray(photograph[top : top + size, left : left + size]).resize((32, 32))
            light = np.clip(np.asarray(small) * rng.uniform(0.7, 1.2), 0, 255).astype(np.uint8)
            views.append(light[:, :: rng.choice([-1, 1]) if mirrored else 1])
    return np.reshape(views, (-1, count, 32, 32, 3))
