"""A run, with nothing to click or to see: the steps from a picture to a class, one by one."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tricknet import Class, Classifier, Prediction, Trick
from tricknet.arrays import Floats, Picture
from tricknet.attacks.steps import METHODS, Ascent, constant

# First the walk that is easiest to watch: an eighth of epsilon at each step, as in the README's animation.
WALKS = {"small steps": replace(METHODS["sign"], reach=1 / 8, size=constant), **METHODS}


@dataclass
class Run:
    """Iterating takes the steps, and yields before the first and after each, until the last or until it is `stopped`.

    picture: uint8, 224 x 224 x 3. target: the index of a class. epsilon: the most that any value may move, in pixel
    values. method: a name in WALKS. frames, history: the picture and what the network said (float32, one probability
    per class) each time.
    """

    network: Classifier
    picture: Picture
    target: int
    epsilon: int = 2
    steps: int = 30
    method: str = "small steps"
    stopped: bool = False
    frames: list[Picture] = field(default_factory=list)
    history: list[Floats] = field(default_factory=list)

    def __iter__(self) -> Iterator[None]:
        ascent = Ascent(self.picture, epsilon=self.epsilon, steps=self.steps, method=WALKS[self.method])
        for _ in range(self.steps):
            prediction, gradient = self.network.predict_and_gradient(ascent.pictures, Class(self.target))
            self._keep(ascent.pictures, prediction)
            yield
            if self.stopped:
                return
            ascent.step(gradient)
        self._keep(ascent.pictures, self.network.predict(ascent.pictures))
        yield

    def _keep(self, frame: Picture, prediction: Prediction) -> None:
        self.frames.append(frame)
        self.history.append(prediction.probabilities)

    def trick(self, model: Classifier) -> Trick:
        """The steps so far as a Trick of `model`, a network like the run's own. It keeps the best picture."""
        gradients = min(len(self.frames), self.steps)  # the picture after the last step needs none
        path = zip(self.frames, self.history, strict=True)
        return Trick.of(path, {self.target}, epsilon=self.epsilon, model=model, gradients=gradients)
