"""Lesson 1, Meet GoogLeNet: one of two pandas that look the same is a vulture."""
