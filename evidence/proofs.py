"""Evidence for Proofs."""

from collections.abc import Iterator

from tqdm import tqdm

from evidence.cases import main
from evidence.report import median, tabulate
from lessons.proofs import bounds, table, training, two_layers
from tricknet import fashion_mnist
from tricknet.counting import Row


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


def make_tables() -> list[str]:
    """The tables of the page, in its order."""
    columns = {name: median(name) for name in ("left", "proved")}
    return [tabulate(table("provable"), ["trained", "epsilon"], columns)]


if __name__ == "__main__":
    main(table, {"provable": prove_all}, make_tables)
