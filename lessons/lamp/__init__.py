"""The lamp: what maps of "where the network looks" are worth."""

from tricknet.counting import Tables

table = Tables("lamp")
