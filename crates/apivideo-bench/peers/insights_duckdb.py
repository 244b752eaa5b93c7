"""The queries of docs/sql over a lake with DuckDB. Usage: insights_duckdb.py LAKE REPOSITORY

Prints one line of JSON with totals, so that the benchmark can compare the results of all programs."""

import json
import os
import pathlib
import re
import sys

import duckdb

lake, root = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
connection = duckdb.connect()
connection.execute("SET threads = 2")
os.chdir(lake.parent)
views = (root / "docs/sql/duckdb.sql").read_text().replace("'statistics/", f"'{lake.name}/")
connection.execute(views)

queries = (root / "docs/sql/measures.sql").read_text()
for query in re.split(r"^-- measure: .*$", queries, flags=re.MULTILINE)[1:]:
    connection.execute(query).fetchall()

sessions, plays = connection.execute("SELECT count(*), sum(is_play) FROM playbacks").fetchone()
watch = connection.execute("SELECT sum(to_us - from_us) / 1e6 FROM played").fetchone()[0]
peak = connection.execute("""
    SELECT max(viewers) FROM (SELECT sum(change) OVER (ORDER BY at_us) AS viewers FROM (
        SELECT at_us, sum(change) AS change FROM (
            SELECT started_us AS at_us, 1 AS change FROM played WHERE started_us < ended_us
            UNION ALL SELECT ended_us, -1 FROM played WHERE started_us < ended_us) GROUP BY at_us))
""").fetchone()[0]
print(json.dumps({"sessions": sessions, "plays": int(plays), "watch_seconds": round(float(watch), 3), "peak": int(peak)}))
