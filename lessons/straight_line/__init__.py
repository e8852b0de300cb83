"""Lesson 4, Breaking a straight line: a panda without a face, and -21 becomes 21."""
