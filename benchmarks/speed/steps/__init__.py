"""How a step got fast, as six short programs in C++: docs/how-it-got-fast.md tells the story."""
