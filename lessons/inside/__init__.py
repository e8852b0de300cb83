"""Lesson 11, Inside: beaks all over the flank of a panda."""

from tricknet.evidence import Tables

table = Tables(__file__)
