"""Proofs: what no attack can do, and how a network can show it."""

from tricknet.evidence import Tables

table = Tables("proofs")
