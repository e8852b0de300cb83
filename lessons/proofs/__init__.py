"""Proofs: what no attack can do, and how a network can show it."""

from tricknet.counting import Tables

table = Tables("proofs")
