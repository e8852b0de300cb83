"""Activation patching (Meng et al. 2022): a layer of which a part is put back as it was before."""

from collections.abc import Iterable

import numpy as np

from tricknet.arrays import Floats


def put_back(after: Floats, before: Floats, *, channels: Iterable[int] = (), positions: Iterable[int] = ()) -> Floats:
    """Activations (height x width x channels) after a trick, with some channels or positions as they were before.

    positions: numbered row by row.
    """
    patched = after.copy()
    for channel in channels:
        patched[..., channel] = before[..., channel]
    for position in positions:
        at = np.unravel_index(position, after.shape[:2])
        patched[at] = before[at]
    return patched
