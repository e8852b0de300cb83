"""Do tricks made on one network work on another? Lesson 9's tables: transfer.csv and both.csv in benchmarks/tables.

    python -m benchmarks.transfer [transfer] [both]

The first 30 photographs that GoogLeNet and SqueezeNet both name correctly, with at least 50%. Each is
tricked on one network and shown to the other.
away: ten steps away from the right answer, epsilon 8 and 16; then the same change with its pixels shuffled, and
coin tosses of that epsilon. towards: fifteen steps at epsilon 16 towards a random class, by its log-probability (15
gradients), and by its logit on the mean over two random changes (30 gradients).
both: fifteen steps towards a random class along the sum of both networks' gradients, epsilon 2.

Takes about eight minutes on one quiet core.
"""

from collections.abc import Iterator

import numpy as np
from tqdm import tqdm

from benchmarks.cases import asked_for, keep
from tricknet import changes, images
from tricknet.model import Classifier, GoogLeNet, SqueezeNet
from tricknet.objectives import Logit
from tricknet.trick import tricks, walk

SURE = 0.5  # what both networks give to the right answer, at least
STEPS = 15  # towards a target
MANY = 30  # photographs: the first that pass
BATCH = 5

Row = dict[str, int | float | str]
Batch = tuple[list[str], np.ndarray, list[int], list[int]]  # names, photographs, right answers, targets


def main() -> None:
    """Make the tables that the command line names, or both of them."""
    makers = {"transfer": transfer, "both": both}
    chosen = asked_for(__doc__, makers)
    networks = {"GoogLeNet": GoogLeNet(), "SqueezeNet": SqueezeNet()}
    batches = list(answered_by(networks))
    print(f"{sum(len(names) for names, *_ in batches)} photographs that both networks are sure of")
    for name in chosen:
        keep(name, makers[name](networks, batches))


def answered_by(networks: dict[str, Classifier]) -> Iterator[Batch]:
    """The photographs that every network names correctly and with confidence, and another class at random for each.

    All photographs of these two sets are ones that GoogLeNet names correctly, so agreeing with it is being right.
    """
    names = [*images.EVIDENCE, *images.HELD_OUT]
    photographs = np.stack([images.load(name) for name in names])
    said = {name: [p.top(1)[0] for p in network.predict(photographs)] for name, network in networks.items()}
    sure = [
        i
        for i, answers in enumerate(zip(*said.values(), strict=True))
        if len({label for label, _, _ in answers}) == 1 and min(p for _, _, p in answers) >= SURE
    ][:MANY]
    random = np.random.default_rng(9)
    right = [said["GoogLeNet"][i][0] for i in sure]
    targets = [next(int(c) for c in random.permutation(1000) if c != label) for label in right]
    for at in range(0, len(sure), BATCH):
        some = sure[at : at + BATCH]
        yield [names[i] for i in some], photographs[some], right[at : at + BATCH], targets[at : at + BATCH]


def transfer(networks: dict[str, Classifier], batches: list[Batch]) -> Iterator[Row]:
    """Every change made on every network, judged by both."""
    for (names, photographs, right, targets), (maker, network) in tqdm(
        [(batch, item) for batch in batches for item in networks.items()], desc="batches"
    ):
        made: dict[tuple[str, str, int], np.ndarray] = {}
        random = np.random.default_rng(9)
        for epsilon in (8, 16):
            away = tricks(network, photographs, right, epsilon=epsilon, steps=10, less_like=True)
            made["away", "trick", epsilon] = np.stack([t.after for t in away])
            made["away", "shuffled", epsilon] = np.stack([shuffled(t.before, t.change, random) for t in away])
            made["away", "coins", epsilon] = coins(photographs, epsilon, random)
        towards = tricks(network, photographs, targets, epsilon=16, steps=STEPS)
        made["towards", "plain", 16] = np.stack([t.after for t in towards])
        aims = [Logit(target) for target in targets]
        over_changes = changes.averaged(network, aims, copies=2, seed=9)
        made["towards", "averaged", 16] = walk(photographs, over_changes, epsilon=16, steps=STEPS)
        for (goal, how, epsilon), pictures in made.items():
            for judge, other in networks.items():
                for name, label, target, said in zip(names, right, targets, other.predict(pictures), strict=True):
                    row: Row = {"picture": name, "maker": maker, "judge": judge, "goal": goal, "how": how}
                    row |= {"epsilon": epsilon, "right": said.labels[label], "target": said.labels[target]}
                    yield row | {"sees": said.top(1)[0][1], "p target": round(said[target], 6)}


def shuffled(photograph: np.ndarray, change: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The photograph with the pixels of a change in other places: the same sizes and colours, and no pattern."""
    pixels = random.permutation(change.reshape(-1, 3)).reshape(change.shape)
    return np.asarray(np.clip(photograph + pixels, 0, 255), dtype=np.uint8)


def coins(photographs: np.ndarray, epsilon: int, random: np.random.Generator) -> np.ndarray:
    """Every value up or down by epsilon, at the toss of a coin."""
    tosses = random.choice([-epsilon, epsilon], photographs.shape)
    return np.clip(photographs + tosses, 0, 255).astype(np.uint8)


def both(networks: dict[str, Classifier], batches: list[Batch]) -> Iterator[Row]:
    """One picture for both networks."""
    for names, photographs, right, targets in tqdm(batches, desc="batches"):

        def of_both(pictures: np.ndarray, targets: list[int] = targets) -> np.ndarray:
            slopes = [network.gradient(pictures, targets) for network in networks.values()]
            return np.sum([s / np.abs(s).mean(axis=(1, 2, 3), keepdims=True) for s in slopes], axis=0)

        pictures = walk(photographs, of_both, epsilon=2, steps=STEPS)
        for judge, network in networks.items():
            for name, label, target, said in zip(names, right, targets, network.predict(pictures), strict=True):
                row: Row = {"picture": name, "judge": judge, "epsilon": 2, "right": said.labels[label]}
                yield row | {"target": said.labels[target], "sees": said.top(1)[0][1]}


if __name__ == "__main__":
    main()
