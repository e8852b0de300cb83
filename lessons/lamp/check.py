"""The lamp: the checks of its exercises."""

from collections.abc import Callable

from lessons.lamp import saliency
from tricknet import images
from tricknet.arrays import Doubles, Picture
from tricknet.check import Hint, check, exercise
from tricknet.check.answers import ask, network, numbers, top
from tricknet.counting import mcnemar

SQUARES, LUCK = 20, 0.05  # that 0.2 may cover; p, which must stay below it for a yes in 0.3


@exercise(
    "0.2",
    start="Which squares would you miss most? Ask `saliency.class_activation` and `saliency.occlusion`.",
    recipe="Let `values = saliency.class_activation(model, panda, 'giant panda')`. Cover "
    "`saliency.strongest(values, k)`, and raise k until the network says something else.",
)
def _(answer: object) -> str:
    mask = numbers(answer, (7, 7), "The mask").astype(bool)
    covered = int(mask.sum())
    if covered > SQUARES:
        raise Hint(f"{covered} squares are covered, but at most {SQUARES} may be.")
    prediction = ask(saliency.hidden(network(), images.load("panda"), mask))
    if prediction.best.name == "giant panda":
        raise Hint(f"With {covered} squares covered the network still says {top(prediction)}.")
    return f"with {covered} of 49 squares covered the network says {top(prediction)}"


@exercise(
    "0.3",
    start="What does the thing in the middle of a photograph have that the sky around it hasn't? Give `check` the "
    "function itself.",
    recipe="Let the lamp shine on the edges: in `mine`, write `edges = np.hypot(*np.gradient(picture.mean(axis=2)))` "
    "and `return saliency.squares(edges) * saliency.LAMP`.",
)
def _(answer: Callable[[Picture], object]) -> str:
    photographs = [images.load(name) for name in images.HELD_OUT]
    maps = [numbers(answer(photograph.copy()), (7, 7), "Your map") for photograph in photographs]
    labels = [prediction.best.index for prediction in network().predict(photographs)]

    def lost(values: list[Doubles]) -> list[bool]:
        """Of which photographs is the class lost with the ten strongest squares of its map hidden?"""
        pairs = zip(photographs, map(saliency.strongest, values), strict=True)
        answers = network().predict([saliency.hidden(network(), *pair) for pair in pairs])
        return [said.best.index != label for said, label in zip(answers, labels, strict=True)]

    mine, lamps = lost(maps), lost([saliency.LAMP] * len(photographs))
    p = mcnemar(mine, lamps)
    words = f"map costs {sum(mine)} of {len(mine)} photographs their class, and the lamp {sum(lamps)} (p = {p:.2g})"
    if p >= LUCK:
        raise Hint(f"Your {words}: that doesn't show which is better. p must be below {LUCK}.")
    if sum(mine) < sum(lamps):
        raise Hint(f"Your {words}: the lamp is better.")
    return f"your {words}"
