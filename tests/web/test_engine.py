"""The lab with threads and without a connection: what runs a network, in a real browser."""

import base64
import os
import shutil

import browser
import numpy as np
import pytest

from tests.web.opening import IN_A_BROWSER, PATIENCE
from tricknet import images

pytestmark = IN_A_BROWSER
pytest.importorskip("onnx", reason="pip install -r requirements/dev.txt")

PICTURE = images.load(images.HELD_OUT[0])
ASK = """async packed => {
    const { Network } = await import(new URL('network.js', location.href));
    const rows = await (await fetch('networks.json')).json();
    const network = await Network.load(rows.find(row => row.name === 'GoogLeNet' && row.weights === 'exact'));
    const picture = Uint8ClampedArray.from(atob(packed), one => one.charCodeAt());
    const { probabilities, gradient } = await network.gradient(picture, { inside: [23], weight: 1 });
    network.close();
    return [network.threads, Array.from(probabilities), Array.from(gradient)];
}"""

KEPT = "caches.open('lab').then(store => store.keys()).then(kept => kept.map(request => request.url))"
STICKERS_ARE_KEPT = """async () => {
    const store = await caches.open('lab');
    const kept = async () => (await store.keys()).filter(({ url }) => url.includes('/stickers/')).length;
    while ((await kept()) < 3) await new Promise(resolve => setTimeout(resolve, 100));
}"""


@pytest.fixture
def site(server, tmp_path):
    """The site's files, to be changed."""
    return shutil.copytree(server.folder, tmp_path / "site", copy_function=os.link)


@pytest.fixture
def page(chromium):
    """A browser that has never been here."""
    wrong = []
    page = chromium.new_context().new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    page.context.close()
    assert not wrong


def ready(page):
    """Wait for the lab's answer about its picture."""
    page.locator("#message", has_text="Ready: this is giant panda").wait_for()


def asked(page, model):
    """On how many threads the page answers, as Caffe does, about a photograph that it does not ship."""
    threads, said, gradient = page.evaluate(ASK, base64.b64encode(PICTURE.tobytes()).decode())
    np.testing.assert_allclose(said, model.predict(PICTURE).probabilities, atol=1e-5)
    truth = model.gradient(PICTURE, 23)
    assert np.linalg.norm(np.reshape(gradient, truth.shape) - truth) < 0.01 * np.linalg.norm(truth)
    return threads


def most(page):
    """How many threads this machine is good for."""
    return page.evaluate("() => Math.min(4, navigator.hardwareConcurrency)")


def visits(server):
    """How often the page itself was asked for."""
    return server.asked.count("/some/path/web/lab/")


def test_it_has_threads_after_one_reload_and_opens_without_a_connection(page, site, serve, googlenet):
    with serve(site) as server:
        page.goto(server.address)
        ready(page)
        assert visits(server) == 2
        assert page.evaluate("crossOriginIsolated")
        assert asked(page, googlenet) == most(page)
        page.reload()
        ready(page)
        assert visits(server) == 3
        assert sum(path.endswith(".wasm") for path in server.sent) == 1, "it is large, and was kept"
        page.evaluate(STICKERS_ARE_KEPT)
        port = server.server_port
    page.reload()  # nobody answers now
    ready(page)
    assert page.evaluate("crossOriginIsolated")
    page.get_by_role("radio", name="Sticker").check()
    page.locator("#message", has_text="with the sticker").wait_for()
    page.get_by_role("radio", name="Trick").check()
    ready(page)
    index = site / "some" / "path" / "web" / "lab" / "index.html"
    words = index.read_text(encoding="utf-8").replace("<title>", "<title>New: ")
    index.unlink()  # it is linked to the other tests' site
    index.write_text(words, encoding="utf-8")
    with serve(site, port):
        page.reload()
        ready(page)
        assert page.title().startswith("New: ")


def test_jupyterlab_at_the_same_address_is_left_alone(page, site, serve, tmp_path):
    """Where the lab was, its old worker kept JupyterLab's pages, and the token in their addresses."""
    shutil.copytree(site / "some" / "path" / "web" / "lab", site / "some" / "path" / "lab", copy_function=os.link)
    with serve(site / "some" / "path") as server:
        port = server.server_port
        page.goto(f"http://127.0.0.1:{port}/lab/networks.json")
        page.evaluate("navigator.serviceWorker.register('sw.js').then(() => navigator.serviceWorker.ready)")
        page.reload()
        assert page.evaluate(f"{KEPT}.then(kept => kept.length)")
        page.goto(f"http://127.0.0.1:{port}/web/lab/?network=SqueezeNet")
        ready(page)
    with browser.jupyter(tmp_path, port) as address:
        page.goto(address.format("lab/tree/notebooks/index.ipynb"))
        page.locator(".jp-Notebook").first.wait_for()
        assert page.evaluate("navigator.serviceWorker.controller") is None
        kept = page.evaluate(KEPT)
        assert kept and all("/web/lab/" in url and "?" not in url for url in kept)
        page.goto("about:blank")  # JupyterLab's page complains when its server ends


def test_without_service_workers_it_has_one_thread(chromium, server, googlenet):
    before = visits(server)
    page = chromium.new_context(service_workers="block").new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(server.address)
    ready(page)
    assert visits(server) == before + 1
    assert asked(page, googlenet) == 1
    page.context.close()


def test_an_old_version_of_a_network_makes_room_for_the_new_one(page, server):
    page.goto(server.address + "networks.json")
    names = page.evaluate(
        """async () => {
            const { Network } = await import('./network.js');
            const rows = await (await fetch('networks.json')).json();
            const row = rows.find(row => row.name === 'SqueezeNet' && row.weights === 'half');
            const store = await caches.open('networks');
            for (const old of ['squeezenet-half-0123abcd', 'squeezenet-exact-0123abcd', 'other-half-0123abcd'])
                await store.put(`models/${old}.onnx`, new Response('old'));
            (await Network.load(row)).close();
            return (await store.keys()).map(({ url }) => url.split('/').pop());
        }"""
    )
    versions = [name.rsplit("-", 1)[0] for name in names]
    assert sorted(versions) == ["other-half", "squeezenet-exact", "squeezenet-half"]
    assert "squeezenet-half-0123abcd.onnx" not in names
