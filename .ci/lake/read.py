"""Reads a mirror with DuckDB and with Spark, by the SQL of docs/sql, and compares with what the command itself lists.

    read.py SQL_FOLDER FOLDER SESSIONS

FOLDER has the mirror as `statistics`. SESSIONS are the lines of `apivideo sessions --with-events`. Exit status: 0 they
agree, 1 they don't, or it could not be tried.
"""

import json
import os
import re
import sys
from collections import Counter, defaultdict
from datetime import datetime


def statements(path):
    """The statements of a file, each with the comment above it as its name."""
    with open(path) as file:
        text = file.read()
    named = []
    for statement in text.split(";"):
        lines = statement.strip().splitlines()
        comments = [line[2:].strip() for line in lines if line.startswith("--")]
        code = "\n".join(line for line in lines if not line.startswith("--")).strip()
        if code:
            named.append((comments[-1] if comments else "", code))
    return named


def plain(value):
    """A value as both engines have it."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if value is None or isinstance(value, (int, float, str)) else str(value)


def of_duckdb(path):
    import duckdb

    connection = duckdb.connect()
    results = {}
    for name, code in statements(path):
        found = connection.execute(code)
        if code.upper().startswith("SELECT"):
            results[name] = [tuple(plain(value) for value in row) for row in found.fetchall()]
    return results, f"DuckDB {duckdb.__version__}"


# Worker processes of their own, each with cores and megabytes.
WORKERS = "local-cluster[2,1,1024]"


def of_spark(path):
    import pyspark
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master(WORKERS)
        .appName("apivideo")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.warehouse.dir", os.path.abspath("warehouse"))
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    results = {}
    for name, code in statements(path):
        found = session.sql(code)
        if code.upper().startswith("SELECT"):
            results[name] = [tuple(plain(value) for value in row) for row in found.collect()]
    # The driver is one of them.
    workers = session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1
    session.stop()
    if workers < 2:
        sys.exit(f"Spark ran on {workers} workers, and 2 were asked for")
    return results, f"Spark {pyspark.__version__} on {workers} workers"


def instant(text):
    return datetime.fromisoformat(re.sub(r"Z$", "+00:00", text))


def of_command(path):
    """The same answers from what the command lists."""
    sessions, events, seconds = 0, 0, 0
    by_day, kinds, kind_seconds = Counter(), Counter(), defaultdict(int)
    countries, plays, assets, hats = Counter(), Counter(), defaultdict(lambda: [0, 0]), Counter()
    has_position = set()
    with open(path) as file:
        for line in file:
            item = json.loads(line)
            session = item["session"]
            sessions += 1
            loaded, ended = instant(session["loadedAt"]), instant(session["endedAt"])
            day = loaded.strftime("%Y-%m-%d")
            by_day[day] += 1
            country = item.get("location", {}).get("country")
            countries[country] += 1
            kind, asset = asset_of(item)
            assets[kind, asset][0] += 1
            assets[kind, asset][1] += int((ended - loaded).total_seconds())
            pairs = {pair["key"]: pair.get("value") for pair in session.get("metadata", [])}
            hats[pairs.get("hats")] += 1
            for event in item["events"]:
                events += 1
                kinds[day, event["type"]] += 1
                plays[country] += event["type"] == "play"
                if "at" in event:
                    has_position.add((day, event["type"]))
                    seconds += event["at"]
                    kind_seconds[day, event["type"]] += event["at"]
    order = lambda pair: (pair[0] is not None, pair[0] or "")
    return {
        "Totals": [(sessions, events, seconds)],
        "Sessions by day": sorted(by_day.items()),
        "Events by kind and day": [
            (*key, count, kind_seconds[key] if key in has_position else None) for key, count in sorted(kinds.items())
        ],
        "Sessions and plays by country": [
            (country, count, plays[country]) for country, count in sorted(countries.items(), key=order)
        ],
        "Seconds from the loading of the player to its last report, by video and live stream": [
            (*key, *found) for key, found in sorted(assets.items())
        ],
        "A key of the metadata": sorted(hats.items(), key=order),
    }


def asset_of(item):
    for kind, name in (("video", "videoId"), ("live-stream", "liveStreamId")):
        if name in item:
            return kind, item[name]
    sys.exit(f"whose session is it? {sorted(item)}")


def main():
    sql, folder, listed = (os.path.abspath(path) for path in sys.argv[1:])
    os.chdir(folder)
    truth = of_command(listed)
    is_good = True
    for read, file in ((of_duckdb, "duckdb.sql"), (of_spark, "spark.sql")):
        results, engine = read(os.path.join(sql, file))
        for name in truth.keys() | results.keys():
            if results.get(name) != truth.get(name):
                is_good = False
                print(f"{engine}: {name}: it says\n  {results.get(name)}\nand the command\n  {truth.get(name)}")
        print(f"{engine}: {len(results)} answers, {sum(map(len, results.values()))} rows compared")
    sessions, events, seconds = truth["Totals"][0]
    print(f"{sessions} sessions, {events} events, {seconds} seconds of positions; {'the same everywhere' if is_good else 'NOT the same'}")
    sys.exit(0 if is_good else 1)


main()
