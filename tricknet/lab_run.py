"""The lab's engine: takes the steps, and has them drawn without slowing them down much."""

import time
from collections.abc import Callable, Iterator

import numpy as np

SHARE = 0.2  # drawing takes at most this share of the time
PER_SECOND = 15  # drawings at most, of some 40 kB each: Jupyter's server lets a megabyte a second through
GAP = 0.002  # seconds after a drawing in which other threads send it off, and in which a click on Stop gets in


def follow(
    walk: Iterator,
    draw: Callable[[list[np.ndarray], list[np.ndarray]], None],
    stopped: Callable[[], bool],
    clock: Callable[[], float] = time.perf_counter,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Take the steps of `walk` (as `trick.climb` yields them, of one picture) until it ends or `stopped()`.

    draw(frames, history) is called with all pictures (uint8) and probabilities (float32) so far: at the first
    step, at the last, and in between as often as SHARE and PER_SECOND allow.
    """
    frames, history = [], []
    began, last, drawing = clock(), float("-inf"), 0.0

    def drawn() -> None:
        nonlocal last, drawing
        last = clock()
        draw(frames, history)
        pause(GAP)  # Caffe keeps Python to itself during a pass, so nobody else has had a turn
        drawing += clock() - last

    try:
        for pictures, predictions in walk:
            frames.append(pictures[0])
            history.append(predictions[0].probabilities)
            if stopped():
                break
            if drawing <= SHARE * (clock() - began) and clock() - last >= 1 / PER_SECOND:
                drawn()
    finally:  # a step that fails leaves the ones before it
        if frames:
            drawn()
