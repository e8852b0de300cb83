"""Is the page's network the network, and its gradient the gradient? Caffe judges, whom PyTorch judges elsewhere."""

import numpy as np
import pytest

from tests.web.opening import IN_A_BROWSER
from tools import browser
from tools.reference.page_twin import PageTwin
from tricknet import fashion_mnist, images
from tricknet.networks import trained
from tricknet.networks.objectives import Class, Logit
from web.plan import plan_of

pytestmark = IN_A_BROWSER


@pytest.fixture(scope="module", params=[name for name, (_, row) in trained().items() if row.site])
def model(request, networks):
    """Each network, one at a time: all at once would take 2 GB."""
    yield networks[request.param]
    networks.clear()


@pytest.fixture(scope="module")
def lab(chromium, address):
    """A page at the lab's address, and nothing in it."""
    page = chromium.new_page()
    page.set_default_timeout(browser.PATIENCE)
    page.goto(f"{address}web/lab/networks.json")
    yield page
    page.close()


@pytest.fixture(scope="module")
def exact(model, lab, site):
    """It, as the page has it."""
    return PageTwin(lab, site / "web" / "lab" / "models", model, simd="relaxed-simd")


def pictures(model):
    """What a network is for: ten photographs, or three garments."""
    if model.channels == 1:
        return dict(enumerate(fashion_mnist.test_set()[0][:3]))
    return {name: images.load(name) for name in (*images.EVIDENCE[:5], *images.HELD_OUT[:5])}


def error(gradient, truth):
    """How far one vector is from another, relative to its length."""
    far, length = np.linalg.norm(gradient - truth), np.linalg.norm(truth)
    return far / length if length else np.inf if far else 0  # a network that is sure has no gradient


def moved(model, picture, objective, gradient):
    """How far Caffe's own gradient moves when every pixel moves by up to 1e-5, the larger of two such moves.

    A gradient jumps where two values in a max pooling, or a value and a ReLU's zero, are so near that rounding decides.
    """
    random = np.random.default_rng(0)
    noise = (random.uniform(-1e-5, 1e-5, picture.shape) for _ in range(2))
    return max(error(model.gradient(picture + one, objective), gradient) for one in noise)


def test_half_precision_moves_these_pictures_probabilities_by_less_than_a_thousandth(model, lab, site):
    """First, while there is no exact plan beside it. By the engine for browsers without relaxed SIMD."""
    half = PageTwin(lab, site / "web" / "lab" / "models", model, half=True)
    for picture in pictures(model).values():
        probabilities, gradient = half.ask(picture, 3)
        assert 0 < np.abs(probabilities - model.predict(picture).probabilities).max() < 1e-3
        assert error(gradient, model.gradient(picture, 3)) < 0.2


def test_answers_and_gradients_are_caffe_s(model, exact):
    """Probabilities to 1e-5, and gradients to 1% wherever a touch does not move Caffe's own by as much.

    Where no maximum and no ReLU lets rounding decide, they agree to 1e-5.
    """
    rounding, random, unit = 0, np.random.default_rng(0), np.eye(len(model.labels))
    for i, picture in enumerate(pictures(model).values()):
        target, slope = model.predict(picture).best.index, None
        objective = Class(target)
        if i % 2:
            up, down = random.choice(len(model.labels), 2, replace=False)
            slope, objective = (unit[up] - 3 * unit[down]).tolist(), Logit(up) - 3 * Logit(down)
        prediction, truth = model.predict_and_gradient(picture, objective)
        probabilities, gradient = exact.ask(picture, target, slope)
        np.testing.assert_allclose(probabilities, prediction.probabilities, atol=1e-5)
        off = error(gradient, truth)
        rounding += off < 1e-5
        assert off < 0.01 or off < 2 * moved(model, picture, objective, truth)
    assert rounding >= 1, "of most pictures, some unit switches; of some, none does"


@pytest.mark.parametrize("model", ["FashionNet plain"], indirect=True)
def test_where_the_network_is_sure_there_is_still_a_gradient(model, exact):
    """1 - p has no digit left in float32. Caffe's slope is computed in float64, which has five left at 1e-11."""
    clothes = fashion_mnist.test_set()[0][:1000]
    predictions = zip(clothes, model.predict(clothes), strict=True)
    sure = [(picture, each.best.index) for picture, each in predictions if each.best.probability == 1]
    sure = [(picture, right) for picture, right in sure if model.value(picture, right) < -1e-11]
    assert len(sure) >= 5
    for picture, right in sure:
        gradient = exact.ask(picture, right)[1]
        assert gradient.any() and error(gradient, model.gradient(picture, right)) < 0.01


@pytest.mark.parametrize("model", ["FashionNet robust"], indirect=True)
def test_a_network_that_was_asked_of_a_batch_has_the_same_plan(model):
    plans = [(model.predict(fashion_mnist.test_set()[0][:n]), plan_of(model))[1] for n in (1, 7)]
    assert plans[0] == plans[1]


def test_the_gradient_is_pytorch_s_in_float64(model, exact, torch):
    """Of a picture on which no rounding decides, which depends on the processor. Both of Caffe and of the page."""
    from tools.reference import torch_net

    some, index = ([images.load("panda")], 23) if model.channels == 3 else (fashion_mnist.test_set()[0][:1], 3)
    if model.name == "EfficientNet-Lite0":
        some = [images.load(images.EVIDENCE[i]) for i in (4, 7, 8)]
    truths = [torch_net.gradient(model, picture, [index], 1) for picture in some]
    page = [exact.ask(picture, index)[1] for picture in some]
    caffe = [model.gradient(picture, index) for picture in some]
    assert min(map(error, page, truths)) < 1e-4
    assert min(map(error, caffe, truths)) < 1e-4
