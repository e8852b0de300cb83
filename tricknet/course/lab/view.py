"""What the lab shows: small pieces of HTML and SVG made from plain values. Nothing here knows about widgets."""

import base64
import io
import re
import zlib
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

import numpy as np
from PIL import Image

from tricknet.arrays import Floats, Picture
from tricknet.networks.classifier import Prediction
from tricknet.networks.labels import Labels
from tricknet.plots import ACCENT, COLOURS, PALETTE

OTHER = "#9a9a9a"  # classes without a curve

# Links work from JupyterLab (…/lab/tree/notebooks/) and from Voilà (…/voila/render/notebooks/) alike.
LESSONS = "../../../lab/tree/notebooks/"
LESSON = {
    1: ("01-meet-googlenet.ipynb", "what a picture is to the network"),
    3: ("03-tricks.ipynb", "tricks, step by step"),
    5: ("05-why-it-works.ipynb", "why so little is enough"),
    6: ("06-you-cant-fool-a-dog.ipynb", "turning a picture away from what it is"),
    8: ("08-does-it-survive.ipynb", "what the trick survives"),
    10: ("10-one-sticker-for-everything.ipynb", "how a sticker is made"),
    12: ("12-dreams.ipynb", "how a network dreams"),
}

STYLE = f"<style>{Path(__file__).with_name('lab.css').read_text(encoding='utf-8')}</style>"


def heading(text: str, *lessons: int) -> str:
    """A heading, and links to the lessons that explain what is below it."""
    links = ", ".join(
        f'<a href="{LESSONS}{LESSON[n][0]}" target="_blank" title="{LESSON[n][1]}">lesson {n}</a>' for n in lessons
    )
    return f'<div class="tn-head"><h3>{escape(text)}</h3><span>{links}</span></div>'


def message(text: str, wrong: bool = False) -> str:
    """One sentence, which screen readers read out, at once if something is wrong."""
    role, kind = ("alert", "tn-message tn-wrong") if wrong else ("status", "tn-message")
    return f'<div role="{role}" class="{kind}">{escape(text)}</div>'


def caption(what: str, said: str = "") -> str:
    """The words under a picture."""
    return f'<div class="tn-what">{escape(what)}</div><div class="tn-said">{escape(said)}</div>'


def top(prediction: Prediction) -> str:
    """The most probable class in words: "giant panda 100.0%"."""
    _, name, p = prediction.top(1)[0]
    return f"{name} {p:.1%}"


def png(picture: Picture) -> bytes:
    """A picture (uint8, height x width x 3) as a PNG for the page, which the reader can save from there exactly."""
    buffer = io.BytesIO()
    # For photographs and noise, zlib's RLE needs no more bytes than its default, and a tenth of the time.
    Image.fromarray(picture).save(buffer, "PNG", compress_type=zlib.Z_RLE)
    return buffer.getvalue()


def colour(classes: Iterable[int], known: dict[int, str], wanted: int | None = None) -> None:
    """Give each new class a colour in `known`; the others keep theirs, as curves must not change colour.

    wanted: the one class that has the accent.
    """
    if wanted is not None:
        for c in [c for c, chosen in known.items() if chosen == ACCENT]:
            del known[c]
        known[wanted] = ACCENT
    for c in classes:
        # Black on a white page has to be white on a dark one.
        options = (COLOURS.get(c, OTHER).replace("#000000", "currentColor"), *PALETTE)
        known.setdefault(c, next((o for o in options if o not in {OTHER, ACCENT, *known.values()}), OTHER))


def bars(prediction: Prediction, colours: dict[int, str]) -> str:
    """The five most probable classes, in words and as bars."""
    rows = "".join(
        f"<li><b>{escape(name)}</b><span>{p:.1%}</span>"
        f'<u><i style="width:{100 * p:.1f}%;background:{colours.get(c, OTHER)}"></i></u></li>'
        for c, name, p in prediction.top(5)
    )
    return f'<ol class="tn-bars" aria-label="The five most probable classes">{rows}</ol>'


LEFT, RIGHT, HIGH, LOW = 38, 356, 8, 144  # the axes of the curves, in the units of the SVG


def curves(history: Floats, at: Sequence[int], steps: int, colours: dict[int, str], labels: Labels) -> str:
    """The probabilities (moments x classes) of the classes in `colours`, and what the colours mean.

    at: after which of all the steps each moment was.
    """
    grid = "".join(
        f'<path d="M{LEFT} {y}H{RIGHT}" stroke="#80808040"/>'
        f'<text x="{LEFT - 5}" y="{y + 4}" text-anchor="end">{p}%</text>'
        for p, y in ((0, LOW), (50, (LOW + HIGH) // 2), (100, HIGH))
    )
    ticks = f'<text x="{LEFT}" y="160">0</text><text x="{RIGHT}" y="160" text-anchor="end">{steps} steps</text>'
    xs = LEFT + (RIGHT - LEFT) * np.asarray(at, np.float32) / steps
    lines = []
    for c, chosen in colours.items():
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, LOW - (LOW - HIGH) * history[:, c], strict=True))
        lines.append(f'<polyline points="{points}" fill="none" stroke="{chosen}" stroke-width="2"/>')
    now = [f"{labels[c]} {history[-1, c]:.1%}" for c in colours] if len(history) else []
    legend = "".join(
        f'<span><i style="background:{colours[c]}"></i>{escape(labels[c])}</span>' for c in (colours if now else ())
    )
    words = f"Probabilities after {at[-1]} steps: {', '.join(now)}" if now else "No steps yet"
    return (
        f'<svg viewBox="0 0 360 166" role="img" aria-label="{escape(words)}" data-steps="{at[-1] + 1 if now else 0}">'
        f'{grid}{ticks}{"".join(lines)}</svg><div class="tn-legend" aria-hidden="true">{legend}</div>'
    )


def download(png: bytes, name: str) -> str:
    """A link that makes the browser save exactly these bytes."""
    data = base64.b64encode(png).decode()
    return f'<a class="tn-download" download="{escape(name)}" href="data:image/png;base64,{data}">Download the PNG</a>'


def plain(name: str, longest: int = 48) -> str:
    """A name that every file system accepts: letters, digits and single hyphens."""
    return re.sub(r"[\W_]+", "-", name.casefold())[:longest].strip("-") or "picture"
