"""polars reads a folder that `apivideo pull --out statistics` has filled, as it is. Run it from the folder above it."""

import polars

sessions = polars.scan_parquet("statistics/sessions", hive_partitioning=True)

# `date` comes from the names of the folders, and is a date; NULL where the day of a session is not known.
by_day = sessions.group_by("date").agg(polars.len()).sort("date").collect().rows()

version = polars.__version__
print(*by_day, sep="\n")
