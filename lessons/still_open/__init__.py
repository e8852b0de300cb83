"""What is still open: RobustBench's networks for CIFAR-10 (L-infinity, 8/255) whose papers are on arXiv.

A row has the year and month of the paper's number there, and two shares of the test pictures, in per cent: `reported`
by the authors, and `robust`, which survives the strongest attack known (the lower one of `autoattack_acc` and
`external`). `beyond`: who ran an attack besides AutoAttack (`external`), if anybody: "own" where the footnote says
"original evaluation", and else "later". From model_info/cifar10/Linf of github.com/RobustBench/robustbench, 31 March
2025, where such an attack is welcome if it leaves less than AutoAttack does.
"""

from tricknet.counting import Tables

table = Tables("still_open")
