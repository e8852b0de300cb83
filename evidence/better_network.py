"""Evidence for lesson 15, A better network."""

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

import numpy as np
from PIL import Image
from tqdm import tqdm

from evidence import peers
from evidence.cases import combine, complete, main, pick
from evidence.report import compare_counts, compare_means, count, mean, melt, tabulate, total
from lessons.better_network import drawings, pair, table
from tricknet import Classifier, fashion_mnist, load
from tricknet.arrays import rounded
from tricknet.counting import Row
from tricknet.networks.classifier import first_answers
from tricknet.paths import DOCS
from tricknet.plots.sheet import lay

KINDS = ("plain", "robust")
TRAINED = {"plain": 0, "on tricks": 25}  # epsilon in training, pixel values
UNLIKE = ("T-shirt", "trousers", "dress", "sandal", "bag", "ankle boot")
EPSILONS = (4, 8, 16, 25, 32, 48, 64, 80, 96, 128)
NEVER = 9999  # written where no attack succeeds
BATCH = 200
N = 1000  # test pictures that are attacked
STRONG = {"APGD": {"steps": 50}, "APGDT": {"steps": 50}, "Square": {"n_queries": 2000}}  # names of torchattacks


def draw_walkers() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A hundred test pictures that no figure shows, their answers, and a class for each to walk to."""
    pictures, answers = (part[1000:1100] for part in fashion_mnist.test_set())
    return pictures, answers, (answers + np.random.default_rng(0).integers(1, 10, 100)) % 10


def draw_ballot() -> Iterator[Row]:
    """Six garments, drawn by both twins of the first pair, in a random order."""
    pictures, answers = fashion_mnist.test_set()
    names, random = list(load("FashionNet plain").labels), np.random.default_rng(0)
    aims = [names.index(name) for name in UNLIKE]
    start = [1100 + random.choice(np.flatnonzero(answers[1100:1200] != aim)) for aim in aims]
    drawn = []
    for epsilon in TRAINED.values():
        network = pair.train_by_hand(epsilon, batches=300)[0].classifier()
        drawn += list(drawings.of_equal_length(network, pictures[start], aims, steps=30)[-1])
    rows = list(product(TRAINED, range(len(aims))))
    order = random.permutation(len(rows))
    large = [np.asarray(Image.fromarray(drawn[i][..., 0]).resize((196, 196))) for i in order]
    lay(large, [str(number) for number in range(1, 13)], columns=4)[0].save(DOCS / "ballot.webp", quality=75)
    for network, i in (rows[i] for i in order):
        yield {"network": network, "garment": names[answers[start[i]]], "target": UNLIKE[i]}


def make_judges() -> Mapping[str, Callable[[np.ndarray], np.ndarray]]:
    """Those that judge what a picture shows: a function for each, by name."""
    from sklearn.neighbors import KNeighborsClassifier  # here: the image has none

    pictures, answers = (part[:20_000] for part in fashion_mnist.train_set())
    robust, nearest = load("FashionNet robust"), KNeighborsClassifier(5, algorithm="brute")
    nearest.fit(pictures.reshape(20_000, -1), answers)
    return {
        "robust": lambda x: np.array(first_answers(robust, x)),
        "nearest": lambda x: nearest.predict(x.reshape(len(x), -1)),
    }


def train_pairs() -> None:
    """Five pairs, what they survive, and what the judges see in what they draw."""
    (test, answers), (start, _, aims), asked = fashion_mnist.test_set(), draw_walkers(), make_judges()

    def measure(network: str, seed: int, batches: int) -> list[Row]:
        trainee, firsts = pair.train_by_hand(TRAINED[network], batches=batches, seed=seed)
        model = trainee.classifier()
        ends = drawings.of_equal_length(model, start, list(aims), steps=30)[-1]
        mixed = drawings.shuffled_change(start, ends, np.random.default_rng(0))
        hits = {
            "right": find_right(model, test[:500], answers[:500]),
            "survive_16": pair.which_survive(model, test[:100], answers[:100], epsilon=16),
            "shuffled": asked["robust"](mixed) == aims,
        }
        hits |= {name: judge(ends) == aims for name, judge in asked.items()}
        curve = " ".join(f"{100 * share:.0f}" for share in np.reshape(firsts, (-1, 10)).mean(axis=1))
        return [{name: int(hit.sum()) for name, hit in hits.items()} | {"curve": curve}]

    complete(table, "pairs", combine(network=TRAINED, seed=range(1, 6), batches=(120, 300)), measure)


def judge_known_pictures() -> Iterator[Row]:
    """What the judges make of known pictures, and of walks on `plain` and `robust`."""
    (start, answers, aims), (test, classes) = draw_walkers(), fashion_mnist.test_set()
    random = np.random.default_rng(0)
    real = np.stack([test[random.choice(2000 + np.flatnonzero(classes[2000:] == aim))] for aim in aims])
    change = real.astype(np.float32) - start
    known = {
        "photographs": start,
        "blends": rounded(start + change * np.minimum(1, drawings.LENGTH / drawings.lengths(change))),
    }
    for kind in KINDS:
        known[f"{kind}'s walks"] = drawings.of_equal_length(load(f"FashionNet {kind}"), start, list(aims), steps=30)[-1]
    known["shuffled"] = drawings.shuffled_change(start, known["robust's walks"], random)
    for (what, pictures), (name, judge) in product(known.items(), make_judges().items()):
        labels = judge(pictures)
        hits = {"garment": int((labels == answers).sum()), "target": int((labels == aims).sum())}
        yield {"judge": name, "shown": what, **hits, "of": len(labels)}


def find_right(model: Classifier, pictures: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """Which pictures are classified correctly?"""
    return np.equal(first_answers(model, pictures), answers)


def fool_in_box(model: Classifier, pictures: np.ndarray, answers: np.ndarray, *, epsilon: float) -> np.ndarray:
    """Which pictures are fooled, from where they are or from a random place in the box?"""
    noise = np.random.default_rng(0).uniform(-epsilon, epsilon, pictures.shape)
    wrong = pair.fooled(model, pictures, answers, epsilon=epsilon, begin=pictures)
    if not wrong.all():
        left = ~wrong
        wrong[left] = pair.fooled(model, pictures[left], answers[left], epsilon=epsilon, begin=(pictures + noise)[left])
    return wrong


def find_budgets() -> Iterator[Row]:
    """For each network and picture the least epsilon that fools it."""
    pictures, answers = fashion_mnist.test_set(N)
    for kind in KINDS:
        model = load(f"FashionNet {kind}")
        fooled_at = np.where(find_right(model, pictures, answers), NEVER, 0)
        for epsilon in tqdm(EPSILONS, desc=kind):
            left = np.flatnonzero(fooled_at == NEVER)
            for i in range(0, len(left), BATCH):
                some = left[i : i + BATCH]
                fooled_at[some[fool_in_box(model, pictures[some], answers[some], epsilon=epsilon)]] = epsilon
        for index, epsilon in enumerate(fooled_at):
            yield {"network": kind, "picture": index, "fooled_at": int(epsilon)}


def attack_by_peers() -> None:
    """How many pictures survive attacks that are not ours."""
    pictures, answers = fashion_mnist.test_set(N)

    def measure(network: str, epsilon: float) -> list[Row]:
        model, attacks = load(f"FashionNet {network}"), STRONG if epsilon else {}
        left = count_survivors(model, pictures, answers, epsilon=epsilon, attacks=attacks)
        return [{"survive": left, "of": N}]

    complete(table, "judge", combine(network=KINDS, epsilon=(0, 16, 25.5)), measure)


def count_survivors(
    model: Classifier, pictures: np.ndarray, answers: np.ndarray, *, epsilon: float, attacks: Mapping[str, Any]
) -> int:
    """How many pictures are classified correctly before and after all of these attacks from torchattacks.

    Each attacks what has survived. The pictures that it makes hold fractions too.
    """
    _, torchattacks = peers.libraries("torchattacks")
    network, survive = peers.as_torch(model), find_right(model, pictures, answers)
    for name, options in attacks.items():
        attack = getattr(torchattacks, name)(network, eps=epsilon / 255, **options)
        left = np.flatnonzero(survive)
        for i in tqdm(range(0, len(left), BATCH), desc=f"{model.name}, epsilon {epsilon}, {name}"):
            some = left[i : i + BATCH]
            after = peers.on_pictures(attack, pictures[some], [int(answer) for answer in answers[some]])
            if np.abs(after - pictures[some]).max() > epsilon + 1e-3 or after.min() < 0 or after.max() > 255:
                raise ValueError(f"{name} leaves the box of epsilon {epsilon}")
            survive[some] = find_right(model, after, answers[some])
    return int(survive.sum())


def assert_claims() -> None:
    """What lesson 15 and its page say of the tables in words. In every pair, robustness has its price."""
    for batches, alike in ((120, (2, 5)), (300, (5,))):  # in the pairs of which seeds the judges see no difference
        rows = {(row["network"], row["seed"]): row for row in table("pairs") if row["batches"] == batches}
        for seed in range(1, 6):
            one, other = rows["plain", seed], rows["on tricks", seed]
            assert one["right"] > other["right"] and one["survive_16"] < other["survive_16"]
            gains = [other[judge] - one[judge] for judge in ("robust", "nearest")]
            assert max(map(abs, gains)) <= 6 if seed in alike else min(gains) > 10

    plain, robust = (np.array(pick(table("budgets"), "fooled_at", network=kind)) for kind in KINDS)
    assert (plain > 4).mean() < 0.5 < (robust > 32).mean()
    assert max((plain > 128).mean(), (robust > 128).mean()) < 0.005  # a curve that stayed up: a broken attack


def make_tables() -> list[str]:
    """The tables of the page, in its order."""
    assert_claims()
    networks = [({"network": "plain"}, {"network": "robust"})]
    trained = [({"network": "on tricks"}, {"network": "plain"})]
    tries = product(table("budgets"), (0, *EPSILONS))
    alive = [row | {"epsilon": epsilon, "alive": int(row["fooled_at"] > epsilon)} for row, epsilon in tries]
    twins = melt(table("pairs"), ("right", "survive_16", "robust", "nearest", "shuffled"), name="count", value="of")
    seen = {"garment": total("garment", "of"), "target": total("target", "of")}
    return [
        tabulate(twins, ["batches", "count"], {"": mean("of", 1)}, across=["network"]),
        compare_means(twins, ["batches", "count"], trained, column="of", case="seed", digits=1),
        tabulate(table("judges"), ["shown"], seen, across=["judge"]),
        tabulate(table("judge"), ["epsilon"], {"": total("survive", "of")}, across=["network"]),
        tabulate(alive, ["epsilon"], {"": count("alive")}, across=["network"]),
        compare_counts(alive, ["epsilon"], networks, counted=["alive"]),
    ]


if __name__ == "__main__":
    measured = {"pairs": train_pairs, "ballot": draw_ballot, "judges": judge_known_pictures, "judge": attack_by_peers}
    main(table, measured | {"budgets": find_budgets}, make_tables)
