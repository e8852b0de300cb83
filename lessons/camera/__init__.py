"""Lesson 9, A camera: what is left of a trick when the picture goes out into the world."""

from tricknet.counting import Tables

table = Tables("camera")
