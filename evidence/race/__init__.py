"""How long a step takes, and the lab in a browser: `scripts/bench.sh`. docs/benchmarks.md has the results."""
