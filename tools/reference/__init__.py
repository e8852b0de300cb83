"""Independent implementations of what tricknet computes: the judges of its tests, and rivals in evidence/race."""
