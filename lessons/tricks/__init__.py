"""Lesson 3, Tricks: four equal cats are a tiger cat, a lynx, a mongoose and a jigsaw puzzle."""
