"""Do intervals and tests give the published values, do they cover what they promise, and do tables come back?"""

import numpy as np
import pytest
from scipy import stats

from tricknet.counting import Tables, holm, interval, mcnemar, rate

PUBLISHED = [  # Newcombe (1998), Statistics in Medicine 17, table I, method 3
    (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718),
]  # fmt: skip


@pytest.mark.parametrize("k, n, low, high", PUBLISHED)
def test_rates_have_the_published_intervals(k, n, low, high):
    assert (rate(k, n).low, rate(k, n).high) == pytest.approx((low, high), abs=5e-5)
    assert rate(k, n).share == k / n


def test_no_rate_without_cases():
    for k, n in ((0, 0), (3, 2), (-1, 5)):
        with pytest.raises(ValueError, match=rf"{k}\b.*\b{n}\b"):
            rate(k, n)


KNOWN = [
    ((21, 9, 2, 12), 0.06543),  # the example of R's package exact2x2 (Fay 2010)
    ((5, 1, 9, 5), 2 * (1 + 10) / 2**10),  # by hand: of ten tosses none or one
    ((30, 4, 4, 2), 1),
    ((7, 0, 0, 3), 1),
]


@pytest.mark.parametrize("counts, p", KNOWN)
def test_mcnemar_gives_the_known_values(counts, p):
    a, b = np.repeat([[1, 1], [1, 0], [0, 1], [0, 0]], counts, axis=0).T  # of each kind of case so many
    assert mcnemar(a, b) == pytest.approx(p, abs=5e-6)
    assert mcnemar(list(b), list(a)) == mcnemar(a, b)


def test_holm_corrects_as_in_the_books():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])  # R's p.adjust, method "holm"
    assert holm([0.9, 0.8]) == [1, 1] and holm([]) == [] and holm([0.02]) == [0.02]


@pytest.mark.long
def test_bootstrap_intervals_hold_the_mean_and_agree_with_student_s():
    samples = np.random.default_rng(1).normal(3, 2, (200, 40))
    low, high = np.array([interval(sample) for sample in samples]).T
    assert 0.88 < np.mean((low < 3) & (high > 3)) <= 0.99
    students = 2 * stats.t.ppf(0.975, 39) * np.mean(samples.std(axis=1, ddof=1)) / np.sqrt(40)
    assert np.mean(high - low) == pytest.approx(students, rel=0.05)


def test_an_interval_is_the_same_each_time():
    assert interval([1, 2, 4, 8]) == interval([1, 2, 4, 8])
    assert interval([5, 5, 5]) == (5, 5)
    for values in ([], [1], [1, float("nan")]):
        with pytest.raises(ValueError):
            interval(values)


def test_tables_come_back_as_they_were(tmp_path):
    table = Tables(str(tmp_path))
    rows = [{"picture": "a, b", "hit": 1, "p": 0.25}, {"picture": "é", "hit": 0, "p": 1e-9}]
    path = table.save("some", rows)
    assert table("some") == rows and path.read_bytes().count(b"\n") == 3
    with pytest.raises(FileNotFoundError, match=r"\bsome\b"):
        table("other")
