"""What is still open: RobustBench's networks for CIFAR-10 (L-infinity, 8/255) whose papers are on arXiv.

A row has the year and month of the paper's number there, and the share of the test pictures, in per cent, that survive
the strongest attack known: the lower one of `autoattack_acc` and `external` in model_info/cifar10/Linf of
github.com/RobustBench/robustbench, 31 March 2025.
"""

from tricknet.evidence import Tables

table = Tables(__file__)
