"""Lesson 6, You can't fool a dog. Or can you? The dog is a tennis ball."""

from tricknet.counting import Tables

table = Tables("dogs")
