"""How long things take, and how our attacks do against those of others: `python -m benchmarks.race`, and so on.

docs/benchmarks.md has the results.
"""
