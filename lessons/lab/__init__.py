"""Lesson 7, The lab: your own picture."""
