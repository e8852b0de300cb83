"""Independent implementations of what tricknet computes: the judges of its tests, the rivals of its benchmarks."""
