"""A query with polars over the lake of `apivideo pull --out statistics`. Run it in the folder that contains `statistics`."""

import polars

sessions = polars.scan_parquet("statistics/sessions", hive_partitioning=True)

# `date` comes from the names of the folders. It is NULL if the day of a session is not known.
by_day = sessions.group_by("date").agg(polars.len()).sort("date").collect().rows()

version = polars.__version__
print(*by_day, sep="\n")
