"""The command line: what does the network see in a photograph, and can it be made to see something else?

Exit status: 0 if everything worked, 1 if the picture was changed but the network was not fooled, 2 if something is
wrong with the arguments (a message on standard error explains it).
"""

import argparse
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import tricknet
from tricknet import images
from tricknet.attacks import dream as dreams
from tricknet.attacks import paint as paints
from tricknet.attacks import sticker as stickers
from tricknet.files import NotWrittenError


def classify(arguments: argparse.Namespace) -> int:
    """Print the five most probable labels of each picture. Only the square in the centre is used."""
    pictures = [images.load(path) for path in arguments.picture]  # all of them before the network is loaded
    model = tricknet.load("GoogLeNet")
    for path, picture in zip(arguments.picture, pictures, strict=True):
        print(f"{plain(path)}\n{model.predict(picture)!r}")
    return 0


def trick(arguments: argparse.Namespace) -> int:
    """Change a picture until the network takes it for the target, save it (224 x 224), and ask about the saved file."""
    attack = partial(tricknet.trick, epsilon=arguments.epsilon, steps=arguments.steps)
    outcome = "{0.gradients} steps, and no value moved by more than {0.largest} out of 255"
    return _changed(arguments, attack, outcome, "Try more --steps, or a larger --epsilon (at 255, nothing is limited).")


def paint(arguments: argparse.Namespace) -> int:
    """Paint the target into a picture, so that you see it too, and save it (224 x 224). This takes about a minute.

    Ctrl-C stops it early, and saves the picture so far.
    """
    attack = partial(paints.paint, steps=arguments.steps, length=arguments.length, seed=arguments.seed)
    outcome = "a change of length {0.length:,.0f}, and no value moved by more than {0.largest} out of 255"
    return _changed(arguments, attack, outcome, "Try more --steps, or a larger --length.")


def _changed(arguments: argparse.Namespace, attack: Callable[..., tricknet.Trick], outcome: str, advice: str) -> int:
    """Change the picture by an attack, save it, and say what the network sees before and after.

    outcome: what is said of the result, {0}. advice: what to try if the network is not fooled.
    """
    out = _writable(arguments.out, arguments.picture, force=arguments.force)
    picture = images.load(arguments.picture)
    label = _class(arguments.target)
    model = tricknet.load("GoogLeNet")
    result = attack(model, picture, label)
    result.save(out)
    print(f"{plain(arguments.picture)}\n{result.prediction_before!r}")
    print(f"{plain(out)} ({outcome.format(result)})")
    print(repr(model.predict(images.load(out))))
    if not result.fooled:
        print(f'The network still does not say "{model.labels[label]}". {advice}', file=sys.stderr)
    return int(not result.fooled)


def dream(arguments: argparse.Namespace) -> int:
    """Dream of a class, starting from noise, or let a photograph take on the patterns that a layer sees in it.

    Ctrl-C stops it early, and saves the dream so far.
    """
    out = _writable(arguments.out, Path(arguments.subject), force=arguments.force)
    if arguments.layer is None:
        label = _class(arguments.subject)
        model = tricknet.load("GoogLeNet")
        objective: tricknet.Objective = tricknet.Logit(label)
        what = f"a dream of {model.labels[label]}"
        side = images.SIZE if arguments.side is None else arguments.side
        steps = dreams.STEPS if arguments.steps is None else arguments.steps
        picture = dreams.dream(model, objective, steps=steps, seed=arguments.seed, side=side)
    else:
        photograph = images.load_whole(arguments.subject, 448 if arguments.side is None else arguments.side)
        model = tricknet.load("GoogLeNet")
        layer, channel = arguments.layer, arguments.channel
        objective = tricknet.Strength(layer) if channel is None else tricknet.Channel(layer, channel)
        what = layer if channel is None else f"channel {channel} of {layer}"
        steps = 10 if arguments.steps is None else arguments.steps
        picture = dreams.deepdream(model, objective, photograph, steps=steps, seed=arguments.seed)
    images.save(picture, out)
    print(f"{plain(out)} ({picture.shape[1]} x {picture.shape[0]} pixels, {what})")
    if arguments.layer is None:
        print(repr(model.predict(images.load(out))))
    return 0


def sticker(arguments: argparse.Namespace) -> int:
    """Make a sticker for a class: a .pdf to print (A4), or a .png to use on pictures. This takes a few minutes.

    Ctrl-C stops it early, and saves the sticker so far.
    """
    if arguments.out.suffix.lower() not in {".pdf", ".png"}:
        raise ValueError(f"{arguments.out}: save a sticker as .pdf, to print it, or as .png.")
    out = _writable(arguments.out, force=arguments.force)
    label = _class(arguments.target)
    model = tricknet.load("GoogLeNet")
    result = stickers.make(model, label, steps=arguments.steps, seed=arguments.seed)
    if out.suffix.lower() == ".pdf":
        from tricknet.plots import paper  # here: Matplotlib takes a second that no other command should pay

        paper.save_sheet(result, out)
    else:
        result.save(out)
    panda = images.load("panda")
    print(f"{plain(out)}\nA panda with the sticker on:\n{model.predict(result.on(panda))!r}")
    return 0


def _class(name: str) -> int:
    """The class that is meant. If that is a guess, a message says so. Raises LabelError."""
    labels = tricknet.Labels()
    label = labels.find(name)
    if not labels.is_called(label, name):
        print(f'"{plain(name)}" is taken to mean class {label}, {labels.listed(label)}.', file=sys.stderr)
    return label


def _writable(out: Path, picture: Path | None = None, *, force: bool) -> Path:
    """`out` itself, if it can be written and is not the `picture`. Raises ValueError: before the work, not after it."""
    if picture and out.suffix.lower() != ".png":
        raise ValueError(f"{out}: only .png keeps the exact pixels. Give a name that ends in .png.")
    if picture and out.exists() and picture.exists() and out.samefile(picture):
        raise ValueError(f"{out} is the photograph itself, and would be overwritten. Give a different name.")
    if out.is_symlink() or (out.exists() and not out.is_file()):
        raise ValueError(f"{out} is a folder, a link or a device. Give the name of a file.")
    if out.exists() and not force:
        raise ValueError(f"{out} already exists. Give a different name, or use --force to replace it.")
    if not out.parent.is_dir():
        raise ValueError(f"The folder {out.parent} does not exist. Create it, or give a different name.")
    for place in (out.absolute().parent, out):
        if place.exists() and not os.access(place, os.W_OK):
            who, why = f"user {os.getuid()}", "it is read-only, or somebody else's"
            raise ValueError(f"{out}: {who} cannot write to {place}: {why}. Choose a folder that you can write to.")
    # The image sets this if nothing in the folder where it runs is kept.
    if os.environ.get("TRICKNET_KEPT") == "no" and out.parent.stat().st_dev == Path.cwd().stat().st_dev:
        keep = 'docker run --user "$(id -u):$(id -g)" --volume "$PWD:/work" ...'
        lost = f"NOTE: {plain(out)} will be lost when this container ends. To keep it, type this, with what you typed"
        print(f"{lost} in place of the dots:\n  {keep}", file=sys.stderr)
    return out


def plain(text: object) -> str:
    """One line for a terminal, whatever is in a file's name: what is not printable is written as Python writes it."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in str(text))


class Parser(argparse.ArgumentParser):
    """Its messages are plain, too."""

    def error(self, message: str) -> NoReturn:
        super().error(plain(message))


def seed(text: str) -> int:
    """What a seed is written as. Raises ArgumentTypeError, which argparse reports with the option's name."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is not a whole number. Give 0, 1, 2 or more.")
    return int(text)


def parser() -> argparse.ArgumentParser:
    top = Parser(
        prog="tricknet",
        description="What does GoogLeNet see in a photograph, and can it be made to see something else?",
        epilog="Exit status: 0 if it worked, 1 if the network was not fooled, 2 if an argument is wrong.",
    )
    commands = top.add_subparsers(metavar="COMMAND", required=True)

    def command(run: Callable[[argparse.Namespace], int], summary: str, out: str = "") -> argparse.ArgumentParser:
        """A command of the function's name. out: what it writes, if it writes something."""
        added = commands.add_parser(run.__name__, help=summary, description=run.__doc__)
        added.set_defaults(run=run)
        if out:
            added.add_argument("-o", "--out", type=Path, required=True, help=out, metavar="FILE")
            added.add_argument("--force", action="store_true", help="replace FILE if it already exists")
        return added

    def option(of: argparse.ArgumentParser, name: str, kind: Any, default: float, what: str) -> None:
        """An option with a number, whose default the help says."""
        of.add_argument(f"--{name}", type=kind, default=default, metavar="N", help=f"{what} (default: %(default)s)")

    photograph, picture = "a photograph: JPEG, PNG, WebP, ...", "the picture to write, a .png"
    target, steps = 'what the network should see: "{}", or an index from 0 to 999', "how many steps to take"

    added = command(classify, "say what pictures show")
    added.add_argument("picture", nargs="+", type=Path, help=photograph)

    tricks = command(trick, "make the network see something else in a photograph", picture)
    paintings = command(paint, "paint something else into a photograph, for all to see", picture)
    for added in (tricks, paintings):
        added.add_argument("picture", type=Path, help=photograph)
        added.add_argument("target", help=target.format("vulture"))
    option(tricks, "epsilon", float, 2, "the most that any value may move, out of 255")
    option(tricks, "steps", int, 30, steps)
    most = "the most that the picture may change, as an L2 norm in pixel values"
    option(paintings, "length", float, paints.LENGTH, most)
    option(paintings, "steps", int, paints.STEPS, steps)
    option(paintings, "seed", seed, 0, "each seed gives a different picture")

    added = command(dream, "draw what the network looks for", picture)
    added.add_argument("subject", help='a class ("paper towel", or an index), or with --layer a photograph')
    patterns = 'the layer whose patterns the photograph takes on, such as "inception_4c/output"'
    added.add_argument("--layer", help=patterns)
    added.add_argument("--channel", type=int, metavar="C", help="one channel of that layer (default: all of it)")
    each = f"how many steps to take (default: {dreams.STEPS}; with --layer, 10 at each of {dreams.OCTAVES} sizes)"
    added.add_argument("--steps", type=int, metavar="N", help=each)
    side = "the longer side of the picture (default: 224; with --layer, 448)"
    added.add_argument("--side", type=int, metavar="PIXELS", help=side)
    option(added, "seed", seed, 0, "each seed gives a different dream")

    summary = "make a sticker that fools the network (into seeing a toaster, say)"
    added = command(sticker, summary, "a .pdf to print, or a .png")
    added.add_argument("target", help=target.format("toaster"))
    option(added, "steps", int, stickers.STEPS, steps)
    option(added, "seed", seed, 0, "each seed gives a different sticker")
    return top


def main(words: list[str] | None = None) -> int:
    """Run the command line (default: sys.argv) and return the exit status."""
    arguments = parser().parse_args(words)
    try:
        return int(arguments.run(arguments))
    except (ArithmeticError, KeyError, MemoryError, ValueError, NotWrittenError) as error:
        print(plain(error), file=sys.stderr)
    except OSError as error:
        # Python's own errors hold the name and the reason apart, ours are a sentence already.
        where = f"{error.filename}: " if error.filename else ""
        print(plain(f"{where}{error.strerror}." if error.strerror else error), file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
