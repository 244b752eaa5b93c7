#!/usr/bin/env python3
"""Loads a lake in Parquet into PostgreSQL: python3 load.py LAKE CONNECTION

LAKE is a folder, or a URL that DuckDB reads, such as s3://bucket/prefix. CONNECTION is a connection string, such as
postgresql://loader@db.example/statistics; see docs/operate/postgres.md.

The tables of the lake are tables of the schema `lake`. A day is loaded if the digests of its files have changed since it
was loaded, and replaced as a whole: its rows are deleted and copied in one transaction. A run that was stopped is
therefore resumed by the next one, and a run without changes writes nothing.
"""

import json
import os
import sys
import tempfile

import duckdb
import psycopg
from psycopg import sql

SCHEMA = "lake"
# The manifest of sessions whose day is not known; their `date` is NULL.
UNKNOWN = "unknown"
TYPES = {
    "VARCHAR": "text",
    "BIGINT": "bigint",
    "DOUBLE": "double precision",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
}


def lake_days(reader, lake):
    """Returns the files of each day of a lake, by table, from its manifests. The table of lengths is the day `lengths`."""
    days = {}
    pattern = f"{lake}/_manifest/**/*.json"
    for name, text in reader.execute("SELECT filename, content FROM read_text(?)", [pattern]).fetchall():
        name = name.replace("\\", "/").rsplit("/_manifest/", 1)[1]
        kind, _, file = name.rpartition("/")
        if kind not in ("days", "derived"):
            continue
        manifest = json.loads(text)
        files = manifest.get("files") or {}
        if file == "lengths.json":
            files = {"lengths": manifest["file"]} if manifest.get("file") else {}
        days.setdefault(file.removesuffix(".json"), {}).update(files)
    return {day: files for day, files in days.items() if files}


def columns(reader, path):
    """Returns the names and types of the columns of a file."""
    query = "DESCRIBE SELECT * FROM read_parquet(?, hive_partitioning = false)"
    return [(name, kind) for name, kind, *_ in reader.execute(query, [path]).fetchall()]


def create_table(database, reader, table, path):
    """Creates the table of a file, unless it exists."""
    name = sql.Identifier(SCHEMA, table)
    definitions = [sql.SQL("{} " + TYPES[kind]).format(sql.Identifier(column)) for column, kind in columns(reader, path)]
    if table != "lengths":
        definitions.append(sql.SQL("date date"))
    definitions = sql.SQL(", ").join(definitions)
    database.execute(sql.SQL("CREATE TABLE IF NOT EXISTS {} ({})").format(name, definitions))
    if table != "lengths":
        index = sql.Identifier(f"{table}_date")
        database.execute(sql.SQL("CREATE INDEX IF NOT EXISTS {} ON {} (date)").format(index, name))


def copy_file(database, reader, table, path, day):
    """Copies the rows of a file into its table."""
    described = columns(reader, path)
    # PostgreSQL does not store the character NUL.
    values = [
        f"replace(\"{name}\", chr(0), '\ufffd') AS \"{name}\"" if kind == "VARCHAR" else f'"{name}"'
        for name, kind in described
    ]
    names = [name for name, _ in described]
    if table != "lengths":
        values.append("NULL AS date" if day == UNKNOWN else f"DATE '{day}' AS date")
        names.append("date")
    into = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
        sql.Identifier(SCHEMA, table), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "rows.csv")
        query = f"SELECT {', '.join(values)} FROM read_parquet($path, hive_partitioning = false)"
        reader.execute(f"COPY ({query}) TO '{file}' (FORMAT csv, HEADER false)", {"path": path})
        with open(file, "rb") as rows, database.cursor() as cursor, cursor.copy(into) as copy:
            while block := rows.read(1 << 20):
                copy.write(block)


def delete_day(database, table, day):
    name = sql.Identifier(SCHEMA, table)
    if table == "lengths":
        database.execute(sql.SQL("DELETE FROM {}").format(name))
    else:
        date = None if day == UNKNOWN else day
        database.execute(sql.SQL("DELETE FROM {} WHERE date IS NOT DISTINCT FROM %s::date").format(name), [date])


def tables(database):
    """Returns the tables of the lake that exist in the database."""
    query = "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename <> 'loaded_days'"
    return [table for (table,) in database.execute(query, [SCHEMA]).fetchall()]


def load_day(database, reader, lake, day, files):
    """Replaces the rows of a day in one transaction."""
    with database.transaction():
        # One loader at a time.
        database.execute("SELECT pg_advisory_xact_lock(hashtext('apivideo lake'))")
        for table in files:
            create_table(database, reader, table, f"{lake}/{files[table]['path']}")
        for table in tables(database):
            if (table == "lengths") == (day == "lengths"):
                delete_day(database, table, day)
        for table, file in files.items():
            copy_file(database, reader, table, f"{lake}/{file['path']}", day)
        database.execute(
            "INSERT INTO lake.loaded_days (day, digests) VALUES (%s, %s) ON CONFLICT (day) DO UPDATE SET digests = excluded.digests",
            [day, digests(files)],
        )


def digests(files):
    return json.dumps({table: file["sha256"] for table, file in sorted(files.items())})


def main(lake, connection):
    lake = lake.rstrip("/")
    reader = duckdb.connect()
    reader.execute("SET TimeZone = 'UTC'")
    with psycopg.connect(connection, autocommit=True) as database:
        database.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(SCHEMA)))
        database.execute("CREATE TABLE IF NOT EXISTS lake.loaded_days (day text PRIMARY KEY, digests text NOT NULL)")
        loaded = dict(database.execute("SELECT day, digests FROM lake.loaded_days").fetchall())
        days = lake_days(reader, lake)
        changed = [day for day in sorted(days) if loaded.get(day) != digests(days[day])]
        for day in changed:
            load_day(database, reader, lake, day, days[day])
        removed = sorted(loaded.keys() - days.keys())
        for day in removed:
            with database.transaction():
                for table in tables(database):
                    if (table == "lengths") == (day == "lengths"):
                        delete_day(database, table, day)
                database.execute("DELETE FROM lake.loaded_days WHERE day = %s", [day])
        if changed or removed:
            # Queries are planned by the sizes of the tables.
            for table in tables(database):
                database.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(SCHEMA, table)))
        print(json.dumps({"days": len(days), "loaded": len(changed), "removed": len(removed)}))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: load.py LAKE CONNECTION")
    main(*sys.argv[1:])
