"""The pages of the course: whole, exact, and good without a script, a mouse or a wide screen too."""

import base64
import http.server
import io
import json
import re
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest
from PIL import Image

from tests.web.opening import IN_A_BROWSER, PHONE, SITE, agrees, axe_finds_nothing, opened, pixels, unfold
from tools import browser
from tricknet import images, plots
from tricknet.paths import NOTEBOOKS, ROOT
from tricknet.plots.sheet import facts_of
from web.pages import figures

pytestmark = IN_A_BROWSER
LESSONS = sorted(path for path in NOTEBOOKS.glob("**/*.ipynb") if path.name != "index.ipynb")
# What a page must refuse: to ask another host, to show what is another host's, and to run what is not the site's own.
TEMPT = """async () => {
    const refused = [];
    addEventListener('securitypolicyviolation', event => refused.push(event.effectiveDirective));
    await fetch('http://localhost:9/').catch(() => {});
    const add = (name, set) => document.body.append(Object.assign(document.createElement(name), set));
    add('img', { src: 'http://localhost:9/a.png' });
    add('script', { textContent: 'window.ran = true' });
    add('iframe', { src: 'http://localhost:9/' });
    for (let i = 0; i < 100 && refused.length < 4; i++) await new Promise(resolve => setTimeout(resolve, 100));
    return [...refused.sort(), String(window.ran)];
}"""


def cells(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def soup(page: Path):
    from bs4 import BeautifulSoup

    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def stored(path: Path):
    """Of each picture that a lesson stores, its figure's name, its words and its file's content."""
    for number, cell in enumerate(cells(path)):
        for order, output in enumerate(cell.get("outputs", [])):
            if png := output.get("data", {}).get("image/png"):
                name = f"{figures.name_of(path)}-{number}{chr(ord('a') + order)}"
                yield name, output["metadata"]["image/png"]["alt"], base64.b64decode("".join(png))


def prints_all(page, path: Path) -> None:
    """All that the lesson prints is on its page, and so are its alternative texts."""
    text = "".join(page.get_text().split())
    labels = {label for tag in page.find_all(True) for label in (tag.get("alt"), tag.get("aria-label")) if label}
    for output in (output for cell in cells(path) for output in cell.get("outputs", [])):
        assert "".join("".join(output.get("text", "")).split()) in text
    assert labels.issuperset(alt for _, alt, _ in stored(path))
    pictures = page.main.find_all("img")
    assert all(one["loading"] == "lazy" and (one["alt"] or "position:right" in one["style"]) for one in pictures)


def folds_what_is_folded(page, path: Path) -> None:
    """What is folded in the lesson is folded on the page. So is code that does not teach, which has a tag."""
    folded = ["".join(c["source"]) for c in cells(path) if c["metadata"].get("jp-MarkdownHeadingCollapsed")]
    summaries = [summary.get_text() for summary in page.select("section.fold > details > summary")]
    plain = lambda texts: [re.sub(r"\W", "", text) for text in texts]  # noqa: E731 - quotes become curly
    assert plain(summaries) == plain(source.splitlines()[0] for source in folded)
    given = [cell["metadata"] for cell in cells(path) if cell["cell_type"] == "code"]
    for cell, metadata in zip(page.select(".cell"), given, strict=True):
        parts, tags = metadata.get("jupyter", {}), metadata.get("tags", [])
        hidden = "source_hidden" in parts or "hide-input" in tags
        assert (cell.select_one(".cell_input").parent.name == "details") == hidden
        assert bool(cell.select("details > .cell_output")) == ("outputs_hidden" in parts)
    answers = [summary.get_text() for summary in page.select(".below-input > summary")]
    assert "Code" not in answers, "each answer's fold has what is said about it, too"
    assert not page.find_all("details", open=True)
    assert bool(page.select("button.all")) == bool(page.select(".above-input"))


def draws_its_charts(page, path: Path) -> None:
    """A figure that carries its drawing is drawn in the page, whole, and named as in the notebook."""
    drawn = [alt for _, alt, png in stored(path) if "svg" in Image.open(io.BytesIO(png)).text]
    assert [svg["aria-label"] for svg in page.select('a.chart[href$=".png"] > svg[role="img"]')] == drawn
    ids = [tag["id"] for tag in page.find_all(id=True)]
    used = re.findall(r'(?:url\(|href="|clip-path=")#([^)"]+)', "".join(map(str, page.select("svg"))))
    assert len(ids) == len(set(ids)) and set(used) <= set(ids)


def shows_the_pixels(site: Path, path: Path) -> None:
    """The pictures on the page are those of the lesson, pixel for pixel."""
    for name, _, png in stored(path):
        if (whole := site / "figures" / f"{name}.png").exists():
            assert whole.read_bytes() == png
            continue
        pictures = plots.read_back(png)
        assert pictures
        for place, (picture, _) in enumerate(pictures, 1):
            with Image.open(site / "figures" / f"{name}-{place}.png") as image:
                assert np.array_equal(np.asarray(image), picture)


@pytest.mark.parametrize("path", LESSONS, ids=[path.stem for path in LESSONS])
def test_a_lesson_is_on_its_page_whole_folded_and_exact(site, path):
    page = soup((site / path.relative_to(ROOT)).with_suffix(".html"))
    prints_all(page, path)
    folds_what_is_folded(page, path)
    draws_its_charts(page, path)
    shows_the_pixels(site, path)


def test_a_dark_page_has_dark_paper_and_the_same_pictures(site):
    for file in (site / "figures").glob("*.png"):
        if not (dark := file.with_name(f"{file.stem}-dark.webp")).exists():
            continue
        with Image.open(dark) as image, Image.open(file) as light:
            (boxes, *_), drawn = facts_of(light).get("frames", [[]]), np.asarray(image.convert("RGB")).astype(int)
            assert drawn[0].max() < 40 and drawn[-1].max() < 40
            for box in boxes * (not file.with_name(f"{file.stem}-light.webp").exists()):  # nor is that exact
                at = figures.inside(box)
                assert np.array_equal(drawn[at], np.asarray(light.convert("RGB"))[at]), dark


def test_every_link_leads_somewhere_on_the_site_and_from_every_page_one_to_the_lab(site):
    """Also after the #, and also from the pages that the lessons only lead to."""
    pages = {page: soup(page) for page in site.rglob("*.html")}
    places = {page: {tag["id"] for tag in content.find_all(id=True)} for page, content in pages.items()}
    lab = site / "web" / "lab"
    for page, content in pages.items():
        targets = set()
        for tag in content.find_all(["a", "img", "link", "script", "source"]):
            link = tag.get("href") or tag.get("src") or tag.get("srcset") or "#"
            if re.match(r"[a-z]+:", link):
                assert tag.name == "a" or link == "data:,", f"{page.name} asks another host for {link}"
                continue
            name, _, place = link.partition("#")
            target = (page.parent / unquote(name.partition("?")[0])).resolve() if name else page
            targets.add(target)
            assert target.exists(), f"{page}: {link}"
            assert not place or target.suffix != ".html" or unquote(place) in places[target], f"{page}: {link}"
        assert lab in targets or page.parent == lab, page


class TestInABrowser:
    def test_every_page_on_a_telephone_asks_no_other_host_scrolls_one_way_and_is_alive(self, site, address, chromium):
        """With all folds open, only pictures, formulas and tables may be wider, each in a frame of its own."""
        for file in sorted(set(site.rglob("*.html")) - {site / "web" / "lab" / "index.html"}):
            url = address + str(file.relative_to(site))
            with opened(chromium, url, viewport=PHONE["viewport"], has_touch=True) as page:
                unfold(page)
                for late in page.locator("[data-late]").all():
                    late.scroll_into_view_if_needed()
                page.wait_for_function("() => !document.querySelector('[data-island]')")
                assert not page.locator(".place .island:not(:has(.board, .bench))").count(), "one is not alive"
                wide = page.evaluate(
                    """[...document.querySelectorAll('html, header > *, main, main *')]
                        .filter(e => !e.closest('[popover], .formula, table, pre, picture, a:has(img, svg), img.paper'))
                        .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
                        .map(e => e.outerHTML.slice(0, 200))"""
                )
                assert not wide and page.evaluate("document.documentElement.scrollWidth") == 390, url
                letters = """[...document.querySelectorAll('a.chart text')]
                    .map(text => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a || 10)"""
                assert min(page.evaluate(letters), default=10) > 9.99, url  # 0: upright ones
                if page.locator(".place").count() or file.stem in ("glossary", "search"):
                    axe_finds_nothing(page)

    @pytest.mark.parametrize("path", ["", "web/lab/?network=SqueezeNet"])
    def test_no_page_can_ask_another_host_or_run_what_is_not_the_site_s(self, site, address, chromium, path):
        for page in site.rglob("*.html"):
            assert page.read_text(encoding="utf-8").count('http-equiv="Content-Security-Policy"') == 1, page
        context = chromium.new_context(service_workers="block")  # the lab's would load the page twice
        page = context.new_page()
        page.goto(address + path)
        assert page.evaluate(TEMPT) == ["connect-src", "frame-src", "img-src", "script-src-elem", "undefined"]
        context.close()

    def test_the_page_for_what_is_missing_leads_back_from_any_depth(self, site, chromium):
        missing = {"error_message_format": (site / "404.html").read_text(encoding="utf-8")}
        host = type("Host", (http.server.SimpleHTTPRequestHandler,), missing)
        with browser.serving(site.parents[1], handler=host) as server:
            page = chromium.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}{SITE}notebooks/no/such/page?")
            page.locator(f"a[href$='{SITE}web/lab/']").click()
            page.locator(".bench").wait_for()
            page.close()

    def test_a_reader_holds_the_panda_by_keys_searches_and_opens_a_lesson(self, address, chromium, googlenet):
        with opened(chromium, address) as page:
            panda = page.locator(".held")
            for let_go in (lambda: page.keyboard.up("Space"), panda.blur):
                page.locator(".word", has_text="giant panda").wait_for()
                panda.focus()
                page.keyboard.down("Space")
                page.locator(".word", has_text="vulture").wait_for()
                let_go()
            panda.dispatch_event("click")  # a screen reader's
            status = page.locator(".hero [role=status]", has_text="vulture").inner_text()
            page.get_by_role("slider", name="Where").fill("0.34")
            page.locator(".word", has_text="× 4").wait_for()
            before, large = images.load("panda"), pixels(panda).astype(int)
            after = before + (large - before) // 4
            agrees(googlenet, after.astype(np.uint8), status.partition(",")[0])
            assert 0 < np.abs(after - before).max() <= 2
            page.locator("[name=q]").fill("spiral camera")  # no server is needed
            page.locator("[name=q]").press("Enter")
            page.locator("#search-results a[href*='/09-camera.html']").first.wait_for()
            page.goto(f"{address}notebooks/01-meet-googlenet.html")
            assert page.locator(".sheet >> nth=0 >> figure:visible").all_inner_texts() == ["A", "B"]
            folds = page.locator(".above-input").count()
            for opened_folds in (folds, 0):
                page.locator("button.all").click()
                assert folds and page.locator(".above-input[open]").count() == opened_folds

    @pytest.mark.parametrize("storage", [True, False])
    def test_a_guess_is_kept_in_the_browser_and_stands_beside_its_answer(self, address, chromium, storage):
        with opened(chromium, f"{address}notebooks/08-one-pixel.html") as page:
            if not storage:
                page.add_init_script("Storage.prototype.setItem = () => { throw new Error(); }")
                page.reload()
            field, told = page.get_by_label("Your guess").first, page.locator(".guessed").first
            told.wait_for(state="attached")
            field.fill("every <b>eighth</b>")
            field.press("Enter")
            told.get_by_text("every <b>eighth</b>").wait_for()
            assert page.evaluate("document.activeElement.closest('details').open")
            page.reload()
            unfold(page)
            told.wait_for(state="visible" if storage else "hidden")
            assert field.input_value() == "every <b>eighth</b>" * storage

    def test_without_a_script_everything_is_there(self, address, chromium):
        with opened(chromium, f"{address}notebooks/03-tricks.html", java_script_enabled=False) as page:
            assert page.locator(".sheet figure:visible").count() >= 8 and page.locator(".scrub picture:visible").count()
            assert not page.locator(":is(.scrub, .mine) :is(button, input):visible").count()
            fold = page.locator("section.fold").first
            assert not fold.locator("p").first.is_visible()
            fold.locator("summary").first.click()
            assert fold.locator("p").first.is_visible()
            page.goto(f"{address}notebooks/04-straight-line.html")
            assert page.locator("math:visible").count()  # formulas

    def test_nothing_moves_by_itself_for_readers_who_ask_for_that(self, address, chromium):
        with opened(chromium, address, reduced_motion="reduce") as page:
            for name in ("vulture", "giant panda"):  # at once, and so it stays
                page.locator(".held").click()
                page.evaluate("new Promise(next => requestAnimationFrame(() => requestAnimationFrame(next)))")
                assert page.locator(".word").inner_text() == name
            page.goto(f"{address}notebooks/13-dreams.html")
            image = page.locator(".scrub picture img").first
            image.scroll_into_view_if_needed()
            for motion in ("reduce", "no-preference"):
                page.emulate_media(reduced_motion=motion)
                image.evaluate("image => image.decode().catch(() => image.decode())")  # it may be exchanged meanwhile
                assert ("-still." in image.evaluate("image => image.currentSrc")) == (motion == "reduce")

    def test_a_sheet_to_fill_in_prints_on_one_page(self, address, chromium):
        pypdf = pytest.importorskip("pypdf")
        for sheet in ("worksheet", "score-sheet", "sheet", "timing"):
            with opened(chromium, f"{address}docs/{sheet}.html") as page:
                for paper in ("A4", "Letter"):
                    printed = page.pdf(format=paper, prefer_css_page_size=True)
                    assert len(pypdf.PdfReader(io.BytesIO(printed)).pages) == 1
