"""Lesson 1, Meet GoogLeNet: one of two equal pandas is a vulture."""
