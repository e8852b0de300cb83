"""Lesson 6, You can't fool a dog. Or can you? The dog is a tennis ball."""

from tricknet.evidence import Tables

table = Tables("dogs")
