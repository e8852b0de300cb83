"""What the lab shows: small pieces of HTML and SVG, made of plain values. Nothing here knows a widget."""

import base64
import io
import re
from collections.abc import Iterable
from html import escape

import numpy as np
from PIL import Image

from tricknet.model import Prediction
from tricknet.plots import COLOURS, PALETTE

OTHER = "#9a9a9a"  # classes without a curve

# Links work from JupyterLab (…/lab/tree/notebooks/) and from Voilà (…/voila/render/notebooks/) alike.
LESSONS = "../../../lab/tree/notebooks/"
LESSON = {
    1: ("01-meet-googlenet.ipynb", "what a picture is to the network"),
    3: ("03-tricks.ipynb", "tricks, step by step"),
    5: ("05-why-it-works.ipynb", "why so little is enough"),
    6: ("06-you-cant-fool-a-dog.ipynb", "turning a picture away from what it is"),
    8: ("08-does-it-survive.ipynb", "what the trick survives"),
}

STYLE = """<style>
.tn-lab { container-type: inline-size; max-width: 1120px; line-height: 1.4; overflow: visible; padding: 2px 0 8px;
  color: var(--jp-ui-font-color1, #222); --tn-line: var(--jp-border-color2, #ddd); --tn-soft: var(--jp-ui-font-color2, #666); }
.tn-lab .widget-html-content, .tn-lab .jupyter-widget-html-content { line-height: 1.4; min-width: 0; }
.tn-lab .tn-columns { display: flex; flex-flow: row wrap; gap: 20px 28px; align-items: flex-start; overflow: visible; }
.tn-lab .tn-controls { flex: 1 1 250px; max-width: 340px; gap: 6px; overflow: visible; padding: 2px; }
.tn-lab .tn-live { flex: 4 1 480px; min-width: 0; gap: 14px; overflow: visible; }
.tn-lab .tn-head { display: flex; justify-content: space-between; align-items: baseline; gap: 8px; flex-wrap: wrap;
  margin: 0; border-bottom: 1px solid var(--tn-line); }
.tn-lab h3 { font-size: 14px; font-weight: 600; margin: 0; padding: 0 0 2px; color: inherit; }
.tn-lab a { color: var(--jp-content-link-color, #0b5cad); font-size: 12px; }
.tn-lab .tn-controls > *, .tn-lab .tn-row > * { margin-left: 0; margin-right: 0; }
.tn-lab .tn-controls > *:not(.tn-row) { width: auto; }
.tn-lab .tn-controls > .tn-part { margin-top: 8px; }
.tn-lab .tn-stack { flex-direction: column; align-items: stretch; height: auto; }
.tn-lab .tn-stack > .widget-label { width: auto; max-width: none; text-align: left; height: auto; line-height: 1.5;
  font-size: 12px; color: var(--tn-soft); }
.tn-lab .tn-stack > select, .tn-lab .tn-stack > input { width: 100%; max-width: none; box-sizing: border-box; }
.tn-lab .tn-stack.widget-select > select { flex: none; }
.tn-lab .tn-row { display: flex; flex-flow: row wrap; gap: 6px; overflow: visible; align-items: center; }
.tn-lab .tn-row > .widget-button, .tn-lab .tn-row > .widget-upload { width: auto; min-width: 84px; flex: 1 1 auto; }
.tn-lab .tn-keep > .widget-button { flex: none; }
.tn-lab button:focus-visible, .tn-lab a:focus-visible, .tn-lab select:focus-visible, .tn-lab input:focus-visible,
.tn-lab .noUi-handle:focus-visible { outline: 2px solid #0b5cad; outline-offset: 2px; }
/* The upload button counts its files, "(0)", which says nothing here. */
.tn-lab .tn-upload { font-size: 0; }
.tn-lab .tn-upload::after { content: "Upload a picture" / ""; font-size: 13px; }
.tn-lab .tn-pictures { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 12px; overflow: visible; }
.tn-lab .tn-picture { margin: 0; overflow: visible; min-width: 0; }
.tn-lab .tn-picture img { width: 100%; max-width: none; aspect-ratio: 1; margin: 0; border-radius: 4px; background: #80808018; }
.tn-lab .tn-picture .widget-html { margin: 2px 0 0; min-height: 36px; }
.tn-lab .tn-what { color: var(--tn-soft); font-size: 12px; }
.tn-lab .tn-said { font-weight: 600; font-size: 13px; overflow-wrap: anywhere; }
.tn-lab .tn-graphs { display: flex; flex-flow: row wrap; gap: 12px 24px; overflow: visible; }
.tn-lab .tn-graphs > :first-child { flex: 3 1 280px; min-width: 0; margin: 0; }
.tn-lab .tn-graphs > :last-child { flex: 2 1 210px; min-width: 0; margin: 0; }
.tn-lab svg { display: block; width: 100%; height: auto; }
.tn-lab svg text { font-size: 11px; fill: var(--tn-soft); }
.tn-lab .tn-legend { display: flex; flex-wrap: wrap; gap: 0 14px; font-size: 12px; padding-left: 34px; min-height: 36px; align-content: flex-start; }
.tn-lab .tn-legend i { display: inline-block; width: 12px; height: 3px; vertical-align: middle; margin-right: 5px; border-radius: 2px; }
.tn-lab .tn-bars { list-style: none; margin: 4px 0 0; padding: 0; display: grid; gap: 5px; }
.tn-lab .tn-bars li { display: grid; grid-template-columns: 1fr auto; font-size: 12px; margin: 0; }
.tn-lab .tn-bars b { font-weight: 500; overflow-wrap: anywhere; }
.tn-lab .tn-bars u { grid-column: 1 / 3; height: 7px; border-radius: 4px; background: #80808022; text-decoration: none; }
.tn-lab .tn-bars u i { display: block; height: 100%; border-radius: 4px; min-width: 1px; }
.tn-lab .tn-message { min-height: 20px; font-size: 13px; overflow-wrap: anywhere; }
.tn-lab .tn-wrong { border-left: 3px solid #c8451b; padding: 2px 0 2px 8px; }
.tn-lab a.tn-download { display: inline-block; padding: 0 14px; line-height: 28px; font-size: 13px; border-radius: 2px;
  text-decoration: none; background: var(--jp-layout-color2, #eee); color: var(--jp-ui-font-color1, #222); }
@container (max-width: 520px) {
  .tn-lab .tn-controls { max-width: none; }
  .tn-lab .tn-pictures { gap: 6px; }
  .tn-lab .tn-said { font-size: 12px; }
}
</style>"""


def heading(text: str, *lessons: int) -> str:
    """A heading, and links to the lessons that explain what is below it."""
    links = ", ".join(
        f'<a href="{LESSONS}{LESSON[n][0]}" target="_blank" title="{LESSON[n][1]}">lesson {n}</a>' for n in lessons
    )
    return f'<div class="tn-head"><h3>{escape(text)}</h3><span>{links}</span></div>'


def message(text: str, wrong: bool = False) -> str:
    """One sentence, which screen readers read out: at once if something is wrong."""
    role, kind = ("alert", "tn-message tn-wrong") if wrong else ("status", "tn-message")
    return f'<div role="{role}" class="{kind}">{escape(text)}</div>'


def caption(what: str, said: str = "") -> str:
    """The words under a picture."""
    return f'<div class="tn-what">{escape(what)}</div><div class="tn-said">{escape(said)}</div>'


def top(prediction: Prediction) -> str:
    """The most probable class in words: "giant panda 100.0%"."""
    _, name, p = prediction.top(1)[0]
    return f"{name} {p:.1%}"


def jpeg(picture: np.ndarray) -> bytes:
    """A picture to look at: light and quick, but not exact."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def colour(classes: Iterable[int], known: dict[int, str]) -> None:
    """Give each class that has none a colour in `known`, and leave the others theirs: curves must not change colour."""
    for c in classes:
        free = (chosen for chosen in PALETTE if chosen not in known.values())
        # What is black on white must be white on black, where the reader likes a dark page.
        known.setdefault(c, COLOURS.get(c, "").replace("#000000", "currentColor") or next(free, OTHER))


def bars(prediction: Prediction, colours: dict[int, str]) -> str:
    """The five most probable classes, in words and as bars."""
    rows = "".join(
        f"<li><b>{escape(name)}</b><span>{p:.1%}</span>"
        f'<u><i style="width:{100 * p:.1f}%;background:{colours.get(c, OTHER)}"></i></u></li>'
        for c, name, p in prediction.top(5)
    )
    return f'<ol class="tn-bars" aria-label="The five most probable classes">{rows}</ol>'


LEFT, RIGHT, HIGH, LOW = 34, 432, 8, 164  # the axes of the curves, in the units of the SVG


def curves(history: np.ndarray, steps: int, colours: dict[int, str], labels) -> str:
    """The probabilities (steps so far x classes) of the classes in `colours`, and what the colours mean."""
    grid = "".join(
        f'<path d="M{LEFT} {y}H{RIGHT}" stroke="#80808040"/><text x="{LEFT - 5}" y="{y + 4}" text-anchor="end">{p}%</text>'
        for p, y in ((0, LOW), (50, (LOW + HIGH) // 2), (100, HIGH))
    )
    ticks = f'<text x="{LEFT}" y="180">0</text><text x="{RIGHT}" y="180" text-anchor="end">{steps} steps</text>'
    xs = LEFT + (RIGHT - LEFT) * np.arange(len(history)) / steps
    lines = []
    for c, chosen in colours.items():
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, LOW - (LOW - HIGH) * history[:, c], strict=True))
        lines.append(f'<polyline points="{points}" fill="none" stroke="{chosen}" stroke-width="2"/>')
    now = [f"{labels[c]} {history[-1, c]:.1%}" for c in colours] if len(history) else []
    legend = "".join(
        f'<span><i style="background:{colours[c]}"></i>{escape(labels[c])}</span>' for c in (colours if now else ())
    )
    words = f"Probabilities after {len(history) - 1} steps: {', '.join(now)}" if now else "No steps yet"
    return (
        f'<svg viewBox="0 0 440 186" role="img" aria-label="{escape(words)}" data-steps="{len(history)}">'
        f'{grid}{ticks}{"".join(lines)}</svg><div class="tn-legend" aria-hidden="true">{legend}</div>'
    )


def download(png: bytes, name: str) -> str:
    """A link that makes the browser save exactly these bytes."""
    data = base64.b64encode(png).decode()
    return f'<a class="tn-download" download="{escape(name)}" href="data:image/png;base64,{data}">Download the PNG</a>'


def plain(name: str, longest: int = 40) -> str:
    """A name that every file system takes: letters, digits and single hyphens."""
    return re.sub(r"[\W_]+", "-", name.casefold())[:longest].strip("-") or "picture"
