"""Pulls of the command into folders and object stores."""

import hashlib
import json
import subprocess
import time
from pathlib import Path

# The last days of the simulated account; three are mutable.
PERIOD = "2022-01-07/2022-01-16"
# The local lock file and the object of a lock.
LOCK = "_lock"
# The record of runs, which has times.
RUNS = "_manifest/runs.json"


class Failed(Exception):
    """A check that failed."""


def check(condition, message):
    if not condition:
        raise Failed(message)


class Folder:
    """A lake in a local folder."""

    def __init__(self, path):
        self.path = Path(path)
        self.place = str(path)
        self.environment = None

    def files(self):
        """Returns the digest of each file that depends on the data only, by its name."""
        files = {str(path.relative_to(self.path)): path for path in self.path.rglob("*") if path.is_file()}
        return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items() if name not in (LOCK, RUNS)}

    def manifest(self, name):
        path = self.path / name
        return json.loads(path.read_bytes()) if path.exists() else None

    def staging_options(self):
        return []


class Remote:
    """A lake in an object store, with a local folder of unfinished work."""

    def __init__(self, store, prefix, staging):
        self.store = store
        self.prefix = prefix
        self.staging = Path(staging)
        self.place = store.url(prefix)
        self.environment = store.environment()

    def names(self):
        return [name.removeprefix(f"{self.prefix}/") for name in self.store.names(self.prefix)]

    def files(self):
        """Returns the digest of each object that depends on the data only, by its name. A lock is not expected."""
        read = lambda name: self.store.read(f"{self.prefix}/{name}")
        return {name: hashlib.sha256(read(name)).hexdigest() for name in self.names() if name != RUNS}

    def is_locked(self):
        return LOCK in self.names()

    def staging_options(self):
        return ["--staging", str(self.staging)]


class Command:
    """The command, with a simulated account of the same sessions each time."""

    def __init__(self, path, sessions):
        self.path = path
        self.simulated = ["--simulate", "--sessions", str(sessions)]

    def start(self, lake, *options):
        """Starts a pull."""
        arguments = [self.path, "pull", "--out", lake.place, *lake.staging_options(), "--period", PERIOD, *self.simulated]
        return subprocess.Popen(
            [*arguments, "--quiet", "--output", "ndjson", *options],
            env=lake.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def pull(self, lake, *options):
        """Pulls to the end, and returns the report and the seconds."""
        start = time.monotonic()
        process = self.start(lake, *options)
        output, errors = process.communicate()
        check(process.returncode == 0, f"pull into {lake.place} ended with status {process.returncode}: {errors}{output}")
        return json.loads(output), time.monotonic() - start

    def run(self, lake, *arguments):
        """Runs another command; returns its status, output and messages."""
        done = subprocess.run(
            [self.path, *arguments], env=lake.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        return done.returncode, done.stdout, done.stderr

    def output(self, lake, *arguments):
        status, output, errors = self.run(lake, *arguments)
        check(status == 0, f"apivideo {' '.join(arguments)} ended with status {status}: {errors}")
        return output

    def verify(self, lake):
        """Checks the lake, and returns the counts of its rows and files."""
        found = json.loads(self.output(lake, "verify", lake.place, "--output", "ndjson"))
        check(found["valid"] and not found["problems"], f"verify {lake.place}: {found['problems']}")
        return found


def check_equal(found, expected, what):
    """Checks that two lakes have the same files."""
    missing = sorted(expected.keys() - found.keys())
    added = sorted(found.keys() - expected.keys())
    different = sorted(name for name in expected.keys() & found.keys() if expected[name] != found[name])
    check(
        not (missing or added or different),
        f"{what}: {len(missing)} files are missing, {len(added)} are unexpected, {len(different)} differ:"
        f" {(missing + added + different)[:5]}",
    )
