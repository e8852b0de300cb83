"""What a sentence says that would be the same in another language."""

import re


def numbers(words: str) -> list[float]:
    """All that is in digits, in the sentence's order."""
    return [float(number) for number in re.findall(r"(?<!\w)-?\d+(?:\.\d+)?", words.replace("−", "-"))]
