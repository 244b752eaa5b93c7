"""A query with pyarrow over the lake of `apivideo pull --out statistics`. Run it in the folder that contains `statistics`."""

import pyarrow
from pyarrow import dataset

# `date` comes from the names of the folders. pyarrow reads it as a string unless its type is given. It is NULL if the day of
# a session is not known.
partitions = dataset.partitioning(pyarrow.schema([("date", pyarrow.date32())]), flavor="hive")
sessions = dataset.dataset("statistics/sessions", format="parquet", partitioning=partitions)

table = sessions.to_table(columns=["date"]).group_by("date").aggregate([([], "count_all")]).sort_by("date")
by_day = list(zip(*(table[name].to_pylist() for name in ("date", "count_all"))))

version = pyarrow.__version__
print(*by_day, sep="\n")
