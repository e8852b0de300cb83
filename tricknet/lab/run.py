"""The lab's engine: it takes the steps, and has them drawn without slowing them down much."""

import time
from collections.abc import Callable, Iterator

from tricknet.arrays import Floats, Picture, Pictures
from tricknet.model import Prediction

SHARE = 0.2  # drawing takes at most this share of the time
PER_SECOND = 8  # drawings at most, each with two exact PNGs: about a megabyte per second, which most networks carry
GAP = 0.002  # seconds after each drawing, in which other threads can send it and a click on Stop can arrive


def follow(
    walk: Iterator[tuple[Pictures, list[Prediction]]],
    frames: list[Picture],
    history: list[Floats],
    draw: Callable[[], None],
    stopped: Callable[[], bool],
    clock: Callable[[], float] = time.perf_counter,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Take the steps of `walk` (as `trick.climb` yields them, of one picture) until it ends or `stopped()`.

    Each picture (uint8) is added to `frames`, what the network says of it (float32) to `history`. `draw` is called at
    the first step, and then as often as SHARE and PER_SECOND allow. Raises what a step raises; the lists then hold
    the steps before it.
    """
    began, last, drawing = clock(), float("-inf"), 0.0

    for pictures, predictions in walk:
        frames.append(pictures[0])
        history.append(predictions[0].probabilities)
        if stopped():
            break
        now = clock()
        if drawing <= SHARE * (now - began) and now - last >= 1 / PER_SECOND:
            draw()
            pause(GAP)  # Caffe holds Python's lock during a pass, so no other thread has had a turn
            last, drawing = now, drawing + clock() - now
