"""Activation patching (Meng et al. 2022): a layer of which a part is put back as it was before."""

from collections.abc import Iterable

import numpy as np

from tricknet.arrays import Floats


def put_back(after: Floats, before: Floats, *, channels: Iterable[int] = (), places: Iterable[int] = ()) -> Floats:
    """Activations (height x width x channels) after a trick, with some channels or places as they were before.

    places: numbered row by row.
    """
    patched = after.copy()
    for channel in channels:
        patched[..., channel] = before[..., channel]
    for place in places:
        at = np.unravel_index(place, after.shape[:2])
        patched[at] = before[at]
    return patched
