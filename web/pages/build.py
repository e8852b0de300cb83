"""Makes the pages of the course from what the notebooks store, without running them: python -m web.pages.build FOLDER

It lays copies of the sources, as Sphinx wants them, in a folder of its own. conf.py has Sphinx's settings.
SOURCE=https://host/owner/name/blob/main makes links of what is no page; without it, they are only words.
"""

import json
import os
import re
import shutil
import signal
import sys
import tempfile
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from sphinx.cmd.build import build_main

from lessons.course import LESSONS, Lesson
from tricknet import load
from tricknet.island import ISLAND, MODULES, write_picture
from tricknet.plots import read_back
from tricknet.walks import pack_walk
from web.pages import figures

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FIRST = ROOT / "notebooks" / "index.ipynb"  # the front page has what is on it
TEXTS = ["README.md", "class/README.md", "caffe-cpu/how-it-got-fast.md", "docs/*.md", "evidence/*.md"]
NOTEBOOKS = ["notebooks/*.ipynb", "notebooks/solutions/*.ipynb"]
IMAGES = ["images/**/CREDITS.md", "images/**/*.jpg", "images/**/*.png"]  # a page leads to each
PAGES = sorted(path for pattern in [*TEXTS, *NOTEBOOKS, *IMAGES] for path in ROOT.glob(pattern) if path != FIRST)
CLASSES = ["giant panda", "vulture"]  # of the front page's panda
SOURCE = os.environ.get("SOURCE", "")
ROOM = ("bars", "lines", "answers", "exact", "width", "height")  # of a slider's state: style.css keeps that much free


def lay(stage: Path, pictures: Path) -> None:
    """Lay the sources in `stage`, and the figures' files in `pictures`, which is the site's folder figures/."""
    for path in PAGES:
        copy = stage / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".md":
            copy.write_text(text(path, pictures), encoding="utf-8")
        elif path.suffix == ".ipynb":
            copy.write_text(json.dumps(notebook(path, pictures)), encoding="utf-8")
        else:
            shutil.copy(path, copy)
    shutil.copytree(ROOT / "docs" / "lessons", pictures, dirs_exist_ok=True)
    shutil.copytree(ROOT / "notebooks" / "islands", pictures.parent / "notebooks" / "islands")
    front = (HERE / "index.md").read_text(encoding="utf-8")
    front = front.replace("<!-- panda -->", panda(pictures)).replace("<!-- lessons -->", lessons())
    (stage / "index.md").write_text(front.replace("<!-- layers -->", layers(pictures)), encoding="utf-8")


def text(path: Path, pictures: Path) -> str:
    """A Markdown file as its page shows it. The README's page leaves out what the front page says."""
    content = path.read_text(encoding="utf-8")
    if path == ROOT / "README.md":
        parts = re.findall(r"(?<=<!-- page -->\n).*?(?=<!-- end of page -->|\Z)", content, re.DOTALL)
        content = "\n".join(["# Run it yourself\n", *parts])
    return markdown(content, path, pictures)


def notebook(path: Path, pictures: Path) -> dict:
    """A notebook whose folds and figures are those of a page."""
    content: dict = json.loads(path.read_text(encoding="utf-8"))
    name = figures.name_of(path)
    for number, cell in enumerate(content["cells"]):
        if cell["cell_type"] == "markdown":
            cell["source"] = markdown("".join(cell["source"]), path, pictures)
            # conf.py makes a fold of the section, and a guess of the paragraph, that end with these comments.
            cell["source"] += "\n\n% guess\n" if "guess" in cell["metadata"].get("tags", []) else ""
            cell["source"] += "\n\n% fold\n" if cell["metadata"].get("jp-MarkdownHeadingCollapsed") else ""
            continue
        cell["metadata"] = folded(cell)
        for order, output in enumerate(cell["outputs"]):
            data = output.get("data", {})
            if "image/png" in data:
                stored = data.pop(ISLAND, {})
                known = stored.get("module") in MODULES
                place = figures.Place(pictures, f"{name}-{number}{chr(ord('a') + order)}", up(path))
                # What takes the place of a still is whole, as in the notebook.
                html = figures.figure(output, place, cut=not known or "apart" in stored)
                data["text/html"] = island(html, stored) if known else html
    content["cells"] = [cell for cell in content["cells"] if "notebook-only" not in cell["metadata"].get("tags", [])]
    return content


def island(still: str, stored: dict[str, Any]) -> str:
    """The HTML of an island's still, and what islands.js needs to bring it to life. What is stored stays data."""
    data = json.dumps(stored).replace("<", "\\u003c")
    sizes = "".join(f"--{name}:{stored['state'][name]:d};" for name in ROOM if name in stored["state"])
    kind = f'class="place {stored["module"]}{" apart" * ("apart" in stored)}" style="{sizes}"'
    begin = f'<div {kind} data-island data-networks="{len(stored["networks"])}">'
    return f'{begin}<script type="application/json">{data}</script>{still}</div>'


def folded(cell: dict) -> dict:
    """What MyST-NB folds in a cell, as its metadata: the code, or the answer to a guess, which has its own tag."""
    hidden = cell["metadata"].get("jupyter", {}).get("source_hidden")
    tags = cell["metadata"].get("tags", []) + ["hide-input"] * bool(hidden)
    return {"tags": tags} if cell["outputs"] else {"tags": tags, "mystnb": {"code_prompt_show": "Set-up"}}


def up(path: Path) -> str:
    """The way from a page to the site's top."""
    return "../" * (len(path.relative_to(ROOT).parts) - 1)


def markdown(content: str, path: Path, pictures: Path) -> str:
    """Markdown as a page has it: pictures know their size, and links lead to pages, or to a mode of the lab.

    `[the lab](07-lab.ipynb "Paint")` does that on a page; elsewhere it leads to the lesson.
    """

    def picture(match: re.Match[str]) -> str:
        file = path.parent / match[2]
        return figures.whole(file.read_bytes(), match[1], figures.Place(pictures, file.stem, up(path)))

    def link(match: re.Match[str]) -> str:
        words, target = match.groups()
        file = (path.parent / target.partition("#")[0]).resolve()
        if re.match(r"[a-z]+:|#", target) or file in PAGES:
            return match[0]
        return f"[{words}]({SOURCE}/{file.relative_to(ROOT)})" if SOURCE else words

    lab = lambda link: f'<a href="{up(path)}web/lab/?mode={link[2].lower()}">{link[1]}</a>'  # noqa: E731
    content = re.sub(r'\[([^][]+)\]\([^()\s]+ "(Trick|Paint|Sticker|Dream)"\)', lab, content)
    content = re.sub(r"!\[([^]]*)\]\(([^():\s]+)\)", picture, content)
    return re.sub(r"\[([^][]+)\]\(([^()\s]+)\)", link, content)


def panda(pictures: Path) -> str:
    """The front page's panda, which a reader holds: the frames of the README's animation, and what GoogLeNet says."""
    frames = np.stack([picture for picture, _ in read_back(ROOT / "docs" / "panda-to-vulture.png")])
    walk = pack_walk(load("GoogLeNet"), frames, *CLASSES)
    ends = [figures.Picture(frame, words, enlarge=2) for frame, words in zip(frames[[0, -1]], CLASSES, strict=True)]
    alt = "A photograph of a panda, before and after GoogLeNet was led to call it a vulture. The two look the same."
    still = figures.sheet(ends, alt, figures.Place(pictures, "panda"), columns=2, cell=456)
    changes = write_picture(walk.pop("changes"), pictures)
    state = {"start": "figures/panda-1.png", "changes": f"figures/{Path(changes).name}", "classes": CLASSES, **walk}
    far = int(np.abs(frames - frames[0].astype(int)).max())
    state |= {"epsilon": far, "lesson": f"notebooks/{LESSONS[0].stem}.html"}
    return island(still, {"module": "hold", "state": state, "networks": []})


def layers(pictures: Path) -> str:
    """Lesson 1's photograph on its way through the layers, which the front page brings to life once it is near."""
    cells = json.loads((ROOT / "notebooks" / f"{LESSONS[0].stem}.ipynb").read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    (output,) = (one for one in outputs if one.get("data", {}).get(ISLAND, {}).get("module") == "layers")
    still = figures.figure(output, figures.Place(pictures, "layers"), cut=False)
    html = island(f"<noscript>{still}</noscript>", output["data"][ISLAND])  # with a script, nobody sees it
    return html.replace('"islands/', '"notebooks/islands/').replace("data-island", "data-island data-late", 1)


def lessons() -> str:
    """The front page's cards, and the site's table of contents, part by part."""
    written = []
    for part, group in groupby(LESSONS, lambda lesson: lesson.part):
        of_part = list(group)
        entries = "".join(f"notebooks/{lesson.stem}\n" for lesson in of_part)
        toctree = f"```{{toctree}}\n:hidden:\n:caption: {part}\n\n{entries}```"
        cards = "\n".join(map(card, of_part))
        written.append(f'## {part}\n\n{toctree}\n\n<div class="cards">\n{cards}\n</div>\n')
    return "\n".join(written)


def card(lesson: Lesson) -> str:
    """A lesson's picture, title, sentence and minutes."""
    image = f'<img src="figures/{lesson.stem}.jpg" loading="lazy" width="250" height="125" alt=""><br>'
    link = f'<a href="notebooks/{lesson.stem}.html">{image}<b>{escape(lesson.heading)}</b></a>'
    return f'<div class="card">{link}<br>{escape(lesson.sentence)}<br><i>{lesson.facts}</i></div>'


def main(target: str) -> int:
    """Build into `target`. Returns the exit status; a warning, such as of a link that leads nowhere, is a failure."""
    with tempfile.TemporaryDirectory() as folder:
        stage, extra = Path(folder, "stage"), Path(folder, "extra")
        (extra / "figures").mkdir(parents=True)
        stage.mkdir()
        lay(stage, extra / "figures")
        options = ["--fail-on-warning", "--keep-going", "--quiet", f"--doctree-dir={folder}/doctrees"]
        options += [f"--conf-dir={HERE}", f"--define=html_extra_path={extra}"]
        status = build_main([*options, str(stage), f"{folder}/site"])  # beside which MyST-NB lays files of its own
        if not status:
            shutil.copytree(f"{folder}/site", target, dirs_exist_ok=True)
        return status


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # which leaves no folder behind
    sys.exit(main(sys.argv[1]))
