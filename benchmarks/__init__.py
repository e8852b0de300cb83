"""How long things take: `python -m benchmarks.race`, `.steps` and `.page`. docs/benchmarks.md has the results."""
