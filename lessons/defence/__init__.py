"""Lesson 14, Is this defence real? JPEG saves 26 of 30 photographs from one attack, 11 from a better, and none."""

from tricknet.counting import Tables

table = Tables("defence")
