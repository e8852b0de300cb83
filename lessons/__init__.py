"""The lessons: one package each. A lesson imports the library, and never another lesson."""
