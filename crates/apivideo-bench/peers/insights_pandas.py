"""Measures of all videos of a lake with pandas and pyarrow, as an analyst would write them. Usage: insights_pandas.py LAKE

Prints one line of JSON with totals, so that the benchmark can compare the results of all programs."""

import json
import sys

import numpy as np
import pandas as pd
import pyarrow.dataset as ds

lake = sys.argv[1]
KEY = ["asset_kind", "asset_id"]


def table(name, columns):
    files = ds.dataset(f"{lake}/{name}", format="parquet")
    return files.to_table(columns=KEY + columns).to_pandas()


def peak(rows):
    """The largest number of intervals at one time."""
    rows = rows[rows.ended_at > rows.started_at]
    times = np.concatenate([rows.started_at.to_numpy(), rows.ended_at.to_numpy()])
    steps = np.concatenate([np.ones(len(rows), dtype=np.int64), -np.ones(len(rows), dtype=np.int64)])
    changes = pd.Series(steps).groupby(times).sum()
    return int(changes.sort_index().cumsum().max()) if len(changes) else 0


def retention(rows, length):
    """Views at the midpoint of each bin."""
    bin_seconds = 1.0 if length <= 3600 else 60.0
    count = int(np.ceil(length / bin_seconds))

    def curve(part):
        first = np.ceil(part.from_seconds / bin_seconds - 0.5).astype(int).clip(0, count)
        last = np.ceil(part.to_seconds / bin_seconds - 0.5).astype(int).clip(0, count)
        changes = np.bincount(first, minlength=count + 1) - np.bincount(last, minlength=count + 1)
        return np.cumsum(changes)[:count]

    return curve(rows), curve(rows[~rows.is_rewatch])


played = table("played", ["started_at", "ended_at", "from_seconds", "to_seconds", "is_estimated", "is_rewatch", "upper_seconds"])
playbacks = table(
    "playbacks",
    ["viewer_key", "ready_events", "play_events", "end_events", "covered_seconds", "exit_seconds", "furthest_seconds", "time_to_play_seconds", "loaded_at", "ended_at"],
)
seeks = table("seeks", ["from_seconds", "to_seconds"])
lengths = ds.dataset(f"{lake}/lengths/lengths.parquet", format="parquet").to_table().to_pandas().set_index(KEY)["length_seconds"]

played["watch_seconds"] = played.to_seconds - played.from_seconds
played["covered_seconds"] = played.watch_seconds.where(~played.is_rewatch, 0.0)
played["lower_seconds"] = played.watch_seconds.where(~played.is_estimated, 0.0)
played["playing"] = played.ended_at - played.started_at
sums = played.groupby(KEY)[["watch_seconds", "covered_seconds", "lower_seconds", "upper_seconds", "playing"]].sum()

playbacks["is_play"] = (playbacks.play_events > 0) | playbacks.exit_seconds.notna()
playbacks = playbacks.join(lengths.rename("length_seconds"), on=KEY)
playbacks["reached"] = playbacks.furthest_seconds >= np.maximum(playbacks.length_seconds - 30, 0.95 * playbacks.length_seconds)
playbacks["covered"] = playbacks.covered_seconds >= 0.9 * playbacks.length_seconds
playbacks["impression"] = playbacks.ready_events > 0
playbacks["ended"] = playbacks.end_events > 0
counts = playbacks.groupby(KEY)[["impression", "is_play", "ready_events", "play_events", "ended", "reached", "covered"]].sum()
plays = playbacks[playbacks.is_play]
viewers = plays.groupby(KEY).viewer_key.nunique() + plays.viewer_key.isna().groupby([plays.asset_kind, plays.asset_id]).sum()
to_play = playbacks.groupby(KEY).time_to_play_seconds.median()

curves, peaks, presence = {}, {}, {}
for key, rows in played.groupby(KEY):
    peaks[key] = peak(rows)
    if key in lengths.index:
        curves[key] = retention(rows, lengths[key])
for key, rows in playbacks.groupby(KEY):
    presence[key] = peak(rows.rename(columns={"loaded_at": "started_at"}))
exits = plays.groupby(KEY).exit_seconds.apply(lambda values: np.bincount(values.dropna().astype(int)))

distance = seeks.to_seconds - seeks.from_seconds
seeks["skipped"] = distance.clip(lower=0)
seeks["rewound"] = (-distance).clip(lower=0)
sought = seeks.groupby(KEY)[["skipped", "rewound"]].sum()

hours = played.started_at.dt.day_of_week * 24 + played.started_at.dt.hour
grid = played.watch_seconds.groupby(hours).sum()

print(json.dumps({"sessions": len(playbacks), "plays": int(counts.is_play.sum()), "watch_seconds": round(float(sums.watch_seconds.sum()), 3), "peak": peak(played)}))
