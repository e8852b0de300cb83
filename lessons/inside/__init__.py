"""Lesson 12, Inside: at equal confidence, beaks cost a trick more than as many other channels that are as loud."""

from tricknet.counting import Tables

table = Tables("inside")
