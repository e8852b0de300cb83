"""Attacks: pictures on their way to another answer, and what they are made of. A file for each."""
