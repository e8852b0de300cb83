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
from tricknet.paths import ROOT
from tricknet.plots.sheet import facts_of

NOTEBOOKS = [p for p in sorted(ROOT.glob("notebooks/**/*.ipynb")) if ".ipynb_checkpoints" not in p.parts]
# But for the cards of the first page, which are thumbnails, and for WebP, which has films and quizzes: no claims.
FILES = (p for p in sorted(ROOT.glob("docs/**/*")) if p.parent.name != "lessons")
KINDS = {".png": "image/png", ".gif": "image/gif", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
PAGES = [*NOTEBOOKS, *(p for p in FILES if p.suffix in KINDS)]
NETWORKS = trained()
SAME = 0.1  # percentage points: the same pixels on another processor


def stored(page):
    """(where, MIME type, content) of each picture that a notebook has stored, or of a picture's own file."""
    if page.suffix in KINDS:
        yield page.name, KINDS[page.suffix], page.read_bytes()
        return
    for number, cell in enumerate(json.loads(page.read_text(encoding="utf-8"))["cells"]):
        for data in (output.get("data", {}) for output in cell.get("outputs", [])):
            html = re.findall(r'"data:(image/\w+);base64,([^"]+)"', "".join(data.get("text/html", "")))
            for kind, content in [*data.items(), *html]:
                if kind.startswith("image/") and kind != "image/svg+xml":
                    yield f"{page.name}, cell {number}", kind, base64.b64decode("".join(content))


loaded = cache(load)


@cache
def names(network):
    """The indices of each class name, synonyms included: a few names belong to two classes."""
    labels, found = loaded(network if network in NETWORKS else "GoogLeNet").labels, {}
    for index in range(len(labels)):
        for name in labels.names(index):
            found.setdefault(name.casefold(), set()).add(index)
    return found


def claims(caption, network):
    """(class indices, percentage, how far off it may be) of each "vulture 100.0%" in a caption."""
    for match in re.finditer(r"(\d+(?:\.(\d+))?) ?%", caption):
        words = re.split(r"\s+", caption[: match.start()].casefold().strip())
        phrases = (" ".join(words[-n:]).lstrip("(“\"'") for n in range(min(6, len(words)), 0, -1))
        if indices := next((names(network)[phrase] for phrase in phrases if phrase in names(network)), None):
            yield indices, float(match[1]), 0.5 * 10 ** -len(match[2] or "") + SAME


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
            judge = loaded(name, *([] if tuple(mean) == tuple(loaded(name).mean) else [tuple(mean)]))
            answer = judge.predict(picture[..., : judge.channels])  # a grey one is drawn with three equal channels
            for indices, percentage, off in found:
                here = [100 * float(answer.probabilities[index]) for index in indices]
                if min(abs(p - percentage) for p in here) > off:
                    wrong.append(f"{where}: {caption!r}, but {name} says {max(here):.1f}%: {answer.best.name}")
    return wrong, n


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_every_stored_picture_is_exact_and_the_network_says_what_its_caption_says(page, googlenet):
    """A PNG that says which pictures are on it, as plots.show draws it; a chart of Matplotlib's has none.

    Were captions read wrongly, nothing would be false: the article's pandas are known to be in lesson 3.
    """
    wrong, n = [], 0
    for where, kind, content in stored(page):
        with Image.open(io.BytesIO(content)) as image:
            exact = "Matplotlib" in image.info.get("Software", "") or "frames" in facts_of(image)
        if kind != "image/png" or not exact:
            wrong.append(f"{where}: {kind}, which says nothing of its pictures. Draw it with plots.show.")
        else:
            here, claimed = false_claims(where, content)
            wrong, n = wrong + here, n + claimed
    assert not wrong, "\n".join(wrong)
    assert n >= 4 or page.parent.name != "notebooks" or page.stem != "03-tricks"


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
