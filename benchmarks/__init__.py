"""Measurements that are too long for the tests: `python -m benchmarks.lessons.attacks`, and so on."""
