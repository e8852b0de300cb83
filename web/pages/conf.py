"""Sphinx's settings for the pages of the course, its folds and its formulas. build.py lays the sources and runs it."""

import re
import tomllib
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx

from tricknet.paths import ROOT

project = html_title = "Panda to Vulture"
language = "en"
extensions = ["myst_nb"]
suppress_warnings = ["toc.not_included", "myst.header"]

nb_execution_mode = "off"  # a page shows what its notebook stores
nb_merge_streams = True
nb_code_prompt_show = "Show the {type}"
nb_code_prompt_hide = "Hide the {type}"
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4

html_theme = "basic"
templates_path = ["templates"]
html_static_path = ["style.css", "move.js"]
html_favicon = "icon.svg"
html_css_files = ["style.css"]
html_js_files = [("move.js", {"defer": "defer"})]
html_math_renderer = "mathml"
html_copy_source = html_use_index = html_show_sphinx = html_show_copyright = False
html_permalinks = False
# The site's address, once it has one: a link's preview needs the whole address of its picture.
html_baseurl = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"].get("site", "")
# No other host is asked for anything, and nothing can be sent to one. The lab's own rules are a little stricter.
RULES = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; "
    "img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'self'"
)
html_context = {"rules": RULES}
LONG = 13  # lines of code, which a narrow screen shows whole
# What MyST-NB and docutils leave to be mended for screen readers: a button's name is its text, and no header is empty.
MENDED = {' aria-label="Toggle hidden content"': "", '<th class="head"><p></p></th>': "<td></td>"}


def inline(translator: Any, node: nodes.math) -> None:
    """A formula in a line, as MathML: browsers draw it without a script, or a font from elsewhere."""
    translator.body.append(convert(node.astext()))
    raise nodes.SkipNode


def block(translator: Any, node: nodes.math_block) -> None:
    """A formula on a line of its own."""
    formula = re.sub(
        r"<msub>(<mo>(?:min|max)</mo>.*?)</msub>", r"<munder>\1</munder>", convert(node.astext(), display="block")
    )
    translator.body.append(f'<div class="formula">{formula}</div>')
    raise nodes.SkipNode


def mark(app: Sphinx, document: nodes.document) -> None:
    """Mark the sections that begin with the comment "fold", and the questions that ask for a guess."""
    for question in document.findall(nodes.paragraph):
        if question.astext().startswith("Guess first."):
            question["classes"].append("guess")
    for comment in [comment for comment in document.findall(nodes.comment) if comment.astext() == "fold"]:
        comment.parent["classes"].append("fold")
        comment.parent.remove(comment)


def fold(app: Sphinx, document: nodes.document, name: str) -> None:
    """Make a <details> of each marked section, whose summary is its heading."""
    for section in [section for section in document.findall(nodes.section) if "fold" in section["classes"]]:
        title, *rest = section.children
        raw = [nodes.raw("", html, format="html") for html in ("<details><summary>", "</summary>", "</details>")]
        section.children = []
        section.extend([raw[0], title, raw[1], *rest, raw[2]])


def wrap(app: Sphinx, document: nodes.document, name: str) -> None:
    """Give each table a frame, in which it can scroll."""
    for table in list(document.findall(nodes.table)):
        table.replace_self(nodes.container("", table.deepcopy(), classes=["table-wrapper"]))


def more(code: re.Match[str]) -> str:
    """Give long code a switch, with which it shows all of its lines on a narrow screen."""
    lines = code[0].count("\n")
    switch = f'<label class="more"><input type="checkbox"> Show all {lines} lines</label>'
    return code[0] + switch * (lines > LONG)


def dress(app: Sphinx, page: str, template: str, context: dict[str, Any], document: nodes.document | None) -> None:
    """Give a page its description and its picture; style.css stands in for the theme's styles and MyST-NB's."""
    context["css_files"] = [file for file in context["css_files"] if "style.css" in str(file.filename)]
    first = next(document.findall(nodes.paragraph), None) if document else None
    context["description"] = escape(" ".join(first.astext().split())) if first else project
    own = f"figures/{Path(page).name}.jpg"
    picture = own if Path(app.config.html_extra_path[0], own).exists() else "figures/panda-1.png"
    context["picture"] = html_baseurl and html_baseurl + picture
    for old, new in MENDED.items():
        context["body"] = context.get("body", "").replace(old, new)
    code = r'(?<=<div class="highlight-ipython3 notranslate"><div class="highlight">)<pre>.*?</pre>'
    context["body"] = re.sub(code, more, context["body"], flags=re.DOTALL)


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    app.connect("doctree-read", mark)
    app.connect("doctree-resolved", fold)
    app.connect("doctree-resolved", wrap)
    app.connect("html-page-context", dress)
