"""Lesson 5, Why it works on a network: a panda drowned in noise is still a panda; one that looks clean isn't."""

from tricknet.counting import Row, Tables

table = Tables("why_it_works")


def shares(row: Row) -> Row:
    """What is left of a row's bend: 1 if the gap ends as measured, 0 if it ends as where no switch can flip."""
    straight, names = row["both_frozen"], ("relus_frozen", "pools_frozen")
    return {name: (row[name] - straight) / (row["gap_measured"] - straight) for name in names}
