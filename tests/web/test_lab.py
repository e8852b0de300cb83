"""The lab in a real browser: what a reader does with it, by finger and by keys, and what comes out. Caffe judges."""

import base64
from contextlib import contextmanager

import numpy as np
import pytest

from tests.web.opening import IN_A_BROWSER, PHONE, agrees, axe_finds_nothing, opened, pixels, saved
from tools import browser
from tricknet import images
from tricknet.attacks import sticker

pytestmark = IN_A_BROWSER

PANDA, CAT = images.load("panda"), images.load("cat")
HAND_OVER = """([bytes, kind]) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(bytes), one => one.charCodeAt())], 'cat.png', { type: 'image/png' }));
    const event = kind === 'drop' ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
        : new ClipboardEvent('paste', { clipboardData: data, bubbles: true });
    document.body.dispatchEvent(event);
}"""
SHARE = """() => Object.assign(navigator, {
    canShare: () => true,
    share: async ({ files: [file], url }) => { document.body.dataset.shared = [file.name, file.type, url]; },
})"""
COUNT = """() => {
    Object.assign(window, { told: [], drawn: 0 });
    const message = document.querySelector('.message');
    new MutationObserver(() => told.push(message.textContent)).observe(message, { childList: true });
    const context = document.querySelector('.held').getContext('2d'), put = context.putImageData.bind(context);
    context.putImageData = (...all) => { drawn++; put(...all); };
}"""


@contextmanager
def the_lab(chromium, address, network, **settings):
    """The lab, once the network has answered. Nothing in it may fail. Jupyter's token does not stay in its address."""
    with opened(chromium, f"{address}web/lab/?network={network}&token=secret", **settings or PHONE) as page:
        says(page, "ready", "giant panda")
        assert f"network={network}" in page.url and "secret" not in page.url
        yield page


@pytest.fixture
def small(chromium, address):
    """With SqueezeNet, which is quicker."""
    with the_lab(chromium, address, "SqueezeNet") as lab:
        yield lab


def says(lab, state, fact=""):
    """Wait until the lab's message is about this state (a Phase of machine.js), and names this fact."""
    lab.locator(f".message[data-state={state}]", has_text=fact).wait_for()


def answer(lab):
    """The network's first answer about the picture that is seen, once the lab's message tells it as well."""
    says(lab, "done")
    words = lab.locator(".said").inner_text()
    says(lab, "done", words)
    return words


def save(lab):
    return saved(lab, lab.locator(".save"))


def shown(lab):
    return pixels(lab.locator(".held"))


def held(lab, name):
    """The picture that is shown, under this name, while the one in sight is held."""
    now = lab.locator(".held").evaluate("one => one.toDataURL()")
    lab.locator(".held").focus()
    lab.keyboard.down("Space")
    lab.wait_for_function("now => document.querySelector('.held').toDataURL() !== now", arg=now)
    lab.locator(f".held[aria-label*='{name}']").wait_for()
    assert name in lab.locator(".said").inner_text()
    picture = shown(lab)
    lab.keyboard.up("Space")
    lab.wait_for_function("now => document.querySelector('.held').toDataURL() === now", arg=now)
    return picture


def put(lab, name, value):
    """Set what may be behind the fold."""
    change = "(one, value) => { one.value = value; one.dispatchEvent(new Event('change', { bubbles: true })); }"
    lab.locator(f"[name^={name}]:enabled").evaluate(change, str(value))


def start(lab, steps):
    put(lab, "steps", steps)
    lab.locator(".start").click()


def in_sight(lab):
    """What a reader needs is seen without scrolling, next to nothing that sticks out."""
    wide, high = lab.viewport_size.values()
    assert lab.evaluate("[scrollX, scrollY, document.documentElement.scrollWidth]") == [0, 0, wide]
    needed = ["[name=target]", "[name=epsilon]", ".start", ".message", ".said", ".held", ".curves svg"]
    for name in needed:
        box = lab.locator(name).bounding_box()
        assert box["width"] > 0 and box["y"] >= 0 and box["y"] + box["height"] <= high, name


def test_a_panda_becomes_a_vulture_for_caffe_too(chromium, address, googlenet):
    """With a finger and without scrolling, from Start to the saved and the shared picture."""
    with the_lab(chromium, address, "GoogLeNet") as lab:
        lab.locator("[name=target]").fill("ultur")
        lab.locator(".start").tap()
        says(lab, "done")
        in_sight(lab)
        after, _ = save(lab)
        change = after.astype(int) - PANDA
        assert 0 < np.abs(change).max() <= 2 and googlenet.predict(after).best.name == "vulture"
        agrees(googlenet, after, answer(lab))
        np.testing.assert_array_equal(shown(lab), after)
        np.testing.assert_array_equal(held(lab, "giant panda"), PANDA)
        lab.locator(".gain input").press("End")
        lab.locator(".said", has_text="× 63").wait_for()
        np.testing.assert_array_equal(shown(lab), np.clip(PANDA + 63 * change, 0, 255))

        lab.evaluate(SHARE)  # a phone's own apps get the picture and a link
        lab.locator(".share").click()
        lab.locator("body[data-shared]").wait_for()
        assert lab.locator("body").get_attribute("data-shared") == f"panda-to-vulture-eps2.png,image/png,{lab.url}"


def test_it_works_in_a_frame_of_another_site(chromium, address, tmp_path):
    (tmp_path / "frame.html").write_text(f'<iframe src="{address}web/lab/?network=SqueezeNet"></iframe>')
    with browser.serving(tmp_path) as school:
        page = chromium.new_page()
        page.goto(f"http://localhost:{school.server_port}/frame.html")
        lab = page.frame_locator("iframe")
        says(lab, "ready", "giant panda")
        lab.locator(".start").click()
        says(lab, "done", "vulture")
        page.close()


def test_the_keyboard_alone_reaches_and_runs_everything(chromium, address):
    with the_lab(chromium, address, "SqueezeNet", viewport={"width": 1280, "height": 800}) as lab:
        focused = "document.activeElement.className || document.activeElement.name || document.activeElement.localName"
        reached = set()
        for _ in range(20):
            lab.keyboard.press("Tab")
            reached.add(lab.evaluate(focused))
            if lab.evaluate(focused) == "summary":
                lab.keyboard.press("Enter")  # opens the fold
        visible = lab.locator("a[href]:visible, button:enabled:visible, select:visible, input:visible, summary")
        assert reached >= {one.get_attribute("class") or one.get_attribute("name") for one in visible.all()} - {None}
        lab.locator("[name=target]").focus()
        lab.keyboard.press("ControlOrMeta+a")
        lab.keyboard.type("teap")
        lab.keyboard.press("Enter")
        says(lab, "done", "teapot")
        assert lab.locator("[name=target]").input_value() == "teapot" and "target=teapot" in lab.url
        assert lab.evaluate(focused) == "start"
        in_sight(lab)
        lab.keyboard.press("Enter")
        says(lab, "running")
        assert lab.evaluate(focused) == "stop"
        lab.keyboard.press("Enter")
        lab.locator(".start:enabled").wait_for()


def test_axe_finds_nothing(small):
    for mode in ("trick", "paint", "dream", "sticker"):
        small.locator(f"[value={mode}]").check()
        if mode != "sticker":
            start(small, steps=2)
        says(small, "done")
        axe_finds_nothing(small)


def test_only_the_answer_is_read_out_and_the_pictures_change_once_for_who_wants_that(chromium, address):
    with the_lab(chromium, address, "SqueezeNet", **PHONE, reduced_motion="reduce") as lab:
        lab.evaluate(COUNT)
        start(lab, steps=8)
        says(lab, "done")
        told, drawn = lab.evaluate("[told, drawn]")
        assert len(told) == 3 and drawn == 2  # at the start, when the target takes the lead, and at the end
        assert lab.locator("[role=status]").inner_text() == told[-1]
        loud = ["[aria-live]", "output", "[role=alert]", "[role=log]"]
        assert not lab.locator(", ".join(f"{one}:not([aria-live=off])" for one in loud)).count()


def test_nothing_that_goes_wrong_loses_what_was_reached(small):
    """Stop, a wrong class and a wrong file. Pictures may be dropped and pasted."""
    small.locator("[value=paint]").check()
    start(small, steps=300)
    small.locator(".telling progress:not([value='0'])").wait_for()  # the first step
    small.locator(".stop").click()
    says(small, "stopped")
    after, _ = save(small)
    np.testing.assert_array_equal(after, shown(small))
    half = {"name": "holiday.png", "mimeType": "image/png", "buffer": images.png(PANDA)[:2000]}
    small.locator(".file").set_input_files(half)
    says(small, "failed", "holiday.png")
    np.testing.assert_array_equal(held(small, "giant panda"), PANDA)
    np.testing.assert_array_equal(save(small)[0], after)
    small.locator("[name=target]").fill("vultr")
    start(small, steps=300)
    says(small, "failed", '"vultr"')
    for kind, picture, name in (("drop", CAT, "Egyptian cat"), ("paste", PANDA, "giant panda")):
        small.evaluate(HAND_OVER, [base64.b64encode(images.png(picture)).decode(), kind])
        says(small, "ready", name)
        np.testing.assert_array_equal(shown(small), picture)


def test_what_is_set_stays_is_shown_if_it_is_wrong_and_travels_in_a_link(small, chromium):
    wrong = "one => one === document.activeElement && one.matches(':invalid')"
    steps = small.locator("[name=steps-trick]")
    put(small, "epsilon", 1)
    start(small, steps=500)
    assert steps.evaluate(wrong)
    small.locator("[value=dream]").check()
    start(small, steps=2)  # the trick's steps do not matter here
    says(small, "done", "vulture")
    small.locator("[value=trick]").check()
    small.locator(".start").click()
    assert steps.evaluate(wrong)
    small.locator("[name=picture]").select_option("castle")
    small.locator("[name=target]").fill("king crab")
    says(small, "ready", "castle")
    start(small, steps=1)
    says(small, "done", "king crab")
    p = small.locator(".bars .target").inner_text().removeprefix("king crab\n")
    says(small, "done", p)
    after, _ = save(small)
    put(small, "epsilon", 9)  # the link is still that of the picture
    small.context.grant_permissions(["clipboard-read", "clipboard-write"])
    small.locator(".share").click()
    says(small, "copied")
    with opened(chromium, small.evaluate("navigator.clipboard.readText()"), **PHONE) as other:
        says(other, "ready", "castle")
        other.locator(".start").click()
        says(other, "done", p)
        np.testing.assert_array_equal(save(other)[0], after)
        other.goto(f"{other.url}&epsilon=999")  # one that the control does not accept
        says(other, "ready", "castle")
        assert other.locator("[name=epsilon]").input_value() == "2"


def test_one_s_own_picture_survives_a_lesson_and_a_reload_until_it_is_forgotten(small, address):
    def drop():
        small.evaluate(HAND_OVER, [base64.b64encode(images.png(CAT)).decode(), "drop"])
        says(small, "ready", "Egyptian cat")

    drop()
    small.goto(f"{address}notebooks/07-lab.html")
    for come in (small.go_back, small.reload, lambda: small.goto(f"{address}web/lab/?network=SqueezeNet")):
        come()
        says(small, "ready", "Egyptian cat")
        np.testing.assert_array_equal(shown(small), CAT)
    small.locator(".forget").click()
    small.locator(".keeps").wait_for(state="hidden")
    small.add_init_script("delete IDBFactory.prototype.open")  # a browser that stores nothing
    small.reload()
    says(small, "ready", "giant panda")
    drop()
    assert small.locator(".keeps").is_hidden()


def test_what_cannot_be_fetched_leaves_what_works(chromium, address):
    """A network, and then a picture. What didn't come is not in the address, either."""
    with the_lab(chromium, address, "SqueezeNet", service_workers="block") as lab:
        lab.clock.install()
        lab.route("**/models/*", lambda _: None)  # its host never answers
        with lab.expect_request("**/models/*"):
            put(lab, "network", "EfficientNet-Lite0")
        lab.clock.fast_forward(15_000)
        says(lab, "failed", "EfficientNet-Lite0")
        lab.wrong.clear()
        start(lab, steps=1)
        says(lab, "done")
        assert "SqueezeNet" in lab.locator(".by").inner_text()
        lab.route("**/castle.png", lambda route: route.abort())
        lab.locator("[name=picture]").select_option("castle")
        says(lab, "failed")
        assert "network=SqueezeNet" in lab.url and "picture=panda" in lab.url
        lab.wrong.clear()


def test_a_quick_network_answers_until_the_best_has_come_but_a_run_keeps_its_own(chromium, address):
    with opened(chromium, f"{address}web/lab/networks.json", **PHONE) as lab:
        late = []
        lab.route("**/googlenet*.plan", lambda route: late.append(route))
        lab.goto(f"{address}web/lab/")
        lab.wrong.clear()  # what is no page has no icon
        says(lab, "ready", "SqueezeNet says giant panda")
        assert "network" not in lab.url  # nobody has chosen it
        lab.locator("[value=paint]").check()
        start(lab, steps=300)
        lab.locator(".telling progress:not([value='0'])").wait_for()
        with lab.expect_event("requestfinished", lambda request: "googlenet" in request.url):
            late[0].continue_()
        lab.wait_for_timeout(2000)  # it is there by now
        assert "SqueezeNet" in lab.locator(".by").text_content()
        lab.locator(".stop").click()
        says(lab, "stopped")
        assert "SqueezeNet" in lab.locator(".by").text_content()
        lab.locator("[name=picture]").select_option("castle")
        says(lab, "ready", "GoogLeNet says castle")
        assert "network=GoogLeNet" in lab.url


# What the lab makes, in how many steps, which step comes next after the start, and how probable a vulture is at least.
MADE = [("trick", 6, 1, 0.5), ("paint", 24, 1, 0.1), ("dream", 12, 4, 0.01)]


@pytest.mark.parametrize(("mode", "steps", "second", "least"), MADE)
def test_each_step_is_as_caffe_says_and_a_seed_repeats_it(small, networks, mode, steps, second, least):
    small.locator(f"[value={mode}]").check()
    small.locator(".message[data-state=ready]").wait_for()
    runs = []
    for seed in (0, 1, 0):
        if mode != "trick":  # in which nothing is random
            put(small, "seed", seed)
        start(small, steps)
        said = answer(small)
        assert f" {steps} " in small.locator(".message").inner_text()
        runs.append(save(small)[0])
        agrees(networks["SqueezeNet"], runs[-1], said)
    assert networks["SqueezeNet"].predict(runs[0])["vulture"] > least
    assert (runs[0] == runs[2]).all() and (mode == "trick" or (runs[0] != runs[1]).any())
    for key, step in (("Home", 0), ("ArrowRight", second)):
        small.locator(".moment").press(key)
        small.locator(f".save[download^=step-{step}-]").wait_for()
        after, _ = save(small)
        assert mode == "dream" or bool(step) == (after != PANDA).any()
        agrees(networks["SqueezeNet"], after, small.locator(".said").inner_text())
        says(small, "moment", small.locator(".said").inner_text())


def test_the_camera_takes_a_picture_if_the_reader_allows_it(small):
    camera, dialog = small.locator(".camera"), small.get_by_role("dialog")
    camera.click()
    says(small, "failed")
    small.context.grant_permissions(["camera"])
    camera.dblclick()  # the second click asks for nothing
    dialog.wait_for()
    box, (wide, high) = dialog.bounding_box(), small.viewport_size.values()
    assert abs(2 * box["x"] + box["width"] - wide) < 2 and abs(2 * box["y"] + box["height"] - high) < 2
    stream = small.locator("video").evaluate_handle("video => video.srcObject")
    small.locator("dialog [value=take]").click()
    says(small, "ready")
    red, green, blue = shown(small).reshape(-1, 3).mean(axis=0)
    assert green > 100 > red + blue
    assert stream.evaluate("stream => stream.getTracks().map(track => track.readyState)") == ["ended"]


def test_mouse_finger_and_keys_move_the_sticker_and_the_answer_is_about_what_is_seen(small, networks):
    small.locator("[value=sticker]").check()
    says(small, "done")
    small.keyboard.press("Enter")  # which submits the form, though there is nothing to start
    assert small.locator(".message[data-state=done]").count()
    assert sorted(small.locator("[name=sticker] option").all_inner_texts()) == sticker.names()
    board = small.locator(".onto")
    scale = board.bounding_box()["width"] / 224
    spot = lambda row, column: {"x": scale * column, "y": scale * row}  # noqa: E731
    way = {"source_position": spot(112, 112), "target_position": spot(60, 150)}
    for move, at, wide in [
        (lambda: small.locator("[name=sticker]").select_option("toaster"), (112, 112), sticker.SIDE),
        (lambda: board.drag_to(board, **way), (60, 150), sticker.SIDE),
        (lambda: board.press("ArrowUp"), (56, 150), sticker.SIDE),
        (lambda: small.locator("[name=size]").press("Home"), (56, 150), 30),
        (lambda: board.tap(position=spot(2, 221)), (2, 221), 30),  # it hangs over two edges
    ]:
        small.evaluate("scrollTo(0, 0); document.querySelector('.message').dataset.state = ''")
        move()
        says(small, "done")
        assert small.evaluate("scrollY") == 0
        after = shown(small)
        np.testing.assert_array_equal(after, sticker.ready("toaster").on(PANDA, at, wide))
        agrees(networks["SqueezeNet"], after, answer(small))
        np.testing.assert_array_equal(save(small)[0], after)
