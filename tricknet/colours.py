"""The colours of charts, checks and tables: Okabe and Ito's (2008), which colour-blind people can tell apart too."""


def grey(level: int) -> str:
    """A grey, from 0 (black) to 15 (white)."""
    return "#" + 6 * f"{level:x}"


BLUE, ORANGE, GREEN, PINK, SKY, RED = NAMED = "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"
PALETTE = (*NAMED, grey(9))
