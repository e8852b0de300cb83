"""The colours of charts, checks and tables: Okabe and Ito's (2008), which colour-blind people can tell apart too."""

BLUE, ORANGE, GREEN, PINK, SKY, RED, GREY = PALETTE = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#cc79a7",
    "#56b4e9",
    "#d55e00",
    "#999999",
)
