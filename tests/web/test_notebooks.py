"""Stored notebooks in a real browser: what a reader sees before running anything, and what moves afterwards."""

import json
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import anywidget
import nbformat
import pytest
from ipywidgets.embed import embed_data

from tests.web.opening import BROWSER, pixels
from tools import browser
from tricknet.island import ISLAND

pytestmark = BROWSER

CELL = """
import numpy as np
from tricknet.widgets import scrub

scrub([np.full((30, 50, 3), 60 * n, np.uint8) for n in range(4)], ["black", "dark", "grey", "light"])
"""
# What a widget's JavaScript can do: it starts a kernel, and writes a file NAME that says which.
ESM = """export default { async initialize() {
    const headers = { 'X-XSRFToken': document.cookie.match(/_xsrf=([^;]+)/)[1] };
    const send = (method, path, body) => fetch(`/api/${path}`, { method, headers, body: JSON.stringify(body) });
    const { id } = await (await send('POST', 'kernels', {})).json();
    await send('PUT', 'contents/NAME', { type: 'file', format: 'text', content: id });
} };"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("project")


@pytest.fixture(scope="module")
def address(folder):
    with browser.jupyter(folder) as address:
        path = folder / "notebooks" / "moving.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)]), path)
        subprocess.run([sys.executable, browser.ROOT / "scripts" / "run_notebooks.py", path], check=True)
        yield address


def opened(chromium, address, name):
    """A notebook in JupyterLab, as it was stored; `asked` of the page is what it asks for."""
    page = chromium.new_context(viewport={"width": 1280, "height": 20_000}).new_page()  # all of it is drawn
    page.set_default_timeout(browser.PATIENCE)
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("websocket", lambda socket: page.asked.append(socket.url))
    page.goto(address.format(f"lab/tree/notebooks/{name}") + "&reset", wait_until="domcontentloaded")
    page.get_by_text("| Idle").wait_for()
    page.wait_for_timeout(1000)  # JupyterLab writes down the kernel's language a moment after
    page.locator(".jp-OutputArea-output img, .jp-RenderedMarkdown").first.wait_for()
    assert not page.get_by_text("model not found").count()
    assert not page.locator(".lm-TabBar-tab.jp-mod-dirty").count(), "it is not saved"
    return page


def save(page):
    page.keyboard.press("Control+s")
    page.locator(".lm-TabBar-tab.jp-mod-current.jp-mod-dirty").wait_for(state="detached")


def test_a_stored_slider_is_a_still_picture_again_once_it_was_run_and_saved(chromium, address):
    page = opened(chromium, address, "moving.ipynb")
    for menu in ("Run", "Run All Cells"):
        page.get_by_role("menuitem", name=menu, exact=True).click()
    page.locator(".island img").wait_for()
    save(page)
    for session in page.request.get(address.format("api/sessions")).json():
        assert page.request.delete(address.format(f"api/sessions/{session['id']}")).ok
    page.close()
    page = opened(chromium, address, "moving.ipynb")
    assert pixels(page.locator(".jp-OutputArea-output img").first).shape[1] > 50 and not page.locator(".island").count()


def test_a_notebook_s_stored_widgets_run_nothing_and_those_of_its_kernel_do(chromium, address, folder):
    """The kernel's run after a reload, too."""
    notebook = nbformat.read(browser.ROOT / "notebooks" / "index.ipynb", as_version=4)
    stored = embed_data(views=[anywidget.AnyWidget(_esm=ESM.replace("NAME", "stored.txt"))])["manager_state"]
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": stored}
    hostile = {"module": "../files/evil", "state": {"html": "<img src=x onerror=alert(1)>"}, "networks": []}
    output = nbformat.v4.new_output("display_data", {ISLAND: hostile})
    notebook.cells.insert(-1, nbformat.v4.new_code_cell(outputs=[output]))
    code = f"import anywidget\nanywidget.AnyWidget(_esm={ESM.replace('NAME', 'own.txt')!r})"
    notebook.cells.append(nbformat.v4.new_code_cell(code))
    nbformat.write(notebook, folder / "notebooks" / "hostile.ipynb")
    page = opened(chromium, address, "hostile.ipynb")
    assert not (folder / "stored.txt").exists() and not any("islands/" in url or "evil" in url for url in page.asked)

    def kernel():
        for _ in range(300):
            if (folder / "own.txt").exists() and (name := (folder / "own.txt").read_text()):
                return name
            page.wait_for_timeout(100)
        raise AssertionError("The kernel's widget did not run.")

    page.locator(".jp-CodeCell .jp-InputArea-editor").last.click()
    page.keyboard.press("Control+Enter")
    first = kernel()
    save(page)
    (folder / "own.txt").unlink()
    page.reload()
    assert first and first != kernel()
    assert not (folder / "stored.txt").exists()


@pytest.mark.parametrize("name", ["index.ipynb", "05-why-it-works.ipynb", "07-lab.ipynb"])
def test_opening_a_page_changes_nothing_and_asks_the_internet_for_nothing(chromium, address, name):
    """Formulas are drawn all the same, and each picture has its words."""
    page = opened(chromium, address, name)
    if name.startswith("05"):
        page.locator("mjx-container").first.wait_for()
    alts = page.locator(".jp-RenderedImage img").evaluate_all("all => all.map(image => image.alt)")
    stored = (browser.ROOT / "notebooks" / name).read_text(encoding="utf-8")
    assert alts or name == "index.ipynb"
    assert not [alt for alt in alts if json.dumps(alt, ensure_ascii=False) not in stored]
    outside = [url for url in page.asked if urlsplit(url).hostname not in ("127.0.0.1", None)]  # None: data:, blob:
    assert len(page.asked) > 50 and not outside


def test_a_page_that_closes_while_its_kernel_starts_leaves_nothing_in_the_terminal(chromium, address):
    """browser.jupyter looks for it at the end."""
    request = chromium.new_page().request
    kernel = request.post(address.format("api/kernels")).json()["id"]
    url = urlsplit(address.format(f"api/kernels/{kernel}/channels"))
    asked = f"GET {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\nUpgrade: websocket\r\n"
    asked += "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    with socket.create_connection((url.hostname, url.port)) as staying:
        with socket.create_connection((url.hostname, url.port)) as closing:
            closing.sendall(asked.encode())
            staying.sendall(asked.encode())
        assert staying.recv(99).startswith(b"HTTP/1.1 101 ")  # the kernel has started
