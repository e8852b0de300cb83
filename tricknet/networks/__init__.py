"""The networks: one file here and one folder in `models/` for each, and what they have in common."""
