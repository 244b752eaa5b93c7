"""Compares the results of query engines with those of the library, and prints a table.

    compare.py REPOSITORY FOLDER ENGINE...

FOLDER contains `results-ENGINE.json` of measures.py, `report.json` of the example `lake_audience` of apivideo-lake, and
`listed.ndjson`, the lines of `apivideo sessions --with-events` of the same account.

Integers, strings and the numbers of rows must be equal. Other numbers may differ by less than 0.000001 (1 µs), because the last
digits of a quotient depend on the order of operations. Minutes of the time of day may differ by 0.001: the library rounds each part
of an interval down to 1 µs.

Exit status: 0 if all results are equal, 1 if not.
"""

import json
import os
import sys

from listed import Listed
from report import Report

TOLERANCE = {"time_of_day": 1e-3}

# The name and the column of a measure of each query.
SUMMARY = {
    "totals": ("events", 1),
    "sessions_by_day": ("sessions", 1),
    "events_by_day": ("events", 2),
    "play_events_by_country": ("play events", 2),
    "sessions_by_metadata": ("sessions", 1),
    "plays": ("plays", 5),
    "unique_viewers": ("viewers", 2),
    "watch_time": ("seconds", 2),
    "completion": ("ended", 2),
    "average_viewed": ("sum of percents", 4),
    "retention": ("views", 3),
    "exits": ("exits", 3),
    "drops": ("sum of points", 5),
    "seeks": ("seeks", 2),
    "seek_positions": ("sources", 3),
    "concurrency": ("peak", 2),
    "concurrency_by_minute": ("peak", 2),
    "presence": ("peak", 2),
    "by_country": ("seconds", 5),
    "cohorts": ("active viewers", 2),
    "time_of_day": ("minutes", 2),
    "time_to_play": ("sessions", 2),
    "quality": ("sessions", 2),
}


def is_equal(a, b, tolerance):
    """Returns whether two values are equal."""
    if isinstance(a, float) or isinstance(b, float):
        numbers = (int, float)
        if not (isinstance(a, numbers) and isinstance(b, numbers)):
            return False
        return abs(a - b) < tolerance
    return a == b and isinstance(a, bool) == isinstance(b, bool)


def difference(found, expected, tolerance):
    """Describes the first difference of two results; None if they are equal."""
    if len(found) != len(expected):
        return f"expected {len(expected)} rows, got {len(found)}"
    for row, wanted in zip(found, expected):
        if len(row) != len(wanted) or not all(is_equal(a, b, tolerance) for a, b in zip(row, wanted)):
            return f"expected {wanted}, got {row}"
    return None


def summary(name, rows):
    """Returns the measure by which readers recognize a result: its sum, or its value for the whole lake."""
    label, index = SUMMARY[name]
    whole = [row for row in rows if row[0] == "all"]
    total = sum(row[index] or 0 for row in whole or rows)
    return f"{label} {total:,.3f}".rstrip("0").rstrip(".") if isinstance(total, float) else f"{label} {total:,}"


def main():
    os.chdir(sys.argv[2])
    engines = []
    for name in sys.argv[3:]:
        with open(f"results-{name}.json") as file:
            engines.append(json.load(file))
    listed = Listed("listed.ndjson")
    with open("report.json") as file:
        report = Report(json.load(file), listed.kinds)
    queries = list(dict.fromkeys(name for engine in engines for name in engine["results"]))
    problems = []
    table = [["query", "rows", "measure", *(engine["engine"] for engine in engines)]]
    for name in queries:
        expected = listed.rows(name) if hasattr(listed, name) else report.rows(name)
        cells = []
        for engine in engines:
            result = engine["results"].get(name)
            if result is None:
                cells.append("-")
                continue
            problem = result.get("error") or difference(result["rows"], expected, TOLERANCE.get(name, 1e-6))
            cells.append("equal" if problem is None else "DIFFERS")
            if problem is not None:
                problems.append(f"{engine['engine']}: {name}: {problem}")
        table.append([name, str(len(expected)), summary(name, expected), *cells])
    widths = [max(map(len, column)) for column in zip(*table)]
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    for problem in problems:
        print(problem)
    print(f"{len(queries)} queries, {len(engines)} engines: {'all results agree with the library' if not problems else 'results DIFFER'}")
    sys.exit(1 if problems else 0)


main()
