"""The library's own source, shown in a lesson: never a second copy of it."""

import inspect
import textwrap
from collections.abc import Callable
from typing import Any

from IPython.display import Markdown


def show_source(*things: Callable[..., Any] | type) -> Markdown:
    """The source of functions, methods or classes as a highlighted block in a notebook."""
    code = "\n\n".join(textwrap.dedent(inspect.getsource(thing)) for thing in things)
    return Markdown(f"```python\n{code}```")  # type: ignore[no-untyped-call]
