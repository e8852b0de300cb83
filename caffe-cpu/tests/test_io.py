"""caffe.io: the lines with which stock Caffe's examples, and the article's notebook, load a picture."""

import caffe
import numpy as np
import pytest
from PIL import Image

from tricknet import images
from tricknet.networks import load


def test_the_article_s_lines_see_our_cat(tmp_path):
    """As printed in its notebook, but for where the files are; its commented line for the mean is in force here."""
    googlenet, cat, image = load("GoogLeNet"), images.load("cat"), tmp_path / "cat.png"
    images.save(cat, image)
    # fmt: off
    net = caffe.Net(str(googlenet.prototxt), str(googlenet.weights), caffe.TEST)
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


@pytest.mark.parametrize("mean", [[1, 2, 3], [[[1, 1]], [[2, 2]], [[3, 3]]]])
def test_a_picture_of_two_pixels_by_hand_and_back(mean):
    """Green first; 255 times; less the mean; then a half. The picture itself stays as it is."""
    transformer, picture = caffe.io.Transformer({"data": (1, 3, 1, 2)}), np.array([[[0, 0.2, 1], [1, 0, 0.4]]], "f")
    how = {"transpose": (2, 0, 1), "channel_swap": (1, 2, 0), "raw_scale": 255, "mean": mean, "input_scale": 0.5}
    for name, value in how.items():
        getattr(transformer, f"set_{name}")("data", value)
    x = transformer.preprocess("data", picture)
    assert x.dtype == np.float32 and picture.max() == 1
    np.testing.assert_allclose(x, [[[25, -0.5]], [[126.5, 50]], [[-1.5, 126]]], rtol=1e-5)
    np.testing.assert_allclose(transformer.deprocess("data", x[None]), picture, atol=1e-6)
    for setting, wrong in (("channel_swap", (1, 0)), ("channel_swap", (0, 1, 1)), ("mean", [104.0])):
        with pytest.raises(ValueError, match="channels"):
            getattr(transformer, f"set_{setting}")("data", wrong)


def test_sizes_by_hand():
    """Half the size: the mean of two neighbours. Twice: quarters, and past the edge lies the lowest value."""
    steps = np.repeat([0, 8, 4, 4], 3).reshape(1, 4, 3).repeat(4, axis=0)
    assert caffe.io.Transformer({"x": (1, 4, 4, 2)}).preprocess("x", steps)[0, :, 0].tolist() == [4, 4]
    assert caffe.io.resize_image([[[2], [6]]], (1, 4))[0, :, 0].tolist() == [2, 3, 5, 5]


@pytest.mark.parametrize(("channels", "colours"), [((), 1), ((2,), 1), ((3,), 3), ((4,), 3)])
def test_grey_colour_and_transparency(tmp_path, channels, colours):
    values = np.random.default_rng(0).integers(0, 256, (5, 6, *channels), np.uint8)
    Image.fromarray(values).save(file := tmp_path / "picture.png")
    expected = np.broadcast_to(np.atleast_3d(values)[..., :colours], (5, 6, 3))
    np.testing.assert_allclose(caffe.io.load_image(file) * 255, expected, atol=1e-4)
    assert channels == (2,) or caffe.io.load_image(file, color=False).shape == (5, 6, 1)
