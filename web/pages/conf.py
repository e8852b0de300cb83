"""Sphinx's settings for the pages of the course, its folds and its formulas. build.py lays the sources and runs it."""

from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx

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

html_theme = "furo"
templates_path = ["templates"]
parts = ["sidebar/brand", "sidebar/search", "sidebar/scroll-start", "lab", "sidebar/navigation", "sidebar/scroll-end"]
html_sidebars = {"**": [f"{part}.html" for part in parts]}
html_static_path = ["style.css", "move.js"]
html_favicon = "icon.svg"
html_css_files = ["style.css"]
html_js_files = [("move.js", {"defer": "defer"})]
html_math_renderer = "mathml"
html_copy_source = html_use_index = html_show_sphinx = html_show_copyright = False
html_permalinks = False


def inline(translator: Any, node: nodes.math) -> None:
    """A formula in a line, as MathML: browsers draw it without a script, or a font from elsewhere."""
    translator.body.append(convert(node.astext()))
    raise nodes.SkipNode


def block(translator: Any, node: nodes.math_block) -> None:
    """A formula on a line of its own."""
    translator.body.append(f'<div class="formula">{convert(node.astext(), display="block")}</div>')
    raise nodes.SkipNode


def mark(app: Sphinx, document: nodes.document) -> None:
    """Mark the sections that begin with the comment "fold"."""
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


def lighten(app: Sphinx, page: str, template: str, context: dict[str, Any], document: nodes.document | None) -> None:
    """Leave out 43 kB of MyST-NB's styles: style.css has the ten lines of them that these pages need."""
    context["css_files"] = [file for file in context["css_files"] if "mystnb" not in str(file.filename)]


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    app.connect("doctree-read", mark)
    app.connect("doctree-resolved", fold)
    app.connect("html-page-context", lighten)
