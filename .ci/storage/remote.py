"""Checks of a lake in an object store: each compares its bytes with those of the same pull into a folder."""

import shutil
import time

from lake import LOCK, PERIOD, Remote, check, check_equal

# The longest time until a pull has locked the lake, in seconds.
LOCKED = 60


def pull(command, store, folder, reference):
    """A pull, `verify`, a second pull that changes nothing, and questions."""
    lake = Remote(store, "lake", folder / "staging")
    command.pull(lake)
    counts, expected = command.verify(lake), command.verify(reference)
    for name in ("sessions", "events", "files", "bytes"):
        check(counts[name] == expected[name], f"verify: {name} {counts[name]} instead of {expected[name]}")
    check_equal(lake.files(), reference.files(), "after a pull")
    report, _ = command.pull(lake)
    check(report["daysWritten"] == 0, f"a second pull wrote {report['daysWritten']} days")
    check_equal(lake.files(), reference.files(), "after a second pull")
    for question in ("audience", "concurrency"):
        arguments = [question, "--period", PERIOD, "--all-videos", "--all-live-streams", "--output", "json", "--from"]
        result, expected = (command.output(place, *arguments, place.place) for place in (lake, reference))
        check(len(expected) > 1000, f"{question} has no result: {expected}")
        check(result == expected, f"{question} differs from that of the folder")


def other_machine(command, store, folder, reference):
    """Pulls that are interrupted and resumed without the local files of unfinished work."""
    lake = Remote(store, "moved", folder / "staging-0")
    requests, interruptions = 10, 0
    while True:
        process = command.start(lake, "--max-requests", str(requests))
        output, errors = process.communicate()
        if process.returncode == 0:
            break
        interruptions += 1
        check(interruptions < 50, f"not complete after {interruptions} interruptions: {errors}")
        shutil.rmtree(lake.staging, ignore_errors=True)
        lake.staging = folder / f"staging-{interruptions}"
        requests *= 2
    check(interruptions >= 3, f"interrupted only {interruptions} times: {output}")
    command.verify(lake)
    check_equal(lake.files(), reference.files(), "after pulls from several machines")


def start_locked(command, lake):
    """Starts a pull, and waits until it has locked the lake."""
    process = command.start(lake)
    start = time.monotonic()
    while not lake.is_locked():
        check(process.poll() is None, "the pull ended before it had locked the lake")
        check(time.monotonic() - start < LOCKED, f"not locked after {LOCKED} s")
        time.sleep(0.01)
    return process


def check_refused(command, lake, staging):
    """Checks that another pull is refused, and that its message names the holder and the option."""
    other = Remote(lake.store, lake.prefix, staging)
    process = command.start(other)
    output, errors = process.communicate()
    check(process.returncode != 0, f"a second writer was not refused: {output}")
    for part in ("in use by", "--break-lock"):
        check(part in errors, f"the message of a locked lake does not contain {part!r}: {errors}")
    return other


def locked(command, store, folder, reference):
    """Two pulls at once, of which one is refused; and a pull after one that was killed."""
    lake = Remote(store, "shared", folder / "staging-a")
    first = start_locked(command, lake)
    check_refused(command, lake, folder / "staging-b")
    output, errors = first.communicate()
    check(first.returncode == 0, f"the first writer failed: {errors}{output}")
    check(not lake.is_locked(), "the lock is left after a pull")
    check_equal(lake.files(), reference.files(), "after a second writer was refused")

    lake = Remote(store, "broken", folder / "staging-c")
    killed = start_locked(command, lake)
    killed.kill()
    killed.communicate()
    check(lake.is_locked(), "the lock of a killed pull is gone")
    other = check_refused(command, lake, folder / "staging-d")
    command.pull(other, "--break-lock")
    check(LOCK not in other.names(), "the lock is left after --break-lock")
    command.verify(other)
    check_equal(other.files(), reference.files(), "after --break-lock")


CHECKS = {"pull, verify, questions": pull, "other machines": other_machine, "locks": locked}
