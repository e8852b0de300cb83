"""Do the benchmarks count rightly, take up where they stopped, and does the document say what their tables hold?"""

import subprocess
import sys

import numpy as np
import pytest

from benchmarks import report
from benchmarks.lessons import cases
from benchmarks.lessons.cases import Setting
from benchmarks.lessons.methods import calmness
from tricknet import evidence, images
from tricknet.paths import ROOT


@pytest.mark.parametrize(
    "p, turns, fall",
    [
        ([0, 0.2, 0.5, 1], 0, 0),
        ([0, 0.5, 0.2, 0.9, 0.6], 3, 0.6),
        ([0.5, 0.505, 0.5, 0.505], 0, 0),  # too small to be seen
        ([0, 0.5, 0.495, 0.9], 0, 0),
        ([1, 0.4, 0], 0, 1),
    ],
)
def test_calmness_by_hand(p, turns, fall):
    found = calmness(np.array(p, dtype=np.float32))
    assert found == (turns, pytest.approx(fall, abs=1e-6))


def test_targets_hang_on_the_picture_and_are_none_of_its_likeliest(googlenet):
    names = images.EVIDENCE[:6]
    photographs, targets = cases.cases(googlenet, names)
    assert cases.cases(googlenet, names[3:])[1] == targets[3:]
    for photograph, target in zip(photographs, targets, strict=True):
        assert target not in {index for index, _, _ in googlenet.predict(photograph).top(5)}


@pytest.fixture
def tables(tmp_path, monkeypatch):
    """An empty folder of tables."""
    monkeypatch.setattr(evidence, "tables_folder", lambda: tmp_path)
    return tmp_path


def test_the_graphs_of_the_page_are_compared_pair_by_pair(tables):
    keys = {"set": "held_out", "network": "A", "epsilon": 1}
    hits = {"caffe": (1, 1, 1, 0, 0, 0, 0, 0), "half": (1, 1, 0, 0, 1, 1, 1, 1)}
    evidence.save_table(
        "graph_tricks",
        [
            keys | {"weights": weights, "picture": f"p{i}", "hit": hit, "probability": hit / 2}
            for weights, all_of_them in hits.items()
            for i, hit in enumerate(all_of_them)
        ],
    )
    line = report.graph_tricks().splitlines()[2]
    assert "| A | 1 | half | 6 of 8" in line and "| 3 of 8" in line
    assert line.endswith("| 0.375 | 0.375 |")  # five differ, one of them to Caffe's advantage: 2 * (1 + 5) / 2**5


def test_the_graphs_gradients_that_differ_are_judged_in_float64(tables):
    near = {"network": "A", "p exact": 1e-6, "p half": 2e-4, "g exact": 1e-5, "g half": 0.1}
    near |= {"picture": "a", "caffe from truth": "", "graph from truth": ""}
    far = near | {"picture": "b_c", "g exact": 0.3, "caffe from truth": 0.3, "graph from truth": 1e-6, "p half": 4e-4}
    worse = near | {"picture": "d", "g exact": 0.2, "caffe from truth": 0.1, "graph from truth": 0.2}
    evidence.save_table("graph", [near, near, far, worse])
    line = report.graph().splitlines()[2]
    assert line.startswith("| A | 1e-06 | 4e-04 | 2 of 4 (")
    assert line.endswith("| 1 of 2 | b c, d | 10% |")


def test_a_measurement_continues_where_it_stopped(tables):
    first, second = Setting("evidence", 1, 10, "a"), Setting("evidence", 1, 10, "b")
    asked = []

    def how(setting):
        asked.append(setting)
        return [{"picture": name, "hit": int(setting.method == "a"), "probability": 0.25} for name in "xyz"]

    cases.measure("t", [first], how)
    cases.measure("t", [first, second], how)
    assert asked == [first, second]  # the first is not measured twice
    rows = cases.saved("t")
    assert cases.settings(rows) == [first, second] and list(cases.of(rows, second)) == ["x", "y", "z"]
    assert cases.hits(rows, first).k == 3 and cases.hits(rows, second).k == 0
    assert cases.against(rows, second, "a") == (0.25, 0, 0)  # three of three coins: 2 / 2^3
    assert cases.against(rows, first, "a") is None and cases.against(rows, second, "c") is None


def test_tables_go_between_their_marks():
    text = "one\n<!-- a -->\nold\n<!-- /a -->\ntwo\n<!-- b -->\n<!-- /b -->\n"
    after = report.between(text, "a", "| new |\n")
    assert after == "one\n<!-- a -->\n\n| new |\n\n<!-- /a -->\ntwo\n<!-- b -->\n<!-- /b -->\n"
    assert report.between(after, "a", "| new |\n") == after


def test_trick_hits_at_least_as_often_as_apgd_in_every_setting_measured():
    """docs/benchmarks.md says so: with one of the committed methods, at each epsilon and number of gradients."""
    rows = cases.saved("attacks")
    settings = [one for one in cases.settings(rows) if one.set == "held_out"]
    rivals = [one for one in settings if one.method in report.RIVALS]
    assert len({one[:3] for one in rivals}) >= 7
    for rival in rivals:
        ours = [cases.hits(rows, one).k for one in settings if one[:3] == rival[:3] and one.method in report.OURS]
        assert not ours or max(ours) >= cases.hits(rows, rival).k, rival


def test_the_graphs_of_the_page_differ_from_caffe_only_where_its_own_gradient_is_unsteady():
    """docs/benchmarks.md says so, of all photographs, networks and objectives."""
    rows = cases.saved("graph")
    assert len(rows) == 70 * 3 * 2
    assert max(row["p exact"] for row in rows) < 1e-5 and max(row["p half"] for row in rows) < 2e-3
    assert {(row["network"], row["picture"]) for row in rows if row["p half"] > 1e-3} == {("SqueezeNet", "palace")}
    for row in rows:
        assert row["g exact"] <= 0.01 or row["moved"] > 0.01, row


def test_the_document_says_what_the_tables_hold():
    command = [sys.executable, "-m", "benchmarks.report", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
