"""One step on the panda: its numbers and its cost by kind of layer, kept in a file to be compared across processors.

    python -m benchmarks.speed.numbers save FILE
    python -m benchmarks.speed.numbers compare HERE THERE

The cost is processor time on one thread, on our fast layers and on Caffe's own. Under emulation only the ratio means
anything, and it means little: an emulator has its own ideas of which instructions are expensive. This is for
`scripts/test_arm64.sh`. `compare` ends with an error if HERE and THERE answer differently.
"""

import argparse
import os
import sys
import time

import numpy as np

from benchmarks.speed.rivals import PROTOTXT, TARGET, WEIGHTS, pictures

# As in caffe-cpu/tests/test_fast_layers.py: rounding may decide a near tie in a max pooling the other way.
PROBABILITY, GRADIENT = 1e-6, 0.01
LAYERS = ("fast", "stock")
STEPS = 2  # in the first, weights are packed, and an emulator translates the code


def main() -> int:
    """What the command line says; 1 if numbers differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("save", "compare"))
    parser.add_argument("files", nargs="+", metavar="FILE")
    options = parser.parse_args()
    if len(options.files) != {"save": 1, "compare": 2}[options.what]:
        parser.error("save takes one file, compare takes two.")
    if options.what == "compare":
        for file in options.files:
            if not os.path.exists(file):
                parser.error(f"there is no {file}: make it with `save {file}` on its processor.")
        return compare(*map(np.load, options.files))
    np.savez_compressed(options.files[0], **{f"{layers} {key}": value for layers in LAYERS
                                             for key, value in measure(layers).items()})  # fmt: skip
    return 0


def measure(layers: str) -> dict[str, np.ndarray]:
    """Of one step on those layers: the probabilities, the gradient, and the seconds of each kind of layer."""
    import caffe

    os.environ["CAFFE_FAST"] = "0" if layers == "stock" else ""
    net = caffe.Net(str(PROTOTXT), str(WEIGHTS), caffe.TEST)
    net.blobs["data"].reshape(1, 3, 224, 224)
    net.reshape()
    logits = list(net._layer_names).index("loss3/classifier")
    seconds = []
    for _ in range(STEPS):
        net.blobs["data"].data[...] = pictures(1)
        ways = [timed(net, net._forward, range(len(net.layers)))]
        p = net.blobs["prob"].data.copy()
        net.blobs["loss3/classifier"].diff[...] = np.eye(1000)[TARGET] - p
        ways.append(timed(net, net._backward, range(logits, 0, -1)))
        seconds.append({kind: ways[0][kind] + ways[1].get(kind, 0) for kind in ways[0]})
    cost = {f"seconds {kind}": np.array(min(s[kind] for s in seconds[1:])) for kind in seconds[0]}
    return {"p": p[0], "gradient": net.blobs["data"].diff[0].copy()} | cost


def timed(net, way, indices) -> dict[str, float]:
    """One way through the net, layer by layer: the processor time of each kind."""
    seconds = {}
    for i in indices:
        start = time.process_time()
        way(i, i)
        kind = net.layers[i].type
        seconds[kind] = seconds.get(kind, 0) + time.process_time() - start
    return seconds


def compare(here, there) -> int:
    """Print how far THERE's numbers are from HERE's, and what fast layers cost as a share of Caffe's own."""
    wrong = False
    for layers in LAYERS:
        p, truth = there[f"{layers} p"], here["stock p"]
        gradient, slope = there[f"{layers} gradient"], here["stock gradient"]
        error = np.linalg.norm(gradient - slope) / np.linalg.norm(slope)
        most = np.abs(p - truth).max()
        print(f"{layers:6} giant panda {p[388]:.6%} (here {truth[388]:.6%});", end=" ")
        print(f"probabilities differ by at most {most:.1e}, the gradient by {error:.1e} of its length")
        wrong |= not (most <= PROBABILITY and error <= GRADIENT)
    print("The cost of fast layers, as a share of Caffe's own:")
    for name, file in ("here", here), ("there", there):
        cost = {layers: {key.split()[-1]: float(file[key]) for key in file if key.startswith(f"{layers} seconds")}
                for layers in LAYERS}  # fmt: skip
        shares = {"step": sum(cost["fast"].values()) / sum(cost["stock"].values())}
        shares |= {kind: cost["fast"][kind] / cost["stock"][kind] for kind in cost["stock"] if kind != "Input"}
        print(f"{name:6}", ", ".join(f"{kind} {share:.2f}" for kind, share in shares.items()))
    if wrong:
        print(f"Wrong: more than {PROBABILITY} in a probability or {GRADIENT:.0%} in the gradient.", file=sys.stderr)
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
