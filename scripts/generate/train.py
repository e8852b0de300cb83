"""Trains lesson 14's networks, and writes models/fashion/plain.caffemodel and robust.caffemodel.

    scripts/generate/train.py            both, from nothing: about four minutes on one quiet core
    scripts/generate/train.py robust     one of them

The seeds are fixed, so the same processor gives the same weights. Others round differently, which adds up.
"""

import argparse

from tricknet import fashion_mnist
from tricknet.paths import models_folder
from tricknet.topics import learn

EPOCH = 600  # steps: 60,000 pictures in batches of 100
RECIPES: dict[str, tuple[int, learn.Attack]] = {
    "plain": (5 * EPOCH, learn.no_attack),
    "robust": (3 * EPOCH, learn.Against(epsilon=14)),
}
SEED = 0


def main() -> None:
    """Train what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", metavar="kind", help=f"{' or '.join(RECIPES)} (default: both)")
    kinds = parser.parse_args().kinds or list(RECIPES)
    if unknown := set(kinds) - set(RECIPES):
        parser.error(f"there is no recipe {', '.join(unknown)}; there are {', '.join(RECIPES)}")
    pictures, answers = fashion_mnist.test_set()
    learnt_from, tested_on = fashion_mnist.train_set(), (pictures[-500:], answers[-500:])
    for kind in kinds:
        steps, attack = RECIPES[kind]
        pupil = learn.Pupil(seed=SEED, steps=steps)
        learn.train(pupil, learnt_from, tested_on, steps=steps, attack=attack, seed=SEED, watch=report, every=200)
        path = pupil.save(models_folder() / "fashion" / f"{kind}.caffemodel")
        print(f"wrote {path}: {pupil.right(pictures, answers).mean():.2%} of the test pictures right")


def report(moments: list[learn.Moment]) -> None:
    """Print the last of them."""
    print(moments[-1], flush=True)


if __name__ == "__main__":
    main()
