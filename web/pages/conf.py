"""Sphinx's settings for the pages of the course, its folds and its formulas. build.py lays the sources and runs it."""

import re
import tomllib
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx

from tricknet.paths import ROOT

project = "Panda to Vulture"
extensions = ["myst_nb"]
suppress_warnings = ["toc.not_included", "myst.header", "myst.xref_missing"]  # the tests follow all links

nb_execution_mode = "off"  # a page shows what its notebook stores
nb_merge_streams = True
nb_code_prompt_show, nb_code_prompt_hide = "Code", ""
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4

html_theme = "basic"
templates_path = ["templates"]
html_static_path = ["style.css", str(ROOT / "islands" / "islands.css"), "move.js", "icon.png", "fonts"]
html_favicon = "icon.svg"
html_css_files = ["islands.css", "style.css"]
html_js_files = [("move.js", {"defer": "defer"})]
html_math_renderer = "mathml"
html_copy_source = html_use_index = html_permalinks = False
# The site's address, once it has one: a link's preview needs the whole address of its picture.
html_baseurl = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"].get("site", "")
FIELD = '<p class="mine"><label>Your guess <input maxlength="200" enterkeyhint="done" autocomplete="off"></label></p>\n'
IMPORT = re.compile(r"^(?:import\b.*|\} from )'(\..*)'|\bimport\('(.*)'\)", re.MULTILINE)  # of a JavaScript module
SWITCH = '<button type="button" class="all">Show all code</button>\n'


def formula(translator: Any, node: nodes.Element) -> None:
    """A formula, in a line or on one of its own, as MathML: browsers draw it without a script or another's font."""
    block = isinstance(node, nodes.math_block)
    html = convert(node.astext(), display="block" if block else "inline")
    html = re.sub(r"<msub>(<mo>(?:min|max)</mo>.*?)</msub>", r"<munder>\1</munder>", html)
    translator.body.append(f'<div class="formula">{html}</div>' if block else html)
    raise nodes.SkipNode


def begin_fold(translator: Any, node: nodes.Element) -> None:
    """Begin the <details> of a cell that MyST-NB has folded, with the button's text as its summary."""
    translator.body.append(f'<details class="{" ".join(node["classes"])}"><summary>{node["prompt_show"]}</summary>')


def fold(app: Sphinx, document: nodes.document, name: str) -> None:
    """Make a <details> of each section with the comment "fold", whose summary is its heading; mark each guess.

    An answer and its explanation go into one fold, and one switch opens all folded code.
    """
    for answer in [one for one in document.findall(HideCodeCellNode) if "below-input" in one["classes"]]:
        section = answer.parent.parent
        told = section[section.index(answer.parent) + 1 :]
        told = told[: [node.astext().strip() for node in told].index("</details>") + 1]
        for node in told:
            section.remove(node)
        answer["prompt_show"] = told[0].astext().removeprefix("<details><summary>").partition("</summary>")[0]
        answer.extend(told[1:-1])
    if code := next((one for one in document.findall(HideCodeCellNode) if "above-input" in one["classes"]), None):
        code.parent.parent.insert(code.parent.parent.index(code.parent), nodes.raw("", SWITCH, format="html"))
    for comment in [comment for comment in document.findall(nodes.comment) if comment.astext() == "guess"]:
        comment.parent[comment.parent.index(comment) - 1]["classes"].append("guess")
        comment.replace_self(nodes.raw("", FIELD, format="html"))  # guess.js keeps what is written there
    for comment in [comment for comment in document.findall(nodes.comment) if comment.astext() == "fold"]:
        section = comment.parent
        section.remove(comment)
        section["classes"].append("fold")
        title, *rest = section.children
        raw = [nodes.raw("", html, format="html") for html in ("<details><summary>", "</summary>", "</details>")]
        section.children = []
        section.extend([raw[0], title, raw[1], *rest, raw[2]])


def modules(*begun: Path) -> list[str]:
    """These modules and all that they import, as paths in the site: a page asks for all of them at once."""
    found = list(begun)
    for module in found:
        for static, lazy in IMPORT.findall(module.read_text("utf-8")):
            imported = (module.parent / (static or lazy)).resolve()
            found += [imported] * (imported not in found)
    return [str(module.relative_to(ROOT)) for module in found]


def dress(app: Sphinx, page: str, template: str, context: dict[str, Any], document: nodes.document | None) -> None:
    """Give a page its description, picture and modules; style.css stands in for the theme's styles and MyST-NB's."""
    context["css_files"] = [file for file in context["css_files"] if Path(str(file.filename)).name in html_css_files]
    first = next(document.findall(nodes.paragraph), None) if document else None
    context["description"] = escape(" ".join(first.astext().split())) if first else project
    cards = [f"figures/{Path(link).stem}.jpg" for link in (page, (context.get("next") or {}).get("link", ""))]
    picture, context["card"] = (card if Path(app.config.html_extra_path[0], card).exists() else "" for card in cards)
    picture = picture or "figures/panda-1.png"
    context["picture"] = html_baseurl + picture if html_baseurl else context["pathto"](picture, 1)
    context["modules"] = modules(ROOT / "web/pages/islands.js", *[ROOT / "islands/hold.js"] * (page == "index"))
    body = context.get("body", "").replace('<th class="head"><p></p></th>', "<td></td>")  # no header is empty
    if page == "index":
        body = body.replace('loading="lazy"', 'fetchpriority="high"', 1)  # the panda is in sight at once
    whole = r'<span class="whole">\g<0></span>'
    context["body"] = re.sub(r"<math(?:(?!<math).)*</math>[.,;:?)]+", whole, body, flags=re.DOTALL)


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.add_html_math_renderer("mathml", (formula, None), (formula, None))
    closed = lambda translator, node: translator.body.append("</details>")  # noqa: E731
    app.add_node(HideCodeCellNode, override=True, html=(begin_fold, closed))
    app.connect("doctree-resolved", fold)
    app.connect("html-page-context", dress)
