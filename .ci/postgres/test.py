"""Tests the loader of PostgreSQL: python3 test.py REPOSITORY WORK APIVIDEO CONNECTION"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import duckdb
import psycopg

TABLES = ["sessions", "events", "played", "playbacks", "seeks", "lengths"]
# Strings that are easily misread, and days that are not known.
ODD = {
    "rules": [
        {
            "path": "/analytics/videos/*",
            "page": 1,
            "replace": {
                "/data/0/session/loadedAt": None,
                "/data/1/location/city": "",
                "/data/2/location/city": 'a, "b"\r\nc\t\u0001 ünïcødé 🎬 \\N \\.',
                "/data/3/location/city": "x\u0000y",
                "/data/4/location/city": "\\.",
                "/data/2/network": {"isp": "é\u0000", "values": [1.5, None, 1e300]},
            },
        }
    ]
}
# Results that depend on the order of floating-point operations.
TOLERANCE = 1e-6


def check(condition, message):
    if not condition:
        print(f"postgres: {message}", file=sys.stderr)
        sys.exit(1)
    print(f"ok: {message}", flush=True)


def pull(apivideo, work, *options, now="2022-01-14T00:00:00Z"):
    world = ["--simulate", "--sessions", "900", "--videos", "6", "--live-streams", "2", "--now", now]
    command = [apivideo, "pull", "--out", "statistics", "--since", "2021-12-18", "--quiet", *world, *options]
    subprocess.run(command, cwd=work, check=True, stdout=subprocess.DEVNULL)


def load(repository, work, connection, **options):
    command = [sys.executable, repository / "docs/operate/postgres/load.py", "statistics", connection]
    return subprocess.Popen(command, cwd=work, stdout=subprocess.PIPE, text=True, **options)


def loaded(process):
    """Waits for a loader, and returns its result."""
    stdout, _ = process.communicate(timeout=300)
    check(process.returncode == 0, f"the loader exits with 0: {stdout.strip()}")
    return json.loads(stdout)


def lake_rows(work, table):
    """Returns the rows of a table of the lake, as PostgreSQL stores them."""
    reader = duckdb.connect()
    reader.execute("SET TimeZone = 'UTC'")
    files = f"{work}/statistics/{table}/" + ("lengths.parquet" if table == "lengths" else "*/*.parquet")
    types = "" if table == "lengths" else ", hive_partitioning = true, hive_types = {'date': DATE}"
    rows = reader.execute(f"SELECT * FROM read_parquet('{files}'{types})").fetchall()
    return sorted((tuple(plain(value) for value in row) for row in rows), key=repr)


def plain(value):
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    return value.isoformat() if hasattr(value, "isoformat") else value


def database_rows(database, table):
    rows = database.execute(f"SELECT * FROM lake.{table}").fetchall()
    return sorted((tuple(plain(value) for value in row) for row in rows), key=repr)


def compare_rows(database, work, when):
    for table in TABLES:
        expected, found = lake_rows(work, table), database_rows(database, table)
        check(expected == found and len(found) > 0, f"{when}: {table} has the {len(expected)} rows of the lake")


def versions(database):
    """Returns the transaction that wrote each row, by table."""
    return {table: database.execute(f"SELECT xmin::text, count(*) FROM lake.{table} GROUP BY 1").fetchall() for table in TABLES}


def is_equal(a, b):
    if isinstance(a, float) or isinstance(b, float):
        return isinstance(a, (int, float)) and isinstance(b, (int, float)) and abs(a - b) < TOLERANCE
    return a == b


def compare_measures(repository, work, connection):
    environment = os.environ | {"APIVIDEO_POSTGRES": connection}
    script = repository / ".ci/lake/measures.py"
    subprocess.run([sys.executable, script, repository, work, "duckdb", "postgres"], check=True, env=environment)
    expected, found = (json.loads((work / f"results-{name}.json").read_text())["results"] for name in ("duckdb", "postgres"))
    check(expected.keys() == found.keys() and len(found) > 20, f"{len(found)} queries of docs/sql run")
    for name, result in expected.items():
        rows, other = result.get("rows"), found[name].get("rows")
        if rows is None or other is None:
            check(False, f"{name}: {result.get('error')}; {found[name].get('error')}")
        same = len(rows) == len(other) and all(
            len(a) == len(b) and all(map(is_equal, a, b)) for a, b in zip(rows, other)
        )
        check(same, f"{name}: {len(rows)} rows, the same as in DuckDB")


def main():
    repository, work = (pathlib.Path(path).resolve() for path in sys.argv[1:3])
    apivideo, connection = sys.argv[3:5]
    (work / "odd.json").write_text(json.dumps(ODD))
    pull(apivideo, work, "--faults", "odd.json", now="2022-01-13T00:00:00Z")

    # A loader that is killed leaves whole days, and the next one loads the rest.
    killed = load(repository, work, connection)
    with psycopg.connect(connection, autocommit=True) as database:
        days = 0
        while days < 3 and killed.poll() is None:
            time.sleep(0.005)
            exists = database.execute("SELECT to_regclass('lake.loaded_days') IS NOT NULL").fetchone()[0]
            days = database.execute("SELECT count(*) FROM lake.loaded_days").fetchone()[0] if exists else 0
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
        check(killed.returncode == -signal.SIGKILL, f"the first loader was killed after {days} days")
        result = loaded(load(repository, work, connection))
        check(0 < result["loaded"] < result["days"], "the next loader loads the other days")
        compare_rows(database, work, "after a kill")
        unknown = database.execute("SELECT count(*) FROM lake.sessions WHERE date IS NULL").fetchone()[0]
        check(unknown > 0, f"{unknown} sessions of an unknown day have the date NULL")

        before = versions(database)
        result = loaded(load(repository, work, connection))
        check(result["loaded"] == 0 and versions(database) == before, "a load without changes writes nothing")

        pull(apivideo, work)
        result = loaded(load(repository, work, connection))
        check(0 < result["loaded"] < 10, f"after a night, {result['loaded']} of {result['days']} days are loaded")
        compare_rows(database, work, "after a night")

        database.execute("DELETE FROM lake.loaded_days WHERE day < '2021-12-23'")
        both = [load(repository, work, connection), load(repository, work, connection)]
        for process in both:
            loaded(process)
        compare_rows(database, work, "after two loaders at once")
        compare_measures(repository, work, connection)
    print("postgres: all checks passed")


main()
