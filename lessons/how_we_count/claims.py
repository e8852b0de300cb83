"""The tables below the claims of "catch the cheat", from those of lessons 6, 8 and 11."""

from tricknet.counting import Rate, Tables, rate

type Lines = dict[str, dict[str, Rate]]  # of a table: {line: {column: rate}}


def letters() -> Lines:
    """How many photographs become a vulture in ten steps of 1: with a "u" in their names, and without."""
    rows = [row for row in Tables("dogs")("same_targets") if (row["target"], row["way"]) == ("vulture", "as it is")]
    table: Lines = {"these 40 photographs": {}, "30 others": {}}
    for which, line in zip(("evidence", "held out"), table.values(), strict=True):
        for column, has in (("with a u", True), ("without", False)):
            hits = [row["p"] > 0.5 for row in rows if row["set"] == which and ("u" in row["picture"]) == has]
            line[column] = rate(sum(hits), len(hits))
    return table


def moves() -> Lines:
    """How many tricks hit EfficientNet-Lite0 when they have moved by two and by six pixels."""
    rows = [row for row in Tables("one_pixel")("moves") if row["network"] == "EfficientNet-Lite0"]
    tricks, photographs = ([row for row in rows if row["how"] == how] for how in ("plain", "photograph"))
    table: Lines = {"tricks that hit": {}, "that hit only there": {}, "untouched, names kept": {}}
    for by, other in ("26", "62"):
        hits = [row[by] == "target" for row in tricks]
        only = [hit and row[other] != "target" for hit, row in zip(hits, tricks, strict=True)]
        for line, cases in zip(table.values(), (hits, only, [row[by] == "first" for row in photographs]), strict=True):
            line[f"moved by {by}"] = rate(sum(cases), len(cases))
    return table


def strangers() -> Lines:
    """What GoogLeNet says to the tricks of two other networks."""
    rows = [row for row in Tables("other_networks")("transfer") if row["goal"] == "towards"]
    names = {"target": "the target", "other": "another wrong name", "right": "the right name"}
    return {
        kind: {names[one]: rate(sum(row[f"GoogLeNet, {kind}"] == one for row in rows), len(rows)) for one in names}
        for kind in ("trick", "upside down")
    }


TABLES = {"A": letters, "B": moves, "C": strangers}


def show(claim: str) -> None:
    """Print the table below a claim."""
    table = TABLES[claim]()
    lines = [
        [name, *(f"{one.k} of {one.n} ({one.interval})" for one in cells.values())] for name, cells in table.items()
    ]
    for line in [[claim, *next(iter(table.values()))], *lines]:
        print("".join(f"{cell:24}" for cell in line).rstrip())
