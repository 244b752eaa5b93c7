"""The service, the command and the transcript of a night."""

import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

WORLD = ["--sessions", "600", "--videos", "6", "--live-streams", "2"]
SINCE = "2021-12-25"
PULL = f"apivideo pull --out lake --since {SINCE}"
# What a run needs at most, on a busy machine.
PATIENCE = 120

# Members of summaries that depend on the speed of the machine, or on the encoding of files.
UNSTABLE = {"ended", "durationSeconds", "waitedSeconds", "waits", "bytes", "bytesWritten"}


# Members that depend on the instant of a failure.
PROGRESS = {
    "requests",
    "sessions",
    "sessionsWithEvents",
    "sessionsAnnounced",
    "daysWritten",
    "daysUnchanged",
    "daysDerived",
    "rowsWritten",
    "files",
    "events",
    "derived",
}


class Failed(Exception):
    """A night did not end as expected."""


def check(condition, message):
    if not condition:
        raise Failed(message)


def until(condition, what):
    """Waits until a condition is true."""
    end = time.monotonic() + PATIENCE
    while not condition():
        check(time.monotonic() < end, f"{what}: waited for {PATIENCE} s")
        time.sleep(0.02)


def fault_script(rules):
    """Returns a temporary file with a fault script."""
    file = tempfile.NamedTemporaryFile("w", suffix=".json")
    json.dump({"rules": list(rules)}, file)
    file.flush()
    return file


class Service:
    """A simulator that runs at the time of a night, with a fault script."""

    def __init__(self, binary, now, rules=(), port=0):
        self.faults = fault_script(rules)
        command = [binary, "simulate", "--quiet", "--port", str(port), "--now", now, *WORLD, "--faults", self.faults.name]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.url = self.process.stdout.readline().strip()
        check(self.url.startswith("http://127.0.0.1:"), "the simulator has not started")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        self.faults.close()


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Night:
    """A night: its commands, and what they print."""

    def __init__(self, binary, disk, number, date, title):
        self.binary, self.disk, self.number, self.title = binary, disk, number, title
        self.date = date
        self.now = f"{date}T03:15:00Z"
        self.lake = disk / "lake"
        self.transcript = []
        self.codes = []
        # Files that differ from those of an undisturbed pull until the next night.
        self.differing = set()
        # Whether the manifests are compared as well: they count which sessions were forgotten before or after they were read.
        self.compares_manifests = True
        # Members of summaries that depend on the instant of a failure, and are left out.
        self.unstable = set()

    def service(self, *rules, port=0):
        return Service(self.binary, self.now, rules, port)

    def start(self, arguments, url=None):
        """Starts the command in the folder of the disk."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.disk.parent),
        }
        if url:
            environment |= {"APIVIDEO_API_KEY": "any", "APIVIDEO_BASE_URL": url}
        log = tempfile.TemporaryFile()
        process = subprocess.Popen(
            [self.binary, *arguments],
            cwd=self.disk,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        process.log = log
        return process

    @staticmethod
    def log_of(process):
        """Returns what a command has logged so far."""
        return os.pread(process.log.fileno(), 1 << 20, 0).decode()

    def start_pull(self, url, *options, as_of=None):
        """Starts the pull of the timetable. The time of the night replaces the time of this machine."""
        return self.start(["pull", "--out", "lake", "--since", SINCE, "--as-of", as_of or self.now, *options], url)

    def finish(self, process, shown, code, is_shown=True):
        """Waits for a command, adds it to the transcript, and checks its exit code. Returns its summary."""
        stdout, _ = process.communicate(timeout=PATIENCE)
        stderr = self.log_of(process)
        process.log.close()
        if code == -signal.SIGKILL:
            check(process.returncode == code, f"{shown}: exit code {process.returncode}")
            self.record(shown, stderr, "killed", None)
            return None
        summary = json.loads(stdout) if stdout else None
        check(
            process.returncode == code,
            f"`{shown}` exited with {process.returncode}, not {code}:\n{stdout}{stderr}",
        )
        if is_shown:
            self.codes.append(code)
            self.record(shown, stderr, f"exit code {code}", summary)
        return summary

    def pull(self, url, *options, code=0, as_of=None):
        shown = " ".join([PULL, *options])
        return self.finish(self.start_pull(url, *options, as_of=as_of), shown, code)

    def run(self, *arguments, code=0, is_shown=True):
        return self.finish(self.start(arguments), " ".join(["apivideo", *arguments]), code, is_shown)

    def check_morning(self):
        """Checks the lake, and what its status reports. Returns the result of `verify`."""
        verified = self.run("verify", "lake", is_shown=False)
        check(verified["valid"] is True, "verify reports a lake that is not valid")
        status = self.run("lake", "status", "lake", is_shown=False)
        check(status["completeUntil"] == verified["completeUntil"], "verify and status have another last day")
        check(status["unfinished"] == [] and status["invalid"] == 0, "status reports an unfinished pull or invalid records")
        check(status["runs"][-1]["outcome"] == "complete", "the last pull was not complete")
        return verified

    def record(self, shown, stderr, end, summary):
        lines = [f"$ {shown}"]
        lines += [line for line in map(self.stable, stderr.splitlines()) if line is not None]
        lines.append(f"[{end}]")
        self.transcript.append("```text\n" + "\n".join(lines) + "\n```\n")
        if summary is not None:
            self.transcript.append("```json\n" + self.stable_summary(summary) + "\n```\n")

    def note(self, text):
        """Adds a sentence to the transcript."""
        self.transcript.append(text + "\n")

    def stable(self, line):
        """Replaces what differs between runs in a line of the log; leaves out lines of progress."""
        if re.search(r"\bprogress: ", line):
            return None
        line = re.sub(r"\b20(?:2[3-9]|[3-9]\d)-\d\d-\d\dT[\d:.]+Z", self.now, line)
        line = re.sub(r"http://127\.0\.0\.1:\d+", "https://SERVICE", line)
        line = re.sub(r" --(?:as-of|base-url|staging) \S+", "", line)
        line = line.replace(f"{self.disk}/", "").replace(self.binary, "apivideo")
        line = re.sub(r"lake/_staging/[^ :]+", "lake/_staging/…", line)
        line = re.sub(r"\bprocess \d+", "process 4711", line)
        line = re.sub(r"\b\d+(?:\.\d+)? s\b", "… s", line)
        if "requests" in self.unstable:
            line = re.sub(r"\b\d+ requests?\b", "… requests", line)
        if "sessions" in self.unstable:
            line = re.sub(r"\b\d+ sessions?\b", "… sessions", line)
        if "attempts" in self.unstable:
            line = re.sub(r"\b\d+ attempts?\b", "… attempts", line)
        return line

    def stable_summary(self, summary):
        """Formats a summary without the members that are 0, empty or false, and those that depend on the instant of a failure."""
        kept = {}
        for name, value in summary.items():
            if value in (0, None, False, [], {}, ""):
                continue
            if name in self.unstable:
                continue
            if name in UNSTABLE:
                value = "…"
            elif isinstance(value, str):
                value = self.stable(value)
            elif isinstance(value, list):
                value = [self.stable(item) if isinstance(item, str) else item for item in value]
            kept[name] = value
        return json.dumps(kept, indent=2, ensure_ascii=False)

    def fresh(self, forgotten=None, file_format=None):
        """Pulls into a new folder of another disk, without failures. Returns its path."""
        folder = self.disk.parent / "fresh"
        shutil.rmtree(folder, ignore_errors=True)
        with self.service() as service:
            pull = ["pull", "--out", str(folder), "--since", SINCE, "--as-of", self.now, "--quiet"]
            if file_format:
                pull += ["--format", file_format]
            self.finish(self.start(pull, service.url), "the undisturbed pull", 0, is_shown=False)
        if forgotten:
            self.run("lake", "forget", str(folder), "--where", forgotten, is_shown=False)
        return folder

    def compare(self, folder):
        """Checks that the lake has the same files with the same bytes as another one."""
        lake, fresh = contents(self.lake), contents(folder)
        if not self.compares_manifests:
            lake, fresh = ({name: data for name, data in files.items() if name[0] != "_"} for files in (lake, fresh))
        for name in self.differing:
            check(lake.pop(name, None) != fresh.pop(name, None), f"{name} is the same as that of an undisturbed pull")
        differing = sorted(name for name in lake.keys() | fresh.keys() if lake.get(name) != fresh.get(name))
        check(not differing, f"these files differ from those of an undisturbed pull: {', '.join(differing)}")
        return len(lake)


# The lock, the record of runs, which contains times, and hashes of forgotten values under a random salt.
NOT_COMPARED = {"_lock", "_manifest/runs.json", "_manifest/forgotten.json"}


def contents(folder, without=NOT_COMPARED):
    """Returns the bytes of the files of a lake by their names."""
    files = (path for path in pathlib.Path(folder).rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in files}
    return {name: path.read_bytes() for name, path in named.items() if name not in without}
