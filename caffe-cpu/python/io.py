"""What stock Caffe's examples need of BVLC's caffe.io, whose own file does not load with a current scikit-image."""

import numpy as np


def load_image(filename, color=True):
    """Read a picture: float32, 0..1, height x width x 3 (RGB), or x 1 for color=False. Transparency is dropped."""
    from skimage import img_as_float32, io

    picture = np.atleast_3d(img_as_float32(io.imread(filename, as_gray=not color)))
    return picture[..., :3] if picture.shape[2] > 2 or not color else picture[..., :1].repeat(3, axis=2)


def resize_image(im, new_dims, interp_order=1):
    """A picture (height x width x channels) in the size new_dims, float32, not smoothed before: like Caffe's own."""
    from skimage.transform import resize

    im = np.asarray(im, np.float32)
    return resize(im, new_dims, order=interp_order, mode="constant", cval=im.min(), anti_aliasing=False)


class Transformer:
    """From a picture (height x width x channels) to a net's input (channels x height x width), and back.

    inputs: the shape of each input blob by its name. Any other name raises KeyError. What is set happens in this order:
    transpose, channel_swap (along the first axis), raw_scale, mean (subtracted), input_scale.
    """

    def __init__(self, inputs):
        self.inputs, self.settings = inputs, {in_: {} for in_ in inputs}

    def set_transpose(self, in_, order):
        self.settings[in_]["transpose"] = tuple(order)

    def set_channel_swap(self, in_, order):
        if sorted(order) != [*range(self.inputs[in_][1])]:
            raise ValueError(f"{order} is not an order of {self.inputs[in_][1]} channels.")
        self.settings[in_]["channel_swap"] = list(order)

    def set_raw_scale(self, in_, scale):
        self.settings[in_]["raw_scale"] = scale

    def set_mean(self, in_, mean):
        """mean: a number for each channel, or one for each value (channels x height x width)."""
        if len(mean) != self.inputs[in_][1]:
            raise ValueError(f"This mean has {len(mean)} channels, but {in_} has {self.inputs[in_][1]}.")
        self.settings[in_]["mean"] = np.reshape(mean, (-1, 1, 1) if np.ndim(mean) == 1 else np.shape(mean))

    def set_input_scale(self, in_, scale):
        self.settings[in_]["input_scale"] = scale

    def preprocess(self, in_, data):
        """A picture as the net takes it, float32. It is resized unless it has the blob's size."""
        how, size, x = self.settings[in_], tuple(self.inputs[in_][2:]), np.asarray(data, np.float32)
        x = x if x.shape[:2] == size else resize_image(x, size)
        x = x.transpose(how.get("transpose", (0, 1, 2)))[how.get("channel_swap", slice(None))]
        x = (x * how.get("raw_scale", 1) - how.get("mean", 0)) * how.get("input_scale", 1)
        return x.astype(np.float32)

    def deprocess(self, in_, data):
        """The way back, from one input (channels x height x width, or 1 x that) to a picture. It is not resized."""
        how, x = self.settings[in_], np.reshape(data, np.shape(data)[-3:])
        x = (x / how.get("input_scale", 1) + how.get("mean", 0)) / how.get("raw_scale", 1)
        x = x[np.argsort(how.get("channel_swap", range(len(x))))]
        return x.transpose(np.argsort(how.get("transpose", (0, 1, 2)))).astype(np.float32)
