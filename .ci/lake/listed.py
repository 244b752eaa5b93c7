"""What the command lists, in the rows of docs/sql/sessions.sql."""

import json
import re
from collections import Counter
from datetime import datetime


def day_of(text):
    return datetime.fromisoformat(re.sub(r"Z$", "+00:00", text)).strftime("%Y-%m-%d")


def asset_of(item):
    for kind, name in (("video", "videoId"), ("live-stream", "liveStreamId")):
        if name in item:
            return kind, item[name]
    raise ValueError(f"a session has no asset: {sorted(item)}")


def none_first(pair):
    return (pair[0] is not None, pair[0] or "")


class Listed:
    """The output of `apivideo sessions --with-events --output ndjson`."""

    def __init__(self, path):
        self.sessions, self.events = 0, 0
        self.days, self.event_days, self.countries, self.play_events, self.hats = (Counter() for _ in range(5))
        self.kinds = {}
        with open(path) as file:
            for line in file:
                self.add(json.loads(line))

    def add(self, item):
        session = item["session"]
        day = day_of(session["loadedAt"])
        country = item.get("location", {}).get("country")
        kind, asset = asset_of(item)
        self.kinds[asset] = kind
        self.sessions += 1
        self.days[day] += 1
        self.countries[country] += 1
        pairs = {pair["key"]: pair.get("value") for pair in session.get("metadata", [])}
        self.hats[pairs.get("hats")] += 1
        for event in item["events"]:
            self.events += 1
            self.event_days[day, event["type"]] += 1
            self.play_events[country] += event["type"] == "play"

    def rows(self, name):
        """Returns the rows of a query."""
        return [list(row) for row in getattr(self, name)()]

    def totals(self):
        return [(self.sessions, self.events)]

    def sessions_by_day(self):
        return sorted(self.days.items())

    def events_by_day(self):
        return [(*key, count) for key, count in sorted(self.event_days.items())]

    def play_events_by_country(self):
        countries = sorted(self.countries.items(), key=none_first)
        return [(country, count, self.play_events[country]) for country, count in countries]

    def sessions_by_metadata(self):
        return sorted(self.hats.items(), key=none_first)
