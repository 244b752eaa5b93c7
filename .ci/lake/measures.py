"""Runs the queries of docs/sql with query engines.

    measures.py REPOSITORY FOLDER ENGINE...

FOLDER contains `statistics`, a lake in Parquet. For each engine, FOLDER/results-ENGINE.json is written: the name and version of
the engine, the rows of each query, and the seconds that it took. A query that fails has an error instead of rows.
"""

import json
import os
import sys
import time
from datetime import date
from decimal import Decimal

from engines import ENGINES, statements


def plain(value):
    """Returns a value of a result as JSON has it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value


def run(engine, queries):
    """Returns the results of the queries by name."""
    results = {}
    for name, code in queries:
        if name is None:
            engine.execute(code)
            continue
        start = time.monotonic()
        try:
            rows = [[plain(value) for value in row] for row in engine.query(code)]
            results[name] = {"rows": rows, "seconds": time.monotonic() - start}
        except Exception as error:
            results[name] = {"error": f"{type(error).__name__}: {str(error)[:1000]}"}
    return results


def main():
    repository, folder = (os.path.abspath(path) for path in sys.argv[1:3])
    os.chdir(folder)
    for name in sys.argv[3:]:
        engine = ENGINES[name]()
        queries = []
        for file in (engine.views, "sessions.sql", "measures.sql"):
            queries += statements(f"{repository}/docs/sql/{file}")
        results = run(engine, queries)
        with open(f"results-{name}.json", "w") as file:
            json.dump({"engine": engine.name, "results": results}, file)
        engine.close()
        seconds = sum(result.get("seconds", 0) for result in results.values())
        print(f"{engine.name}: {len(results)} queries in {seconds:.1f} s")


main()
