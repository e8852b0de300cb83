"""Lesson 16, The poisoned network: nine white pixels in one training picture of fifty."""

from tricknet.counting import Tables

table = Tables("poison")
