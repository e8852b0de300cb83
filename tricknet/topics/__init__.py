"""The idea of one lesson in each file."""
