"""Reads a mirror with DuckDB and with Spark, by the SQL of docs/sql, and compares with what the command itself lists.

    read.py REPOSITORY FOLDER SESSIONS

The statements of the README are run, too. FOLDER has the mirror as `statistics`. SESSIONS are the lines of `apivideo sessions --with-events`. Exit status: 0 they
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
    named, name, code = [], "", ""
    with open(path) as file:
        for line in file.read().splitlines():
            if line.startswith("--"):
                name = line[2:].strip()
                continue
            code += line + "\n"
            if line.endswith(";"):
                named.append((name, code.strip().rstrip(";")))
                code = ""
    if code.strip():
        sys.exit(f"{path}: the last statement has no end")
    return named


def of_readme(path, engine):
    """The README's statement for an engine."""
    with open(path) as file:
        blocks = re.findall(r"```sql\n(.*?)```", file.read(), re.DOTALL)
    found = [match for block in blocks for match in re.findall(rf"-- {engine}\n(.*?);", block, re.DOTALL)]
    if len(found) != 1:
        sys.exit(f"the README has {len(found)} statements for {engine}, and should have one")
    return (README, found[0])


README = "the README's: events by kind and day"


def plain(value):
    """A value as both engines have it."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if value is None or isinstance(value, (int, float, str)) else str(value)


def of_duckdb(repository):
    import duckdb

    connection = duckdb.connect()
    results = {}
    for name, code in statements(f"{repository}/docs/sql/duckdb.sql") + [of_readme(f"{repository}/README.md", "DuckDB")]:
        found = connection.execute(code)
        if code.upper().startswith("SELECT"):
            results[name] = [tuple(plain(value) for value in row) for row in found.fetchall()]
    return results, f"DuckDB {duckdb.__version__}"


# Worker processes of their own, each with cores and megabytes.
WORKERS = "local-cluster[2,1,1024]"


def of_spark(repository):
    import pyspark
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master(WORKERS)
        .appName("apivideo")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.warehouse.dir", os.path.abspath("warehouse"))
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    results = {}
    for name, code in statements(f"{repository}/docs/sql/spark.sql") + [of_readme(f"{repository}/README.md", "Spark")]:
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
        README: [(*key, count) for key, count in sorted(kinds.items())],
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
    repository, folder, listed = (os.path.abspath(path) for path in sys.argv[1:])
    os.chdir(folder)
    truth = of_command(listed)
    is_good = True
    for read in (of_duckdb, of_spark):
        results, engine = read(repository)
        for name in truth.keys() | results.keys():
            if results.get(name) != truth.get(name):
                is_good = False
                print(f"{engine}: {name}: it says\n  {results.get(name)}\nand the command\n  {truth.get(name)}")
        print(f"{engine}: {len(results)} answers, {sum(map(len, results.values()))} rows compared")
    sessions, events, seconds = truth["Totals"][0]
    print(f"{sessions} sessions, {events} events, {seconds} seconds of positions; {'the same everywhere' if is_good else 'NOT the same'}")
    sys.exit(0 if is_good else 1)


main()
