"""Ten nights of a lake: python3 nights.py WORK APIVIDEO DOCUMENT [--update]"""

import difflib
import pathlib
import re
import shutil
import signal
import sys
import time
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

from lake import PROGRESS, PULL, WORLD, Failed, Night, check, contents, fault_script, free_port, until

EVENTS = "/analytics/sessions/*/events"
VIDEO = "vi4k0jvEUuaTdRAEjQ4Prklg"
# A session of the simulator, loaded on 2022-01-02 after the first night.
SESSION = "psriUJEYLtEiAfZy1tSmKrRG"
# The metadata of a person who is forgotten, and the name of another one.
PERSON = ("metadata.userName", "Ravi")
OTHER_PERSON = "Zoë"


def first(night):
    with night.service() as service:
        night.pull(service.url)


def faults(night):
    invalid = {"path": f"/analytics/sessions/{SESSION}/events", "replace": {"/data/1": 7}}
    rules = [
        {"path": "/videos", "times": 1, "status": 429, "headers": {"Retry-After": "1"}},
        {"path": f"/analytics/videos/{VIDEO}", "times": 2, "status": 503},
        {"path": f"/analytics/videos/{VIDEO}", "times": 1, "cut_at": 40},
        {"path": "/live-streams", "times": 1, "reset": "before_head"},
        invalid,
    ]
    with night.service(*rules) as service:
        night.pull(service.url, code=6)
    night.note("The service returns the event as it should, and the operator does not wait for the next night:")
    with night.service() as service:
        night.pull(service.url)


def outage(night):
    night.unstable |= {"retries", "attempts", "requests"}
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    night.pull(url, code=5)
    night.note("With `--retry-for`, the pull waits until the service is back:")
    waiting = night.start_pull(url, "--retry-for", "30m")
    until(lambda: "resuming the pull" in night.log_of(waiting), "the pull has not waited for the service")
    with night.service(port=port):
        night.finish(waiting, f"{PULL} --retry-for 30m", 0)


def kill(night):
    night.unstable |= PROGRESS
    # The events of the tenth session do not arrive.
    with night.service({"path": EVENTS, "from": 10, "latency_ms": 60_000}) as service:
        process = night.start_pull(service.url)
        staging = night.lake / "_staging"
        until(lambda: list(staging.glob("*")), "the pull has not staged anything")
        time.sleep(1)
        process.kill()
        night.finish(process, PULL, -signal.SIGKILL)
    with night.service() as service:
        night.pull(service.url)


def full_disk(night):
    night.unstable |= PROGRESS
    filler = night.disk / "other.log"
    free = shutil.disk_usage(night.disk).free
    filler.write_bytes(bytes(free - 40_000))
    with night.service() as service:
        night.pull(service.url, code=1)
    night.run("verify", "lake", code=1)
    filler.unlink()
    night.note("The operator frees space and runs the same command again:")
    with night.service() as service:
        night.pull(service.url)


def clock_ahead(night):
    # It also has the days that the clock of this machine has reached.
    night.differing.add("_manifest/lake.json")
    service_time = datetime.now(timezone.utc) - timedelta(days=1)
    rule = {"headers": {"Date": format_datetime(service_time, usegmt=True)}}
    ahead = f"{datetime.fromisoformat(night.date).date() + timedelta(days=1)}T03:15:00Z"
    # The simulator in the process of the command: its time replaces the clock of this machine.
    with fault_script([rule]) as faults:
        simulated = ["--simulate", "--now", night.now, *WORLD, "--faults", faults.name]
        process = night.start_pull(None, *simulated, as_of=ahead)
        summary = night.finish(process, PULL, 0)
    expected = str(datetime.fromisoformat(night.date).date() - timedelta(days=4))
    check(summary["completeUntil"] == expected, f"complete until {summary['completeUntil']}, not {expected}")


def deleted_file(night):
    (night.lake / "sessions/date=2021-12-27/sessions.parquet").unlink()
    night.run("verify", "lake", code=1)
    with night.service() as service:
        night.pull(service.url)


def two_at_once(night):
    with night.service({"latency_ms": 150}) as slow, night.service() as service:
        running = night.start_pull(slow.url)
        lock = night.lake / "_lock"
        until(lambda: lock.read_text().strip() == f"process {running.pid}", "the first pull has not locked the lake")
        night.note("A first pull is running when the timetable starts a second one:")
        night.pull(service.url, code=7)
        night.note("A third one waits until the first has finished:")
        waiting = night.start_pull(service.url, "--wait", "10m")
        time.sleep(0.5)
        check(running.poll() is None, "the first pull has finished too early")
        check(waiting.poll() is None, "the third pull has not waited")
        night.finish(running, PULL, 0)
        night.finish(waiting, f"{PULL} --wait 10m", 0)


def forget(night):
    night.compares_manifests = False
    night.run("lake", "forget", "lake", "--where", f"{PERSON[0]}={PERSON[1]}", "--dry-run")
    counted = night.run("lake", "forget", "lake", "--where", f"{PERSON[0]}={PERSON[1]}")
    check(counted["sessions"] > 10, f"{counted['sessions']} sessions were removed")
    night.note("Later pulls receive sessions of this person, and do not store them:")
    with night.service() as service:
        summary = night.pull(service.url)
    check(summary["forgotten"] > 0, "the pull has not received a session of the forgotten person")


def convert(night):
    night.compares_manifests = False
    night.run("lake", "convert", "lake", "--format", "ndjson")
    with night.service() as service:
        night.pull(service.url)
    # The rows are text now: the name is nowhere, and that of another person is.
    found = {name: 0 for name in (PERSON[1], OTHER_PERSON)}
    for data in contents(night.lake, ()).values():
        for name in found:
            found[name] += data.count(name.encode())
    check(found[PERSON[1]] == 0, f"{PERSON[1]} was forgotten, and is in the lake {found[PERSON[1]]} times")
    check(found[OTHER_PERSON] > 10, f"{OTHER_PERSON} is in the lake {found[OTHER_PERSON]} times only")


NIGHTS = [
    (first, "The first night"),
    (faults, "Errors of the service"),
    (outage, "An outage"),
    (kill, "A power failure"),
    (full_disk, "A full disk"),
    (clock_ahead, "A clock that is ahead"),
    (deleted_file, "A deleted file"),
    (two_at_once, "Two pulls at once"),
    (forget, "A request for erasure"),
    (convert, "Another format"),
]


def status(night):
    """Returns what `apivideo lake status` prints after the last night."""
    process = night.start(["lake", "status", "lake", "--output", "table"])
    stdout, _ = process.communicate()
    check(process.returncode == 0, f"lake status failed: {night.log_of(process)}")
    lines = []
    for line in stdout.splitlines():
        # The times of the test, durations, and sizes, which depend on the encoding of files.
        line = re.sub(r"20(?:2[3-9]|[3-9]\d)-\d\d-\d\dT[\d:.]+Z", "…".ljust(20), line)
        line = re.sub(r" *\b\d+(?:\.\d+)? (?:ms|s|min|[kM]?B)\b", lambda size: "…".rjust(len(size[0])), line)
        lines.append(line.rstrip())
    # The pulls before depend on the instant of a failure.
    last = next(number for number, line in enumerate(lines) if line.startswith("Last pulls"))
    lines = [*lines[: last + 7], "…"]
    return "```text\n$ apivideo lake status lake\n" + "\n".join(lines) + "\n```\n"


def simulate(work, binary):
    """Runs the nights. Returns their transcripts by the names of their functions, and the table of all."""
    disk = work / "disk"
    transcripts = {}
    rows = ["| night | what happens | exit codes | in the morning | sessions | complete until |", "|---|---|---|---|---:|---|"]
    date = datetime(2022, 1, 2).date()
    for number, (function, title) in enumerate(NIGHTS, 1):
        started = time.monotonic()
        night = Night(binary, disk, number, str(date), title)
        try:
            function(night)
            morning = night.check_morning()
            forgotten = "=".join(PERSON) if function in (forget, convert) else None
            fresh = night.fresh(forgotten, "ndjson" if function is convert else None)
            count = night.compare(fresh)
        except Failed as failure:
            raise Failed(f"night {number} ({title}): {failure}") from failure
        codes = ", ".join(map(str, night.codes))
        rows.append(
            f"| {number}: {date} | {title} | {codes} | valid, the same bytes in {count} files | {morning['sessions']} "
            f"| {morning['completeUntil']} |"
        )
        transcripts[function.__name__] = "\n".join(night.transcript)
        print(f"night {number}: {title}: whole ({time.monotonic() - started:.1f} s)", flush=True)
        date += timedelta(days=1)
    transcripts["status"] = status(night)
    transcripts["table"] = "\n".join(rows) + "\n"
    return transcripts


def main(work, binary, document, update):
    transcripts = simulate(pathlib.Path(work), binary)
    path = pathlib.Path(document)
    before = path.read_text(encoding="utf-8")
    used = set()

    def replace(match):
        used.add(match[1])
        return f"<!-- {match[1]} -->\n\n{transcripts[match[1]]}\n<!-- end -->"

    after = re.sub(r"<!-- (\w+) -->\n.*?<!-- end -->", replace, before, flags=re.DOTALL)
    check(used == transcripts.keys(), f"{document} lacks the markers of {transcripts.keys() - used}")
    if update:
        path.write_text(after, encoding="utf-8")
    elif before != after:
        lines = difflib.unified_diff(before.splitlines(), after.splitlines(), document, "this run", lineterm="")
        print("\n".join(lines))
        raise Failed(f"{document} is not up to date: run .ci/nights/run --update, and review the changes")
    print(f"{len(NIGHTS)} passed, 0 failed")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:4], update="--update" in sys.argv[4:])
    except Failed as failure:
        print(f"nights: {failure}", file=sys.stderr)
        sys.exit(1)
