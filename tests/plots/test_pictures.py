"""Is a picture captioned "vulture 100.0%" a vulture? Each is cut out of its page and shown to the network."""

import base64
import io
import json
import re
from functools import cache

import numpy as np
import pytest
from PIL import Image

import tricknet
from tricknet import images, plots, trick
from tricknet.attacks import transforms
from tricknet.networks import load, trained
from tricknet.networks.classifier import Classifier
from tricknet.paths import ROOT
from tricknet.plots.sheet import facts_of

NOTEBOOKS = [p for p in sorted(ROOT.glob("notebooks/**/*.ipynb")) if ".ipynb_checkpoints" not in p.parts]
# But for the cards of the first page, which are thumbnails, and for WebP, which has films and quizzes: no claims.
FILES = (p for p in ROOT.glob("docs/**/*") if p.parent.name != "lessons")
DOCS = sorted(p for p in FILES if p.suffix in {".png", ".gif", ".jpg", ".jpeg"})
NETWORKS = trained()
SAME = 0.1  # percentage points: the same pixels on another processor


def outputs(notebook):
    """(where, MIME type, content) of each picture that a notebook has stored."""
    for number, cell in enumerate(json.loads(notebook.read_text(encoding="utf-8"))["cells"]):
        where = f"{notebook.name}, cell {number}"
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            for kind, content in data.items():
                if kind.startswith("image/") and kind != "image/svg+xml":
                    yield where, kind, base64.b64decode("".join(content))
            for kind, content in re.findall(r'"data:(image/\w+);base64,([^"]+)"', "".join(data.get("text/html", ""))):
                yield where, kind, base64.b64decode(content)


def inexact(where, kind, content):
    """What is wrong with a file that should say which pictures are on it (a chart of Matplotlib's has none)."""
    if kind != "image/png":
        return [f"{where}: {kind}, which changes pixels. Draw it with plots.show, or run the notebook again."]
    with Image.open(io.BytesIO(content)) as image:
        if "Matplotlib" in image.info.get("Software", "") or "frames" in facts_of(image):
            return []
    return [f"{where}: a PNG that does not say which pictures are on it. Draw it with plots.show."]


@cache
def names(network="GoogLeNet"):
    """The indices of each class name, synonyms included: a few names belong to two classes."""
    labels, found = loaded(network if network in NETWORKS else "GoogLeNet").labels, {}
    for index in range(len(labels)):
        for name in labels.names(index):
            found.setdefault(name.casefold(), set()).add(index)
    return found


def claims(caption, network="GoogLeNet"):
    """(class indices, percentage, how far off it may be) of each "vulture 100.0%" in a caption."""
    for match in re.finditer(r"(\d+(?:\.(\d+))?) ?%", caption):
        words = re.split(r"\s+", caption[: match.start()].casefold().strip())
        phrases = (" ".join(words[-n:]).lstrip("(“\"'") for n in range(min(6, len(words)), 0, -1))
        known = names(network)
        if indices := next((known[phrase] for phrase in phrases if phrase in known), None):
            yield indices, float(match[1]), 0.5 * 10 ** -len(match[2] or "") + SAME


@cache
def loaded(name):
    return load(name)


@cache
def network(name, mean):
    """The network that a sheet quotes. It subtracts the mean that the sheet says."""
    net = loaded(name)
    return (
        net
        if tuple(net.mean) == mean
        else Classifier(net.prototxt, net.weights, net.logits, mean=mean, name=name, labels=net.labels)
    )


def false_claims(where, content):
    """(what the captions on a sheet say and the network does not, how many claims they make)."""
    with Image.open(io.BytesIO(content)) as image:
        said = facts_of(image)
    if "frames" not in said:
        return [], 0
    drawn = plots.read_back(content)
    judges, means = said.get("network", "GoogLeNet"), said.get("mean", tricknet.MEAN)
    if not isinstance(judges, list):  # in a list, each picture has a network of its own
        judges, means = [judges] * len(drawn), [means] * len(drawn)
    wrong, n = [], 0
    for (picture, caption), name, mean in zip(drawn, judges, means, strict=True):
        found = list(claims(caption, name))
        n += len(found)
        if found and (name not in NETWORKS or picture.shape != (*loaded(name).size, 3)):
            wrong.append(f"{where}: {caption!r} is said of a picture of {picture.shape}, and {name} cannot judge it")
        elif found:
            judge = network(name, tuple(mean))
            answer = judge.predict(picture[..., : judge.channels])  # a grey one is drawn with three equal channels
            for indices, percentage, off in found:
                here = [100 * float(answer.probabilities[index]) for index in indices]
                if min(abs(p - percentage) for p in here) > off:
                    wrong.append(f"{where}: {caption!r}, but {name} says {max(here):.1f}%: {answer.best.name}")
    return wrong, n


def test_every_stored_picture_is_exact():
    """One list of all that are not: a notebook stays on it until it is run again with today's plots."""
    wrong = [
        fault for path in NOTEBOOKS for where, kind, content in outputs(path) for fault in inexact(where, kind, content)
    ]
    assert not wrong, f"{len(wrong)} pictures in the notebooks are not exact:\n" + "\n".join(wrong)


def test_every_picture_of_the_readme_and_docs_is_exact():
    kinds = {".png": "image/png"}
    wrong = [f for path in DOCS for f in inexact(path.name, kinds.get(path.suffix, path.suffix), path.read_bytes())]
    assert DOCS and not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=[str(p.relative_to(ROOT / "notebooks")) for p in NOTEBOOKS])
def test_the_network_says_what_the_captions_in_lessons_say(path, googlenet):
    wrong = [fault for where, _, content in outputs(path) for fault in false_claims(where, content)[0]]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", DOCS, ids=[p.name for p in DOCS])
def test_the_network_says_what_the_captions_in_docs_say(path, googlenet):
    wrong, _ = false_claims(path.name, path.read_bytes())
    assert not wrong, "\n".join(wrong)


def test_there_are_claims_to_hold(googlenet):
    """Were captions read wrongly, nothing would be false: the article's pandas are known to be there."""
    tricks = ROOT / "notebooks" / "03-tricks.ipynb"
    assert sum(false_claims(where, content)[1] for where, _, content in outputs(tricks)) >= 4


def test_a_picture_that_is_not_exact_is_noticed(googlenet):
    """The first edition's fault: what was shown had been a JPEG in between."""
    found = trick(googlenet, images.load("panda"), "vulture", steps=10)
    sheet = plots.show([found.before, found.after], [found.prediction_before, found.prediction_after])
    assert false_claims("here", sheet.data) == ([], 2)
    Image.open(io.BytesIO(sheet.data)).save(buffer := io.BytesIO(), "JPEG", quality=90)
    damaged = plots.Sheet([Image.open(buffer)], sheet.boxes, "the same, but for a few pixels")
    wrong, _ = false_claims("here", damaged.data)
    assert len(wrong) == 1 and "vulture" in wrong[0]


def test_as_jpegs_of_quality_93_all_the_readmes_pandas_are_pandas_again(googlenet):
    """What the course's last page says about them."""
    pandas = [picture for picture, _ in plots.read_back(ROOT / "docs" / "pandas.png")]
    saved = np.stack([transforms.jpeg(picture, 93) for picture in pandas])
    assert len(pandas) == 32 and {said.best.name for said in googlenet.predict(saved)} == {"giant panda"}
