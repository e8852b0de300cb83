"""Lesson 3's ten lines in PyTorch, which the image doesn't have: the lesson shows them, and a test runs them."""

from typing import Any


def ten_lines(network: Any, picture: Any, target: int, *, epsilon: float = 2, steps: int = 100) -> Any:
    """A picture on its way to a class: whole numbers from 0 to 255, height x width x 3, as a tensor of float32.

    network: takes such a picture to its logits, and does all the scaling that it needs itself. target: an index.
    """
    import torch

    start = torch.tensor(picture, dtype=torch.float32)
    x = start
    for _ in range(steps + 1):
        shown = x.round().requires_grad_()  # 1
        network(shown).log_softmax(-1)[target].backward()  # 2
        x = x + 0.25 * shown.grad.sign()  # 3
        x = x.clamp(start - epsilon, start + epsilon).clamp(0, 255)  # 4
    return shown.detach()
