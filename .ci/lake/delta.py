"""Reads the versions of a lake with Delta logs, and compares the rows with those of the files that the manifests named then.

    delta.py FOLDER PULLS

FOLDER contains `delta`, a lake, and `manifest-N`, its manifests after each of the pulls. A pull wrote a version of each table that
it changed. deltalake, DuckDB and polars must read the rows of every version, and those after a checkpoint without the versions
before it. The files of the last pull are those of the Iceberg tables in the catalog `lakes` of pyiceberg.

Exit status: 0 if all rows are equal, 1 if not.
"""

import glob
import json
import os
import shutil
import sys
from datetime import date

import deltalake
import duckdb
import duckdb_extension_delta
import polars
from deltalake import DeltaTable
from pyiceberg.catalog import load_catalog

TABLES = ("sessions", "events", "played", "playbacks", "seeks", "lengths")

NULL = "__HIVE_DEFAULT_PARTITION__"


def connect():
    """Returns a connection to DuckDB with the extension of the Python package. It downloads none."""
    folder = os.path.dirname(duckdb_extension_delta.__file__)
    connection = duckdb.connect()
    connection.execute("SET autoinstall_known_extensions = false; SET TimeZone = 'UTC'")
    connection.execute(f"LOAD '{folder}/extensions/v{duckdb.__version__}/delta.duckdb_extension'")
    return connection


def files_after(pull):
    """Returns the names of the files after a pull, by table."""
    files = {name: [] for name in TABLES}
    for path in sorted(glob.glob(f"manifest-{pull}/days/*.json") + glob.glob(f"manifest-{pull}/derived/*.json")):
        with open(path) as file:
            manifest = json.load(file)
        entries = manifest.get("files", {})
        if path.endswith("/lengths.json"):
            entries = {"lengths": manifest["file"]}
        for table, entry in entries.items():
            files[table].append(entry["path"])
    return files


def versions(pulls):
    """Returns the files of each version, by table: there is a version for each pull that changed the files."""
    found = {name: [] for name in TABLES}
    for pull in range(pulls):
        for table, files in files_after(pull).items():
            known = found[table]
            if files and (not known or known[-1] != files):
                known.append(files)
    return found


def rows_of(path):
    """Returns the rows of a file, with the date of its folder."""
    frame = polars.read_parquet(f"delta/{path}", hive_partitioning=False)
    table, *folder, name = path.split("/")
    if not folder:
        return frame
    day = folder[0].removeprefix("date=")
    day = None if day == NULL else date.fromisoformat(day)
    return frame.with_columns(date=polars.lit(day, polars.Date))


def in_order(frame):
    """Returns the names of the columns, and the rows, sorted."""
    frame = frame.select(sorted(frame.columns))
    return frame.columns, sorted(map(str, frame.rows()))


def difference(found, wanted):
    """Describes the first difference of two results; None if they are equal."""
    if found[0] != wanted[0]:
        return f"expected the columns {wanted[0]}, got {found[0]}"
    if len(found[1]) != len(wanted[1]):
        return f"expected {len(wanted[1])} rows, got {len(found[1])}"
    rows = [pair for pair in zip(found[1], wanted[1]) if pair[0] != pair[1]]
    return f"expected the row\n  {rows[0][1]}\ngot\n  {rows[0][0]}" if rows else None


def without_versions(lake, table):
    """Copies a table without the versions before its last checkpoint; returns its folder and the version of the checkpoint."""
    copy = f"{lake}-checkpoint/{table}"
    shutil.copytree(f"{lake}/{table}", copy)
    with open(f"{copy}/_delta_log/_last_checkpoint") as file:
        checkpoint = json.load(file)["version"]
    for version in range(checkpoint):
        os.remove(f"{copy}/_delta_log/{version:020}.json")
    return copy, checkpoint


def with_iceberg(table):
    """Returns the rows of an Iceberg table, which have no date."""
    return polars.from_arrow(load_catalog("lakes").load_table(f"statistics.{table}").scan().to_arrow())


def main():
    os.chdir(sys.argv[1])
    connection = connect()

    def with_duckdb(folder, version):
        return connection.sql(f"SELECT * FROM delta_scan('{folder}', version => {version})").pl()

    readers = {
        f"deltalake {deltalake.__version__}": lambda folder, version: polars.from_arrow(
            DeltaTable(folder, version=version).to_pyarrow_table()
        ),
        f"DuckDB {duckdb.__version__}": with_duckdb,
        f"polars {polars.__version__}": lambda folder, version: polars.read_delta(folder, version=version),
    }
    problems = []
    output = [["table", "versions", "rows of all versions", *readers]]

    def compare(name, folder, numbers, of_version):
        wanted = {number: in_order(polars.concat(map(rows_of, of_version[number]))) for number in numbers}
        cells = []
        for title, read in readers.items():
            before = len(problems)
            for number in numbers:
                try:
                    problem = difference(in_order(read(folder, number)), wanted[number])
                except Exception as error:
                    problem = f"{type(error).__name__}: {str(error)[:2000]}"
                if problem is not None:
                    problems.append(f"{title}: {folder} version {number}: {problem}")
            cells.append("equal" if len(problems) == before else "DIFFERS")
        rows = sum(len(rows) for _, rows in wanted.values())
        output.append([name, f"{numbers[0]} to {numbers[-1]}", f"{rows:,}", *cells])

    of_tables = versions(int(sys.argv[2]))
    for table, of_version in of_tables.items():
        compare(table, f"delta/{table}", range(len(of_version)), of_version)
        last = DeltaTable(f"delta/{table}").version()
        if last != len(of_version) - 1:
            problems.append(f"{table}: expected {len(of_version)} versions, and the last is {last}")
        if table == "sessions":
            folder, checkpoint = without_versions("delta", table)
            numbers = range(checkpoint, len(of_version))
            compare(f"{table} by its checkpoint", folder, numbers, of_version)
    for table, of_version in of_tables.items():
        wanted = polars.concat(map(rows_of, of_version[-1])).drop("date", strict=False)
        problem = difference(in_order(with_iceberg(table)), in_order(wanted))
        if problem is not None:
            problems.append(f"Iceberg: {table}: {problem}")
    widths = [max(map(len, column)) for column in zip(*output)]
    for row in output:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    for problem in problems:
        print(problem)
    print("all versions and Iceberg tables agree with the manifests" if not problems else "versions DIFFER")
    sys.exit(1 if problems else 0)


main()
