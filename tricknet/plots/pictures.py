"""Pictures: what the network was shown, what its gradient looks like, and what was changed."""

import io
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from IPython.display import Image
from PIL import Image as PillowImage

from tricknet.plots.charts import Plot, new_axes, draw_steps, leading


def show(pictures, titles: Iterable[str] = (), alt: str = "") -> Plot:
    """One picture (uint8, height x width x 3), or several side by side, each with its title."""
    pictures = [pictures] if np.ndim(pictures[0]) == 2 else list(pictures)
    titles = [titles] if isinstance(titles, str) else list(titles)
    figure, axes = new_axes(3 * len(pictures), 3.3, len(pictures))
    for ax, picture in zip(axes.flat, pictures, strict=True):
        ax.imshow(picture)
        ax.axis("off")
    for ax, title in zip(axes.flat, titles, strict=False):
        ax.set_title(title, fontsize=11)
    return Plot(figure, alt or "; ".join(titles) or "A picture", photo=True)


def show_gradient(gradient: np.ndarray, title: str = "", alt: str = "", percentile: float = 98) -> Plot:
    """A gradient (any signed array, height x width x 3) as a picture: grey is zero, and the given percentile of its
    sizes is full brightness, as in the article.
    """
    scale = np.percentile(np.abs(gradient), percentile)
    return show(
        signed(gradient, scale), title, alt or f"{title or 'The gradient'}: coloured noise on grey; grey is zero."
    )


def signed(array: np.ndarray, scale: float) -> np.ndarray:
    """A signed array as a uint8 picture: grey for zero, black for -scale and below, white for +scale and above."""
    return (127.5 + 127.5 * np.clip(array / (scale or 1), -1, 1)).astype(np.uint8)


def compare(trick) -> Plot:
    """Before, the change magnified to full contrast, and after."""
    largest = int(np.abs(trick.change).max())
    (_, old, p), (_, new, q) = trick.said_before.top(1)[0], trick.said_after.top(1)[0]
    titles = [f"{old} {p:.1%}", f"the change × {127.5 / max(largest, 1):.0f}", f"{new} {q:.1%}"]
    alt = (
        f"Left: the picture before, {old}. Middle: what is added, at most {largest} of 255 in any value, magnified. "
        f"Right: the sum, {new}, which looks the same as the left."
    )
    return show([trick.before, signed(trick.change, largest), trick.after], titles, alt)


def animate(trick, path=None, frames: int = 15) -> Image:
    """The picture, the change and the curves over the steps, as a looping GIF of at most `frames` + 1 frames."""
    classes = leading(trick.history, trick.target, k=3)
    largest = max(int(np.abs(trick.change).max()), 1)
    last = len(trick.history) - 1
    drawn = []
    for step in np.unique(np.linspace(0, last, min(frames, last) + 1).astype(int)):
        figure, axes = new_axes(9, 3.1, 3)
        picture, change, curves = axes.flat
        picture.imshow(trick.frames[step])
        change.imshow(signed(trick.frames[step].astype(float) - trick.before, largest))
        picture.set_title(f"step {step}", fontsize=10)
        change.set_title(f"the change × {127.5 / largest:.0f}", fontsize=10)
        picture.axis("off")
        change.axis("off")
        draw_steps(curves, trick.history[: step + 1], classes, trick.model.labels)
        curves.set_xlim(0, last)
        curves.legend(loc="upper center", bbox_to_anchor=(0.5, 1.3), frameon=False, fontsize=8)
        buffer = io.BytesIO()
        figure.savefig(buffer, dpi=80, facecolor="white")
        drawn.append(PillowImage.open(buffer).convert("RGB").quantize(256))
    buffer = io.BytesIO()
    pause = [100] * (len(drawn) - 1) + [1500]
    drawn[0].save(buffer, "GIF", save_all=True, append_images=drawn[1:], duration=pause, loop=0)
    if path:
        Path(path).write_bytes(buffer.getvalue())
    return Image(data=buffer.getvalue(), format="gif", alt=f"Animation: {trick!r}")
