"""Progress bars: those of tqdm, drawn only now and then where a file or a pipe keeps everything that is drawn."""

import sys
from functools import partial

from tqdm.auto import tqdm

SEEN = sys.stderr.isatty() or "ipykernel" in sys.modules  # a notebook's bar is a widget, although its stderr is a pipe
bar = partial(tqdm, leave=False, delay=1 if SEEN else 5, mininterval=0.1 if SEEN else 10)
