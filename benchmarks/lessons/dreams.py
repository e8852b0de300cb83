"""Which of the ideas behind a dream earn their place, and what does another network see in it?

    python -m benchmarks.lessons.dreams ladder
    python -m benchmarks.lessons.dreams classes

`ladder` dreams of paper towel and of vulture with four seeds each, one more idea in each row of the two sheets
docs/dreams/paper_towel.png and docs/dreams/vulture.png. `classes` dreams of the first 24 classes of EVIDENCE in
each of these ways, asks GoogLeNet and SqueezeNet what they see, and writes benchmarks/tables/dreams.csv, which lesson
12 reads, and docs/dreams/gallery.png. It goes on where the table ends, so it may be stopped; delete the
table to begin anew. About two minutes and ten on two idle cores.

A dream takes 60 steps; on the two sheets a plain one takes 20, which are plenty for GoogLeNet to be sure. What is asked
about, and shown, is the picture rounded to multiples of 8, so that the sheets stay small. SqueezeNet never gives a
gradient.
"""

import argparse

from tqdm import tqdm

from benchmarks.lessons.cases import saved
from tricknet import images, plots
from tricknet.arrays import Picture
from tricknet.attacks.dream import IDEAS, coarse, dreaming, noise
from tricknet.evidence import Value, save_table
from tricknet.networks.classifier import Classifier, GoogLeNet, SqueezeNet
from tricknet.networks.objectives import Logit
from tricknet.paths import ROOT

SHEETS = ROOT / "docs" / "dreams"
STEPS, STEP, SEEDS, CLASSES = 60, 4, range(4), 24
FEW = 20  # plain steps, enough for GoogLeNet to be sure: what the two sheets show


def dreamt(model: Classifier, label: int, idea: str, seed: int = 0, steps: int = STEPS) -> Picture:
    """A dream of a class (uint8, 224 x 224 x 3) whose values are multiples of 8."""
    # Not `dream`, which would take Ctrl-C for an answer and return a picture that is half done.
    *_, end = dreaming(model, Logit(label), noise(seed=seed), steps=steps, step=STEP, seed=seed, **IDEAS[idea])
    return coarse(end)


def answer(model: Classifier, picture: Picture) -> str:
    """The network's first answer, such as "vulture 99.9%"."""
    _, name, p = model.predict(picture).top(1)[0]
    return f"{name} {p:.1%}"


def ladder() -> None:
    """Draw the two sheets: a row for each idea, a column for each seed."""
    model = GoogLeNet()
    SHEETS.mkdir(exist_ok=True)
    for name in ("paper towel", "vulture"):
        label = model.labels.find(name)
        ways = [(idea, seed) for idea in IDEAS for seed in SEEDS]
        pictures = [
            dreamt(model, label, idea, seed, FEW if idea == "plain" else STEPS) for idea, seed in tqdm(ways, desc=name)
        ]
        said = [f"{idea}\n{answer(model, p)}" for (idea, _), p in zip(ways, pictures, strict=True)]
        print(plots.show(pictures, said, columns=len(SEEDS)).save(SHEETS / f"{name.replace(' ', '_')}.png"))


def classes() -> None:
    """Write a row for each class and idea, and the gallery."""
    model, other = GoogLeNet(), SqueezeNet()
    SHEETS.mkdir(exist_ok=True)
    rows: list[dict[str, Value]] = saved("dreams")
    done = {(row["class"], row["idea"]) for row in rows}
    gallery = SHEETS / "gallery.png"
    shown = plots.read_back(gallery) if rows and gallery.exists() else []
    # GoogLeNet names every one of these photographs correctly.
    labels = [model.predict(images.load(name)).top(1)[0][0] for name in images.EVIDENCE[:CLASSES]]
    missing = [(label, idea) for label in labels for idea in IDEAS if (label, idea) not in done]
    try:
        for label, idea in tqdm(missing, unit="dream"):
            picture = dreamt(model, label, idea)
            rows.append(seen(model, other, label, idea, picture))
            save_table("dreams", rows)
            if idea == "growing":
                said, name = answer(model, picture), model.labels[label]
                shown.append((picture, said if said.startswith(name) else f"{name}?\n{said}"))
                plots.show(*zip(*shown, strict=True), columns=4).save(gallery)
    except KeyboardInterrupt:
        print("Stopped: the table holds the dreams that are done.")


def seen(model: Classifier, other: Classifier, label: int, idea: str, picture: Picture) -> dict[str, Value]:
    """What GoogLeNet and SqueezeNet see in a picture that was dreamt for a class: its place (1 is the first), and p."""
    row: dict[str, Value] = {"class": label, "name": model.labels[label], "idea": idea}
    for key, judge in (("googlenet", model), ("squeezenet", other)):
        p = judge.predict(picture).probabilities
        row |= {f"{key}_place": int((p > p[label]).sum()) + 1, f"{key}_p": round(float(p[label]), 6)}
    return row


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("ladder", "classes"))
    {"ladder": ladder, "classes": classes}[parser.parse_args().what]()
