"""Lesson 3's ten lines in PyTorch, which the image doesn't have: the lesson shows them, and a test runs them."""

from typing import Any


def ten_lines(network: Any, picture: Any, target: int, *, epsilon: float = 2, steps: int = 30) -> Any:
    """A picture (0 to 255, height x width x 3) on its way to a class, by its index. network: takes one to logits."""
    import torch

    start = x = torch.tensor(picture, dtype=torch.float32)
    for _ in range(steps + 1):
        shown = x.round().requires_grad_()  # 1
        network(shown).log_softmax(-1)[target].backward()  # 2
        x = x + 0.25 * shown.grad.sign()  # 3
        x = x.clamp(start - epsilon, start + epsilon).clamp(0, 255)  # 4
    return shown.detach()
