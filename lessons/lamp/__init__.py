"""The lamp: what maps of "where the network looks" are worth."""

from tricknet.evidence import Tables

table = Tables("lamp")
