"""The bar that shows how far a loop is: in a notebook or a terminal, and nowhere else."""

from functools import partial

from tqdm.auto import tqdm

# disable=None: no bar where standard error is a file or a pipe, which would keep every state of it. A notebook's bar is
# drawn all the same.
bar = partial(tqdm, leave=False, delay=1, disable=None)
