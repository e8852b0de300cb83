"""Adam (Kingma and Ba 2015): steps of an even size for all numbers, however small the slopes of some are."""

from typing import Any


class Adam:
    """Takes the slopes of an array's numbers (real or complex), and gives the next step along them."""

    def __init__(self) -> None:
        self.taken, self.mean, self.square = 0, 0.0, 0.0  # arrays, from the first step on

    def __call__(self, slope: Any) -> Any:
        """The next step: about 1 where the slopes of the last steps agree."""
        self.taken += 1
        self.mean = 0.9 * self.mean + 0.1 * slope
        self.square = 0.99 * self.square + 0.01 * abs(slope) ** 2
        size = (self.square / (1 - 0.99**self.taken)) ** 0.5
        return self.mean / (1 - 0.9**self.taken) / (size + 1e-20)
