"""The report of an audience, as printed by the example `lake_audience` of apivideo-lake, in the rows of docs/sql/measures.sql."""

from datetime import date, datetime, timezone

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def micros(text):
    """Returns the microseconds since the Unix epoch."""
    found = datetime.fromisoformat(text.replace("Z", "+00:00")) - EPOCH
    return (found.days * 86_400 + found.seconds) * 1_000_000 + found.microseconds


def breakdown(report, dimension):
    return next(found["rows"] for found in report["breakdowns"] if found["dimension"] == dimension)


class Report:
    """The measures of a lake. `kinds` has the kind of each asset by its identifier."""

    def __init__(self, report, kinds):
        self.report = report
        rows = [((kinds[row["value"]], row["value"]), row) for row in breakdown(report, "asset")]
        self.assets = sorted(rows, key=lambda row: row[0])
        self.with_all = [(("all", "all"), report), *self.assets]

    def rows(self, name):
        """Returns the rows of a query."""
        return [list(row) for row in getattr(self, name)()]

    def plays(self):
        names = ("impressions", "ready_events", "plays", "play_events", "end_events", "visits", "play_rate")
        for key, row in self.assets:
            yield *key, row["quality"]["sessions"], *(row[name] for name in names)

    def unique_viewers(self):
        for key, row in self.with_all:
            yield *key, *(row["unique_viewers"][name] for name in ("count", "played", "sessions_without_key"))

    def watch_time(self):
        for key, row in self.assets:
            bounds = ("watch_seconds_lower", "watch_seconds_upper", "estimated_seconds")
            if row["watch_seconds"] > 0:
                yield (
                    *key,
                    *(row[name] for name in ("watch_seconds", "playing_seconds", "covered_seconds")),
                    *(row["quality"][name] for name in bounds),
                )

    def completion(self):
        names = ("ended", "reached", "covered", "ended_rate", "reached_rate", "covered_rate")
        for key, row in self.assets:
            yield *key, *(row["completion"][name] for name in names)

    def average_viewed(self):
        for key, row in self.assets:
            if row["average_viewed_percent"] is not None:
                length = row["length"]
                percents = (row["average_viewed_percent"], row["average_covered_percent"])
                yield *key, length["source"], length["seconds"], *percents

    def retention(self):
        for key, row in self.assets:
            found = row["retention"]
            if found is not None:
                for index, counts in enumerate(zip(found["views"], found["viewers"])):
                    yield *key, index * found["bin_seconds"], *counts, found["plays"]

    def exits(self):
        for key, row in self.assets:
            for found in (row["retention"] or {}).get("exits", ()):
                yield *key, *(found[name] for name in ("from_seconds", "exits", "reached", "hazard"))

    def drops(self):
        for key, row in self.assets:
            for place, found in enumerate((row["retention"] or {}).get("drops", ()), 1):
                yield *key, place, *(found[name] for name in ("from_seconds", "to_seconds", "points"))

    def seeks(self):
        for key, row in self.assets:
            if row["seeks"]["count"] > 0:
                names = ("count", "sessions", "skipped_seconds", "rewound_seconds")
                yield *key, *(row["seeks"][name] for name in names)

    def seek_positions(self):
        for key, row in self.assets:
            counts = {}
            for index, name in enumerate(("sources", "targets")):
                for found in row["seeks"][name]:
                    counts.setdefault(found["from_seconds"], [0, 0])[index] = found["count"]
            for position, found in sorted(counts.items()):
                yield *key, position, *found

    def concurrency(self):
        return self.peaks("playing")

    def concurrency_by_minute(self):
        return self.peaks("minutes")

    def presence(self):
        return self.peaks("presence")

    def peaks(self, rule):
        for key, row in self.with_all:
            found = row["concurrency"][rule]
            if found["peak"] > 0:
                if not found["is_exact"]:
                    raise ValueError(f"the peak of {rule} of {key[1]} is not exact")
                yield *key, found["peak"], micros(found["peak_at"]), found["average"]

    def by_country(self):
        rows = []
        for row in breakdown(self.report, "country"):
            name = "unknown" if row["kind"] == "unknown" else row["value"]
            counts = (row["impressions"], row["plays"], row["unique_viewers"]["count"])
            times = (row["watch_seconds"], row["average_watch_seconds"])
            rows.append((name, row["quality"]["sessions"], *counts, *times))
        return sorted(rows, key=lambda row: row[0].encode())

    def cohorts(self):
        for cohort in self.report["cohorts"]["cohorts"]:
            monday = (date.fromisoformat(cohort["monday"]) - EPOCH.date()).days * 86_400
            for weeks, viewers in enumerate(cohort["active"]):
                if viewers > 0:
                    yield monday, weeks, viewers

    def time_of_day(self):
        for weekday, hours in enumerate(self.report["time_of_day"]["watch_minutes"]):
            for hour, minutes in enumerate(hours):
                if minutes > 0:
                    yield weekday, hour, minutes

    def time_to_play(self):
        names = ("sessions", "average_seconds", "median_seconds", "p95_seconds")
        for key, row in self.assets:
            if row["time_to_play"]["sessions"] > 0:
                yield *key, *(row["time_to_play"][name] for name in names)

    def quality(self):
        reasons = ("not_finite", "negative", "too_long", "beyond_length", "too_short")
        for key, row in self.assets:
            found = row["quality"]
            names = ("sessions", "sessions_without_events", "sessions_open", "sessions_skewed")
            yield *key, *(found[name] for name in names), *(found["dropped"][reason] for reason in reasons)
