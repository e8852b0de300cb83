"""Lesson 1's figures: what the layers make of a picture, and a test of your own eyes."""

from collections.abc import Callable, Mapping
from math import comb

import numpy as np
from PIL import Image, ImageDraw

from tricknet import Classifier, images, plots
from tricknet.arrays import Floats, Picture, rounded
from tricknet.colours import RED
from tricknet.counting import holm, mcnemar, rate
from tricknet.island import Island
from tricknet.networks.classifier import first_answers
from tricknet.plots import signed
from tricknet.plots.charts import Plot
from tricknet.plots.intervals import rates
from tricknet.plots.sheet import enlarged, list_pictures
from tricknet.widgets import Interactive, scrub

FIRST = "conv1/7x7_s2"
INCEPTIONS = [f"inception_{block}/output" for block in ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b")]
LAYERS = {1: FIRST, 3: "conv2/3x3"} | {5 + 2 * i: layer for i, layer in enumerate(INCEPTIONS)}  # each is two deep
PLACES = [3389 + k + round(k**5 / 5760) for k in range(36)]  # from left to right, row by row

TRIALS = 10
COINS = [comb(TRIALS, k) / 2**TRIALS for k in range(TRIALS + 1)]  # how often a coin is right so many times


def unit(model: Classifier, picture: Picture, channel: int) -> Interactive:
    """A unit of the first layer slides over a picture (uint8, 224 x 224 x 3): its results make a channel.

    In four panels: the picture, what the unit sees of it, its weights, and the channel so far.
    """
    weights = model.parameters[FIRST][0][channel, ::-1].transpose(1, 2, 0)  # height x width x RGB
    shades = signed(weights, float(abs(weights).max()))
    whole = np.tile(model.mean.astype(np.uint8), (230, 230, 1))
    whole[3:-3, 3:-3] = picture  # around it, the network has the mean
    values, panels = model.activations(picture, FIRST)[..., channel], []
    for place in PLACES:
        y, x = (2 * n for n in divmod(place, 112))
        framed, made = Image.fromarray(whole), greys(values[..., None])
        ImageDraw.Draw(framed).rectangle([x - 3, y - 3, x + 9, y + 9], None, RED, 3)
        made.reshape(-1)[place + 1 :] = 225  # where it hasn't been yet
        four = np.array(framed)[3:-3, 3:-3] // 8 * 8, whole[y : y + 7, x : x + 7], shades, made
        panels.append([enlarged(one, 224 // len(one)) for one in list_pictures(four)])
    gives = [f"{values.flat[place]:.0f}" for place in PLACES]
    names = ["the unit is here", "and sees this", "its weights", f"it gives {gives[7]}"]
    told = "above: where the unit is, and what it sees\nbelow: its weights, and what it gives: "
    frames = [np.vstack([np.hstack(four[:2]), np.hstack(four[2:])]) for four in panels]
    return scrub(frames, [told + one for one in gives], 0, name="place", still=plots.show(panels[7], names, columns=4))


def layers(model: Classifier, pictures: Mapping[str, Picture]) -> Island:
    """A picture (uint8, 224 x 224 x 3), or one of your own, on its way through LAYERS: the channels that vary most.

    pictures: by their names. The first chooses the channels, and is in the still.
    """
    first, rows, grids = next(iter(pictures.values())), [], []
    for depth, layer in LAYERS.items():
        values = model.activations(first, layer)
        chosen = np.argsort(-values.std(axis=(0, 1)))[:16]
        sheet = greys(values[..., chosen]) // 4 * 4  # which takes fewer bytes
        row = {"most": values[..., chosen].max(axis=(0, 1)).tolist(), "channels": chosen.tolist(), "sheet": sheet}
        rows.append(row | {"title": f"layer {depth}", "name": layer})
        small = enlarged(sheet, 112 // len(values))[::2, ::2] // 16 * 16
        grids.append(small.reshape(2, 8, 56, 56).swapaxes(1, 2).reshape(112, 448))
    state = {"network": model.name, "pictures": [*pictures.items()], "says": str(model.predict(first)), "layers": rows}
    alt = "16 grey pictures for each of four layers. From one to the next they get coarser."
    few = (0, 2, 6, 10)
    still = plots.show([grids[i] for i in few], [rows[i]["title"] for i in few], alt, columns=2)
    return Island("layers", state, model, still=still, text="(Run this cell to send a picture through the layers.)")


def greys(channels: Floats) -> Picture:
    """Channels (height x width x n) as grey pictures, one below the other: black at 0, white at each one's most."""
    return np.vstack([*rounded(255 * channels / channels.max(axis=(0, 1))).transpose(2, 0, 1)])


def kept(model: Classifier, ways: Mapping[str, Callable[[Picture, int], Picture]], n: int) -> Plot:
    """How many of the evidence set's photographs keep their answer when they are drawn in n x n colours.

    ways: functions of a picture (uint8, 224 x 224 x 3) and n, by name. The first is tested against each of the others.
    """
    photographs, (first, *others) = images.load_all([*images.EVIDENCE, *images.HELD_OUT]), ways
    answers, hits = first_answers(model, photographs), {}
    for name, way in ways.items():
        hits[name] = np.equal(answers, first_answers(model, (way(one, n) for one in photographs)))
    ps = dict(zip(others, holm([mcnemar(hits[first], hits[other]) for other in others]), strict=True))
    words = ", ".join(f"{other} {'< 0.001' if p < 0.001 else f'{p:.2g}'}" for other, p in ps.items())
    row = {name: rate(int(k.sum()), len(k)) for name, k in hits.items()}
    xlabel = f"photographs that keep their answer (lines: 95% intervals). p against {first}: {words}"
    return rates({f"{n} × {n} colours": row}, xlabel)


def eyes(pictures: Mapping[str, Picture]) -> Island:
    """A test of your own eyes: TRIALS times a coin chooses one of two pictures, and you say which it is.

    pictures: two (uint8, height x width x 3) by the names on their buttons; shown exactly. The still has their middles.
    """
    state = {"pictures": [*pictures.items()], "coins": COINS, "verdicts": [*map(verdict, range(TRIALS + 1))]}
    middles = [one[(h := len(one)) // 4 : -h // 4, (w := one.shape[1]) // 4 : -w // 4] for one in pictures.values()]
    still = plots.show(middles, pictures)
    text = f"{' or '.join(pictures).capitalize()}? Run this cell, and find out how many of {TRIALS} you get right."
    return Island("eyes", state, still=still, text=text)


def verdict(right: int) -> str:
    """The result of TRIALS trials, and what it means: what a coin would get as often, or hardly ever."""
    coins = sum(COINS[right:] if right >= TRIALS / 2 else COINS[: right + 1])  # that get as far from the half
    well, then = ("well", "Try ten more.") if right > TRIALS / 2 else ("badly", "Did you mix up the names?")
    rare = f"A coin does that {well} only once in {round(1 / coins)} tests. {then}"
    return f"You were right in {right} of {TRIALS} trials. {'A coin does as well.' if coins > 0.1 else rare}"
