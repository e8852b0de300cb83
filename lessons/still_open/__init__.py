"""What is still open: the curve of progress, from RobustBench.

tables/robustbench.csv has a row for each of its networks for CIFAR-10 (L-infinity, 8/255) whose paper is on arXiv: the
year and month of the paper's number there, and the share of the test pictures, in per cent, that survive the strongest
attack known. From github.com/RobustBench/robustbench, model_info/cifar10/Linf, 31 March 2025: the lower one of
`autoattack_acc` and `external`.
"""

from tricknet.evidence import Tables

table = Tables(__file__)
