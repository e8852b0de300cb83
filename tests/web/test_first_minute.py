"""The front page's first minute: the reader's own photograph, named, tricked, painted and kept. Caffe judges."""

import numpy as np

from tests.web.opening import IN_A_BROWSER, PHONE, agrees, opened, pixels, saved
from tricknet import images
from tricknet.paths import ROOT

pytestmark = IN_A_BROWSER
OWN = """async () => {
    const { kept } = await import(new URL('islands/parts/own.js', location.href));
    const { rgb, after, says } = await kept();
    return [[...rgb], [...after], says];
}"""
TWICE = """button => {
    const { mediaDevices } = navigator, ask = mediaDevices.getUserMedia.bind(mediaDevices);
    window.streams = [];
    mediaDevices.getUserMedia = wanted => ask(wanted).then(stream => streams[streams.length] = stream);
    for (const _ of 'ab') button.click();
}"""


def kept(page, networks):
    """The photograph before and after, and what each is called: the network that the page names says so, too."""
    *pictures, says = page.evaluate(OWN)
    before, after = (np.array(one, np.uint8).reshape(224, 224, 3) for one in pictures)
    network = page.locator(".hero [role=status]").inner_text().partition(":")[0]
    for picture, words in zip((before, after), says, strict=True):
        agrees(networks[network], picture, words)
    return before, after, *(words.rpartition(" ")[0] for words in says)


def test_the_camera_s_picture_is_tricked_held_painted_and_goes_to_lesson_1(chromium, address, networks):
    with opened(chromium, address, **PHONE, permissions=["camera"]) as page:
        panda, word, press = page.locator(".held"), page.locator(".word"), page.get_by_role("button")
        press.filter(has_text="Your turn").evaluate(TWICE)
        page.locator(".word:not(:text('panda'))").wait_for()  # it is named live
        page.locator("video").tap()
        page.locator("[role=status]", has_text="instead").wait_for()
        assert page.evaluate("streams.length && !streams.some(one => one.active)")
        assert not page.locator("video").count() and panda.evaluate("one => one.width") == 224
        page.locator(".moves > button").last.tap()
        page.get_by_role("link", name="Lesson 1, with").wait_for()
        before, after, name, wish = kept(page, networks)
        assert name != wish and 0 < np.abs(after - before.astype(int)).max() <= 8
        page.locator(".hint", has_text="Hold").wait_for()
        panda.hover()  # a loupe shows its middle
        panda.focus()
        for key, said, picture in ((page.keyboard.down, wish, after), (page.keyboard.up, name, before)):
            key("Space")
            word.get_by_text(said, exact=True).wait_for()
            page.wait_for_timeout(1500)  # it walks to the end
            assert np.array_equal(pixels(panda), picture)
            assert np.array_equal(pixels(page.locator(".loupe"))[2::5, 2::5], picture[98:126, 98:126])
        (x, y, width, _), fingers = panda.bounding_box().values(), page.context.new_cdp_session(page)
        for up in range(-9, 80, 9):  # the page doesn't scroll under a finger that has rested
            place = {"x": x + 99, "y": y + 199 - up}
            kind = "touchStart" if up < 0 else "touchMove"
            fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [place]})
            page.wait_for_timeout(300 if up < 0 else 16)
        word.get_by_text(wish, exact=True).wait_for()
        fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        word.get_by_text(name, exact=True).wait_for()
        for kind, apart in (("touchStart", 0.1), ("touchMove", 0.27)):  # two of them, 34% of its width further apart
            touches = [{"x": x + width * (0.5 + side), "y": y + 9, "id": i} for i, side in enumerate((-apart, apart))]
            fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
        word.get_by_text("change × 4", exact=True).wait_for()
        page.wait_for_timeout(1500)  # it walks to the end
        difference = after - before.astype(int)
        assert np.array_equal(pixels(panda), np.clip(before + 4 * difference, 0, 255))
        press.filter(has_text="visible").tap()
        page.locator(".note", has_text="Step 1").wait_for()
        press.filter(has_text="Stop").tap()
        press.filter(has_text="card").wait_for()
        assert np.abs(pixels(panda) - before.astype(int)).max() > 8
        assert saved(page, press.filter(has_text="card"))[0].shape == (760, 1080, 3)
        page.get_by_role("link", name="Lesson 1, with").tap()
        answers = page.locator(".eyes button:enabled")
        answers.first.wait_for()
        assert answers.all_inner_texts() == [name, wish]
        truth = [np.array_equal(pixels(page.locator(".eyes canvas")), one) for one in (before, after)]
        answers.nth(truth.index(True)).tap()
        page.locator(".eyes [role=status]", has_text="Right").wait_for()


def test_who_has_no_camera_and_wants_no_motion_chooses_a_file_and_any_class_by_keys(chromium, address, networks):
    with opened(chromium, address, reduced_motion="reduce") as page:
        camera, file = page.get_by_role("button", name="Your turn"), page.get_by_role("button", name="Choose")
        camera.press("Enter")
        page.locator("[role=status]", has_text="no camera").wait_for()
        with page.expect_file_chooser() as chooser:
            file.press("Enter")
        chooser.value.set_files(ROOT / "images" / "panda.jpg")
        wish = page.get_by_role("combobox", name="class")
        wish.fill("no such thing")
        wish.press("Enter")
        page.locator("[role=status]", has_text="no such thing").wait_for()
        wish.fill("teapot")
        wish.press("Enter")
        page.locator("[role=status]", has_text="teapot").and_(page.locator(":text('steps')")).wait_for()
        before, _, name, wished = kept(page, networks)
        assert np.array_equal(before, images.load("panda")) and (name, wished) == ("giant panda", "teapot")
