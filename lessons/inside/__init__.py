"""Lesson 11, Inside: at equal confidence a false vulture needs its beaks about as much as a real one does."""

from tricknet.evidence import Tables

table = Tables(__file__)
