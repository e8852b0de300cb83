"""How we count: k of n, with an interval."""
