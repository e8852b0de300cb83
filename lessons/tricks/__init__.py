"""Lesson 3, Tricks: four cats that look the same are a tiger cat, a lynx, a mongoose and a jigsaw puzzle."""
