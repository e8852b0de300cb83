"""Lesson 6's idea: a map of panda-ostrich space, on which classes and pictures have a place."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from tricknet.arrays import Floats, Pictures
from tricknet.networks.classifier import Classifier

BEFORE = "pool5/7x7_s1"  # GoogLeNet's layer before the logits


def directions(model: Classifier) -> Floats:
    """Where each class's weights in the last layer point: classes x inputs, each row of length 1."""
    weights = model.parameters[model.logits][0].reshape(len(model.labels), -1)
    return weights / np.linalg.norm(weights, axis=1, keepdims=True)


@dataclass(frozen=True)
class Space:
    """The flat map that keeps the most of the distances between the directions of a few classes.

    That is their classical multidimensional scaling (Torgerson 1952), which for distances along straight lines is the
    same as their first two principal components. So whatever has a direction can be put on the map, pictures too.
    classes: their indices. places: where they are (classes x 2). kept: the share of their variance that is on the map.
    """

    model: Classifier
    classes: list[int]
    places: Floats
    kept: float
    middle: Floats
    axes: Floats

    @classmethod
    def of(cls, model: Classifier, classes: Iterable[int | str]) -> "Space":
        """The map of some classes, by index or name. The first is on the left, and the outermost is above or below."""
        found = [model.labels.find(c) for c in classes]
        arrows = directions(model)[found]
        middle = arrows.mean(axis=0)
        _, sizes, axes = np.linalg.svd(arrows - middle, full_matrices=False)
        places = (arrows - middle) @ axes[:2].T
        turn = np.array([-np.sign(places[0, 0]), np.sign(places[np.abs(places[:, 1]).argmax(), 1])])
        kept = float((sizes[:2] ** 2).sum() / (sizes**2).sum())
        return cls(model, found, places * turn, kept, middle, axes[:2] * turn[:, None])

    def of_pictures(self, pictures: Pictures) -> Floats:
        """Where pictures (uint8, n x height x width x 3) are: n x 2, by the directions of their last activations."""
        found = self.model.activations(pictures, BEFORE).reshape(len(pictures), -1)
        directed = found / np.linalg.norm(found, axis=1, keepdims=True)
        return ((directed - self.middle) @ self.axes.T).astype(np.float32)
