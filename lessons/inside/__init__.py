"""Lesson 12, Inside: at equal confidence, bird channels cost a trick that asks for a bird more than others as loud."""

from tricknet.counting import Tables

table = Tables("inside")
