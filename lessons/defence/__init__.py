"""Lesson 13, Is this defence real? 30 of 30 photographs survive behind a defence that defends nothing."""

from tricknet.evidence import Tables

table = Tables(__file__)
