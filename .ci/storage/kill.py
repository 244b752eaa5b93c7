"""Pulls that are killed (SIGKILL) at random instants and run again, until as many kills as wanted were made.

A pull that ends before it is killed completes its lake: the lake is verified, its bytes are compared with those of an undisturbed
pull, and the next kills hit a new lake. So kills are spread over all of a pull, including its start and its end.
"""

import json
import random
import shutil
import subprocess

from lake import LOCK, Folder, Remote, check, check_equal

SEED = 20240501
# The part of remote kills after which another machine continues, without the local files of unfinished work.
MOVED = 0.2


class Kills:
    def __init__(self, command, reference, wanted):
        self.command = command
        self.reference = reference
        self.expected = reference.files()
        # The duration of an undisturbed pull.
        self.seconds = None
        self.wanted = wanted
        self.random = random.Random(SEED)
        self.kills = self.lakes = self.moved = self.locked = 0

    def kill_or_complete(self, lake, *options):
        """Pulls; returns `False` if the pull was killed, `True` if it ended before."""
        process = self.command.start(lake, *options)
        # After the last kill the pull is completed.
        instant = self.random.uniform(0, self.seconds) if self.kills < self.wanted else None
        try:
            output, errors = process.communicate(timeout=instant)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            if process.returncode == -9:
                self.kills += 1
                return False
            output, errors = "", "ended while it was killed"
        check(process.returncode == 0, f"after {self.kills} kills, a pull ended with status {process.returncode}: {errors}{output}")
        return True

    def check_complete(self, lake):
        self.lakes += 1
        self.command.verify(lake)
        check_equal(lake.files(), self.expected, f"after {self.kills} kills")

    def local(self, folder):
        _, self.seconds = self.command.pull(Folder(folder / "undisturbed"))
        while self.kills < self.wanted:
            lake = Folder(folder / f"local-{self.lakes}")
            while not self.kill_or_complete(lake):
                self.check_undamaged(lake)
            self.check_complete(lake)
            shutil.rmtree(lake.path)

    def check_undamaged(self, lake):
        """Checks that a lake whose pull was killed is incomplete and not damaged."""
        if not lake.manifest("_manifest/lake.json"):
            return
        _, output, errors = self.command.run(lake, "verify", lake.place, "--output", "ndjson")
        check(output, f"after {self.kills} kills, verify failed: {errors}")
        problems = [problem for problem in json.loads(output)["problems"] if "is not complete" not in problem]
        check(not problems, f"after {self.kills} kills: {problems}")

    def remote(self, store, folder):
        _, self.seconds = self.command.pull(Remote(store, "undisturbed", folder / "staging"))
        while self.kills < self.wanted:
            lake = Remote(store, f"killed-{self.lakes}", folder / f"staging-{self.lakes}")
            options = []
            while not self.kill_or_complete(lake, *options):
                # A pull that was killed before it had locked the lake leaves no lock.
                is_locked = LOCK in lake.names()
                options = ["--break-lock"] if is_locked else []
                self.locked += is_locked
                if self.random.random() < MOVED:
                    shutil.rmtree(lake.staging, ignore_errors=True)
                    self.moved += 1
            check(LOCK not in lake.names(), "the lock is left after a pull")
            self.check_complete(lake)
            shutil.rmtree(lake.staging, ignore_errors=True)
