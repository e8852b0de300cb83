"""The world's figure: what GoogLeNet says to each screenshot."""

from collections.abc import Sequence

from tricknet.colours import grey
from tricknet.counting import Row
from tricknet.plots.charts import ACCENT, Plot, new_axes

PALE = grey(13)


def strips(rows: Sequence[Row], target: str) -> Plot:
    """A column for each picture and a box for each zoom, filled where the first answer is the target."""
    names, zooms = (list(dict.fromkeys(row[what] for row in rows)) for what in ("picture", "zoom"))
    figure, ((ax,),) = new_axes(0.8 + 0.28 * len(zooms))
    for row in rows:
        x, y, said = names.index(row["picture"]), zooms.index(row["zoom"]), row["answer"]
        colour, ink = (ACCENT, "white") if said == target else (PALE, "black")
        ax.barh(y, 0.94, left=x - 0.47, height=0.9, color=colour)
        ax.text(x, y, said.split()[-1], color=ink, ha="center", va="center")
    ax.set_xticks(range(len(names)), names)
    ax.set_yticks(range(len(zooms)), [f"{zoom}%" for zoom in zooms])
    ax.set(xlim=(-0.5, len(names) - 0.5), ylim=(len(zooms) - 0.5, -0.5), ylabel="zoom")
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    hits = [[str(row["zoom"]) for row in rows if (row["picture"], row["answer"]) == (name, target)] for name in names]
    words = (f"{name}: {', '.join(some) or 'none'}" for name, some in zip(names, hits, strict=True))
    return Plot(figure, f"The zooms at which GoogLeNet says {target}. {'; '.join(words)}.")
