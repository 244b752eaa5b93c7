"""Starts object stores, checks lakes in them, and prints a table of the results.

    main.py --target DIR --suite EXECUTABLE --sessions N --kills LOCAL,REMOTE STORE...

DIR is the target folder of cargo with the command and the installed packages; EXECUTABLE is the unit tests of apivideo-lake.

Exit status: 0 if all checks pass, 1 if not.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from pathlib import Path

import remote
from kill import Kills
from lake import PERIOD, Command, Failed, Folder, Remote, check
from stores import S3, STORES

TESTS = "storage::tests"
READERS = {"duckdb": "storage/venv-duckdb", "polars": "lake/venv", "pyarrow": "lake/venv", "datafusion": "lake/venv"}
TABLES = ("sessions", "events")


class Results:
    """The table of what was checked."""

    def __init__(self):
        self.rows = []

    def run(self, where, what, function, *arguments):
        """Runs a check; its result is the text in the table."""
        start = time.monotonic()
        try:
            result, passed = function(*arguments) or "ok", True
        except Failed as error:
            result, passed = f"failed: {error}", False
        except Exception:
            traceback.print_exc()
            result, passed = "failed", False
        self.rows.append((where, what, result, f"{time.monotonic() - start:.1f}", passed))
        print(f"{where}: {what}: {result} ({self.rows[-1][3]} s)", flush=True)

    def print(self):
        lines = [("store", "check", "result", "seconds")]
        # The messages of failures are above.
        lines += [(where, what, result.split("\n")[0][:80], seconds) for where, what, result, seconds, _ in self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(3)]
        print()
        for line in lines:
            print("  ".join([*(cell.ljust(width) for cell, width in zip(line, widths)), line[3]]))
        failed = sum(not row[4] for row in self.rows)
        print(f"\n{len(self.rows) - failed} passed, {failed} failed")
        return failed == 0


def conformance(suite, test, environment):
    """Runs one test of the suite."""
    done = subprocess.run(
        [suite, "--exact", f"{TESTS}::{test}", "--include-ignored"], env=environment, capture_output=True, text=True
    )
    check(done.returncode == 0, f"{done.stdout[-3000:]}{done.stderr[-1000:]}")
    # A name that does not exist is not an error of the test harness.
    check("test result: ok. 1 passed;" in done.stdout, f"the test {test} was not run: {done.stdout}")


def readers(reader, target, store, folder, expected):
    """Counts rows and days of the lake with a reader."""
    lake = Remote(store, "lake", folder)
    python = Path(target) / READERS[reader] / "bin/python"
    program = Path(__file__).with_name("readers.py")
    done = subprocess.run(
        [python, program, reader, lake.place, *TABLES], env=lake.environment, capture_output=True, text=True
    )
    check(done.returncode == 0, done.stderr[-2000:])
    found = json.loads(done.stdout)
    for table in TABLES:
        check(found[table] == expected[table], f"{table}: {found[table]} rows and days instead of {expected[table]}")
    sessions, events = (found[table][0] for table in TABLES)
    return f"ok: {sessions:,} sessions, {events:,} events ({found['version']})"


def rows_and_days(reference):
    """Returns the numbers of rows and days of each table, from the manifests."""
    days = [json.loads(path.read_bytes()) for path in sorted(reference.path.glob("_manifest/days/*.json"))]
    entries = {table: [day["files"][table] for day in days if table in day["files"]] for table in TABLES}
    return {table: [sum(file["rows"] for file in files), len(files)] for table, files in entries.items()}


def kills(command, reference, wanted, run):
    made = Kills(command, reference, wanted)
    run(made)
    check(made.kills == wanted, f"{made.kills} kills instead of {wanted}")
    remote = f", {made.locked} left a lock, {made.moved} continued elsewhere" if made.locked else ""
    return f"ok: {made.kills} kills, {made.lakes} lakes of equal bytes{remote}"


def main():
    # The stores are stopped as at the end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parser = argparse.ArgumentParser()
    for option in ("target", "suite", "sessions", "kills"):
        parser.add_argument(f"--{option}", required=True)
    parser.add_argument("stores", nargs="+", choices=STORES)
    options = parser.parse_args()
    local_kills, remote_kills = (int(number) for number in options.kills.split(","))
    run = Path(options.target) / "storage/run"
    command = Command(f"{options.target}/debug/apivideo", options.sessions)

    results = Results()
    results.run("local", "conformance", conformance, options.suite, "a_local_folder_conforms", None)
    results.run("memory", "conformance", conformance, options.suite, "a_store_in_memory_conforms", None)
    reference = Folder(run / "reference")
    command.pull(reference)
    command.verify(reference)
    expected = rows_and_days(reference)
    results.run("local", "kill -9", kills, command, reference, local_kills, lambda made: made.local(run / "killed"))
    for index, name in enumerate(options.stores):
        with STORES[name](options.target, run / "stores") as store:
            environment = store.environment() | {"STORAGE_URL": store.url("suite")}
            results.run(name, "conformance", conformance, options.suite, "an_object_store_conforms", environment)
            for what, function in remote.CHECKS.items():
                folder = run / name / function.__name__
                results.run(name, what, function, command, store, folder, reference)
            if isinstance(store, S3):
                for reader in READERS:
                    results.run(name, reader, readers, reader, options.target, store, run / name, expected)
            if index == 0:
                killed = run / name / "killed"
                results.run(name, "kill -9", kills, command, reference, remote_kills, lambda made: made.remote(store, killed))
    return 0 if results.print() else 1


if __name__ == "__main__":
    sys.exit(main())
