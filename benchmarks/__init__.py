"""Measurements that are too long for the tests: `python -m benchmarks.attacks`, and so on."""
