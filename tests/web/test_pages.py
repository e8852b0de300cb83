"""The pages of the course: whole, exact, and good without a script, a mouse or a wide screen too."""

import base64
import json
import re
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest
from PIL import Image

from tests.web.opening import IN_A_BROWSER, REFUSED, TEMPT, axe_finds_nothing, opened, unfold
from tricknet import plots
from tricknet.paths import NOTEBOOKS, ROOT

pytest.importorskip("furo", reason="Sphinx and its theme are not here: pip install -r requirements/site.txt")
pytestmark = pytest.mark.long
LESSONS = sorted(path for path in NOTEBOOKS.glob("**/*.ipynb") if path.name != "index.ipynb")


@pytest.fixture(scope="module")
def address(site, serve):
    with serve(site.parents[1]) as server:
        yield server.address.removesuffix("web/lab/")


def cells(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def page_of(site: Path, path: Path) -> Path:
    return (site / path.relative_to(ROOT)).with_suffix(".html")


def soup(page: Path):
    from bs4 import BeautifulSoup

    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def prints_all(page, path: Path) -> None:
    """All that the lesson prints is on its page, and so are its alternative texts."""
    text = "".join(page.get_text().split())
    said = {label for tag in page.find_all(True) for label in (tag.get("alt"), tag.get("aria-label")) if label}
    for output in (output for cell in cells(path) for output in cell.get("outputs", [])):
        assert "".join("".join(output.get("text", "")).split()) in text
        assert "image/png" not in output.get("data", {}) or output["metadata"]["image/png"]["alt"] in said
    assert all(image.get("alt") and image["loading"] == "lazy" for image in page.article.find_all("img"))


def folds_what_is_folded(page, path: Path) -> None:
    """What is folded in the lesson is folded on the page, and no more."""
    folded = [cell for cell in cells(path) if cell["metadata"].get("jp-MarkdownHeadingCollapsed")]
    plain = lambda text: re.sub(r"\W", "", text)  # noqa: E731 - quotes become curly
    summaries = [plain(summary.get_text()) for summary in page.select("section.fold > details > summary")]
    assert summaries == [plain("".join(cell["source"]).splitlines()[0].lstrip("# ")) for cell in folded]
    hidden = [cell["metadata"].get("jupyter", {}) for cell in cells(path)]
    for part, selector in ("source_hidden", ".cell_input"), ("outputs_hidden", ".cell_output"):
        assert len(page.select(f"details.hide > {selector}")) == sum(part in each for each in hidden)
    assert not page.find_all("details", open=True)


def shows_the_pixels(site: Path, path: Path) -> None:
    """The pictures on the page are those of the lesson, pixel for pixel."""
    for number, cell in enumerate(cells(path)):
        for order, output in enumerate(cell.get("outputs", [])):
            if "image/png" not in output.get("data", {}):
                continue
            content = base64.b64decode("".join(output["data"]["image/png"]))
            name = f"{path.stem}-{number}{chr(ord('a') + order)}"
            whole = site / "figures" / f"{name}.png"
            if whole.exists():
                assert whole.read_bytes() == content
                continue
            pictures = plots.read_back(content)
            assert len(list((site / "figures").glob(f"{name}-*.png"))) >= len(pictures) > 0
            for place, (picture, _) in enumerate(pictures, 1):
                with Image.open(site / "figures" / f"{name}-{place}.png") as image:
                    assert np.array_equal(np.asarray(image), picture)


@pytest.mark.parametrize("path", LESSONS, ids=[path.stem for path in LESSONS])
def test_a_lesson_is_on_its_page_whole_folded_and_exact(site, path):
    page = soup(page_of(site, path))
    prints_all(page, path)
    folds_what_is_folded(page, path)
    shows_the_pixels(site, path)


def test_every_link_leads_somewhere_on_the_site(site):
    """Also after the #, and also from the pages that the lessons only lead to."""
    pages = {page: soup(page) for page in site.rglob("*.html")}
    places = {page: {tag["id"] for tag in content.find_all(id=True)} for page, content in pages.items()}
    wrong = []
    for page, content in pages.items():
        for tag in content.find_all(["a", "img", "link", "script", "source"]):
            link = tag.get("href") or tag.get("src") or tag.get("srcset") or "#"
            if re.match(r"[a-z]+:", link):
                assert tag.name == "a", f"{page.name} asks another host for {link}"
                continue
            if (page.parent / link).resolve() == site / "web" / "lab":  # which web/build.sh adds
                continue
            name, _, place = link.partition("#")
            target = (page.parent / unquote(name.partition("?")[0])).resolve() if name else page
            if not target.exists() or (place and target.suffix == ".html" and unquote(place) not in places[target]):
                wrong.append(f"{page.relative_to(site)}: {link}")
    assert not wrong


def test_every_page_leads_to_the_lab_and_lesson_7_says_so(site):
    for page in site.rglob("*.html"):
        ways = soup(page).select('.sidebar-tree a[href$="lab/"]')
        assert [(page.parent / way["href"]).resolve() for way in ways] == [site / "web" / "lab"], page
    (way,) = soup(site / "notebooks" / "07-the-lab.html").article.select('a[href$="lab/"]')
    assert way.get_text() == "Open the lab"


def test_the_glossary_leads_each_term_to_its_place(site):
    terms = set(re.findall(r'<a id="([^"]+)">', (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")))
    assert len(terms) > 50 and terms <= {tag["id"] for tag in soup(site / "docs" / "glossary.html").find_all(id=True)}
    linked = soup(site / "notebooks" / "08-does-it-survive.html").select('a[href*="docs/glossary.html#"]')
    assert {link["href"].split("#")[1] for link in linked} <= terms and linked


def test_formulas_need_no_script(site):
    page = soup(site / "notebooks" / "04-breaking-a-straight-line.html")
    assert len(page.find_all("math")) >= 5 and "$" not in page.article.find("math").parent.get_text()


class TestInABrowser:
    pytestmark = IN_A_BROWSER

    def test_every_page_on_a_telephone_asks_no_other_host_and_scrolls_one_way(self, site, address, chromium):
        """With all folds open, only what is printed, formulas and tables may be wider, each in a frame of its own."""
        for page in sorted(site.rglob("*.html")):
            url = address + str(page.relative_to(site))
            with opened(chromium, url, viewport={"width": 390, "height": 844}, has_touch=True) as shown:
                unfold(shown)
                wide = shown.evaluate(
                    """() => {
                        return [...document.querySelectorAll('html, .content, article *')]
                            .filter(e => !e.closest('.highlight, .formula, .table-wrapper'))
                            .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
                            .map(e => e.outerHTML.slice(0, 200));
                    }"""
                )
                assert not wide, url

    def test_nothing_on_a_page_can_ask_another_host_or_run_what_is_not_the_site_s(self, site, address, chromium):
        for page in site.rglob("*.html"):
            assert page.read_text(encoding="utf-8").count('http-equiv="Content-Security-Policy"') == 1, page
        context = chromium.new_context()
        shown = context.new_page()
        shown.goto(address)
        assert shown.evaluate(TEMPT) == REFUSED
        context.close()

    def test_axe_finds_nothing(self, address, chromium):
        names = ("04-breaking-a-straight-line", "08-does-it-survive")
        for page in ("index", *(f"notebooks/{name}" for name in names), "docs/glossary", "search"):
            with opened(chromium, f"{address}{page}.html") as shown:
                unfold(shown)
                axe_finds_nothing(shown)

    def test_a_reader_moves_the_panda_by_keys_searches_and_opens_a_lesson(self, address, chromium):
        with opened(chromium, address) as shown:
            sheet, slider = shown.locator(".sheet").first, shown.get_by_role("slider", name="step")
            seen = lambda: [f.inner_text() for f in sheet.locator("figure:visible").all()]  # noqa: E731
            assert len(seen()) == 1 and "giant panda" in seen()[0]
            slider.press("End")
            assert "vulture" in seen()[0] and slider.get_attribute("aria-valuetext") == seen()[0].replace("\n", ": ")
            slider.press("ArrowLeft")
            assert seen()[0].startswith("step 14")
            image = sheet.locator("figure:visible img")
            assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 224
            shown.get_by_role("button", name="Side by side").click()
            assert len(seen()) == 9
            shown.get_by_placeholder("Search").fill("spiral camera")  # no server is needed
            shown.get_by_placeholder("Search").press("Enter")
            shown.get_by_role("link", name="8. Does it survive?").first.wait_for()
            shown.goto(f"{address}notebooks/01-meet-googlenet.html")
            assert len(seen()) == 2
            shown.get_by_role("button", name="One over the other").first.click()
            assert seen() == ["A"]
            shown.get_by_role("slider", name="picture").first.press("ArrowRight")
            assert seen() == ["B"]

    def test_without_a_script_everything_is_there(self, address, chromium):
        with opened(chromium, f"{address}notebooks/08-does-it-survive.html", java_script_enabled=False) as shown:
            assert shown.locator(".sheet figure:visible").count() >= 20 and not shown.locator(".scrub").count()
            fold = shown.locator("section.fold").first
            assert not fold.locator("p").first.is_visible()
            fold.locator("summary").first.click()
            assert fold.locator("p").first.is_visible()

    def test_nothing_moves_by_itself_for_readers_who_ask_for_that(self, address, chromium):
        with opened(chromium, f"{address}notebooks/12-dreams.html") as shown:
            image = shown.locator("picture img").first
            image.scroll_into_view_if_needed()
            for motion in ("reduce", "no-preference"):
                shown.emulate_media(reduced_motion=motion)
                image.evaluate("image => image.decode()")  # waits until it is loaded
                assert ("-still." in image.evaluate("image => image.currentSrc")) == (motion == "reduce")
