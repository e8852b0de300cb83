"""caffe.io: the lines with which stock Caffe's examples, and the article's notebook, load a picture."""

import subprocess
import sys

import caffe
import numpy as np
import pytest
import skimage
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tricknet import images
from tricknet.networks import load
from tricknet.paths import MODELS

GOOGLENET = [str(MODELS / "googlenet" / name) for name in ("deploy.prototxt", "bvlc_googlenet.caffemodel")]


def test_the_article_s_lines_see_our_cat(tmp_path):
    """As printed in its notebook, but for where the files are; its commented line for the mean is in force here."""
    googlenet, cat, image = load("GoogLeNet"), images.load("cat"), tmp_path / "cat.png"
    Image.fromarray(cat).save(image)
    # fmt: off
    net = caffe.Net(*GOOGLENET, caffe.TEST)
    transformer = caffe.io.Transformer({'data': net.blobs['data'].data.shape})
    transformer.set_transpose('data', (2,0,1))
    transformer.set_mean('data', googlenet.mean[::-1]) # mean pixel
    transformer.set_raw_scale('data', 255)  # the reference model operates on images in [0,255] range instead of [0,1]
    transformer.set_channel_swap('data', (2,1,0))  # the reference model has channels in BGR order instead of RGB
    cat_data = transformer.preprocess('data', caffe.io.load_image(image))
    net.blobs['data'].data[...] = cat_data
    out = net.forward()
    # fmt: on
    np.testing.assert_allclose(out["prob"][0], googlenet.predict(cat).probabilities, rtol=1e-3, atol=1e-6)
    np.testing.assert_allclose(transformer.deprocess("data", net.blobs["data"].data) * 255, cat, atol=1e-3)
    # Of the whole photograph, 300 x 451, Caffe's lines squeeze all into the square. It is another cat for that.
    net.blobs["data"].data[...] = transformer.preprocess("data", skimage.data.cat() / 255)
    assert net.forward()["prob"][0].argmax() in googlenet.indices(("tabby", "tiger cat", "Egyptian cat"))


def test_a_picture_of_two_pixels_by_hand():
    """Blue first; 255 times; less the mean; then a half. The picture itself stays as it is."""
    transformer = made(transpose=(2, 0, 1), channel_swap=(2, 1, 0), raw_scale=255, mean=[1, 2, 3], input_scale=0.5)
    picture = np.array([[[0, 0.2, 1], [1, 0, 0.4]]], np.float32)
    x = transformer.preprocess("data", picture)
    assert x.dtype == np.float32 and picture.max() == 1
    np.testing.assert_allclose(x, [[[127, 50.5]], [[24.5, -1]], [[-1.5, 126]]], rtol=1e-6)
    np.testing.assert_allclose(transformer.deprocess("data", x[None]), picture, atol=1e-6)


def made(shape=(1, 3, 1, 2), **settings):
    transformer = caffe.io.Transformer({"data": shape})
    for name, value in settings.items():
        getattr(transformer, f"set_{name}")("data", value)
    return transformer


@given(st.permutations(range(3)), st.permutations(range(3)), st.integers(0, 2**31), st.sampled_from([3, (3, 3, 3)]))
def test_there_and_back(transpose, channel_swap, seed, of_the_mean):
    rng = np.random.default_rng(seed)
    scales = {"raw_scale": rng.uniform(1, 255), "input_scale": rng.uniform(0.1, 2), "mean": rng.random(of_the_mean)}
    transformer = made((1, 3, 3, 3), transpose=transpose, channel_swap=channel_swap, **scales)
    picture = rng.random((3, 3, 3), np.float32)
    back = transformer.deprocess("data", transformer.preprocess("data", picture))
    np.testing.assert_allclose(back, picture, atol=1e-5)


def test_sizes_by_hand():
    """Half the size: the mean of two neighbours. Twice: quarters, and past the edge lies the lowest value."""
    steps = np.repeat([0, 8, 4, 4], 3).reshape(1, 4, 3).repeat(4, axis=0)
    assert caffe.io.resize_image(steps, (4, 2))[0, :, 0].tolist() == [4, 4]
    assert caffe.io.resize_image([[[2], [6]]], (1, 4))[0, :, 0].tolist() == [2, 3, 5, 5]


@pytest.mark.parametrize("channels", [(), (2,), (3,), (4,)])
def test_grey_colour_and_transparency(tmp_path, channels):
    values = np.random.default_rng(0).integers(0, 256, (5, 6, *channels), np.uint8)
    Image.fromarray(values).save(tmp_path / "picture.png")
    colours = np.atleast_3d(values)[..., : 3 if channels in ((3,), (4,)) else 1]
    picture = caffe.io.load_image(tmp_path / "picture.png")
    np.testing.assert_allclose(picture * 255, np.broadcast_to(colours, (5, 6, 3)), atol=1e-4)
    if channels != (2,):
        assert caffe.io.load_image(tmp_path / "picture.png", color=False).shape == (5, 6, 1)


@pytest.mark.parametrize("setting", [{"channel_swap": (1, 0)}, {"channel_swap": (0, 1, 1)}, {"mean": [104.0]}])
def test_what_does_not_fit_is_refused(setting):
    with pytest.raises(ValueError, match=r"channels"):
        made(**setting)


def test_scikit_image_waits_for_a_picture():
    run = "import sys, caffe; caffe.io.Transformer; assert not [m for m in sys.modules if m.startswith('skimage')]"
    subprocess.run([sys.executable, "-c", run], check=True)
