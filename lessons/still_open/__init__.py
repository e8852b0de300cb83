"""What is still open: RobustBench's networks for CIFAR-10 (L-infinity, 8/255) whose papers are on arXiv.

A row has the year and month of the paper's number there, and two shares of the test pictures, in per cent: `reported`
by the authors, and `robust`, which survives the strongest attack known (the lower one of `autoattack_acc` and
`external`). From model_info/cifar10/Linf of github.com/RobustBench/robustbench, 31 March 2025.
"""

from tricknet.counting import Tables

table = Tables("still_open")
