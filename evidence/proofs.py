"""Evidence for Proofs."""

from collections.abc import Iterator

from tqdm import tqdm

from evidence.cases import main
from evidence.report import Prose, median, tabulate
from lessons.proofs import bounds, table, training, two_layers
from tricknet import fashion_mnist
from tricknet.counting import Row

ABOUT = """Proofs, a page after lesson 14, asks for how many pictures a small network can be proved right. `python -m
evidence.proofs` takes about ten minutes."""
ROWS = {
    "provable": """is the page's network, from one of five seeds, at one epsilon, on the first 1000 test pictures of
Fashion-MNIST. `trained` is 25.5 if it learns from the worst that intervals allow within 25.5, and 0 if it learns from
the pictures as they are. `left` counts the pictures that are right after an attack of 50 steps, and `proved` those that
interval bounds on the leads (the right score minus each of the others) prove right.""",
}
PROSE = Prose(ABOUT, ROWS)


def prove_all() -> Iterator[Row]:
    """Is the page's network a lucky one? And is it the training that makes proofs possible, or the small size?"""
    pictures, answers = fashion_mnist.test_set(1000)
    for trained, seed in tqdm([(trained, seed) for trained in (25.5, 0) for seed in range(5)]):
        network = training.train_on_bounds(*fashion_mnist.train_set(), epsilon=trained, seed=seed)
        for epsilon in (0, 4, 16, 25.5):
            ends = two_layers.margin_attack(network, pictures, answers, epsilon) if epsilon else pictures
            row: Row = {"trained": trained, "seed": seed, "epsilon": epsilon}
            row["left"] = int(two_layers.right(network, ends, answers).sum())
            yield row | {"proved": int(bounds.proven(network, pictures, answers, epsilon).sum())}


def describe() -> dict[str, list[str]]:
    columns = {name: median(name) for name in ("left", "proved")}
    return {
        "provable": [
            "The table shows the median of the five seeds.",
            tabulate(table("provable"), ["trained", "epsilon"], columns),
        ]
    }


if __name__ == "__main__":
    main(PROSE, table, {"provable": prove_all}, describe)
