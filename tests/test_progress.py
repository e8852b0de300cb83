"""Is there a single line where everything that is drawn would be kept?"""

import subprocess
import sys

LOOP = "import time\nfrom tricknet.progress import bar\nfor _ in bar(range(9), desc='steps', delay=0): time.sleep(0.15)"


def test_a_pipe_gets_one_line():
    """tqdm's own settings would draw the bar nine times here."""
    done = subprocess.run([sys.executable, "-c", LOOP], capture_output=True, check=True, timeout=60)
    assert done.stdout == b""
    assert done.stderr.count(b"steps:") == 1 and b"\n" not in done.stderr
