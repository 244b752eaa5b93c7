"""pyarrow reads a folder that `apivideo pull --out statistics` has filled, as it is. Run it from the folder above it."""

import pyarrow
from pyarrow import dataset

# `date` comes from the names of the folders. pyarrow has to be given its type, and reads it as text otherwise; it is NULL
# where the day of a session is not known.
partitions = dataset.partitioning(pyarrow.schema([("date", pyarrow.date32())]), flavor="hive")
sessions = dataset.dataset("statistics/sessions", format="parquet", partitioning=partitions)

table = sessions.to_table(columns=["date"]).group_by("date").aggregate([([], "count_all")]).sort_by("date")
by_day = list(zip(*(table[name].to_pylist() for name in ("date", "count_all"))))

version = pyarrow.__version__
print(*by_day, sep="\n")
