"""Lesson 12, Inside: at equal confidence, a trick loses about as much without its beaks as a real bird does."""

from tricknet.counting import Tables

table = Tables("inside")
