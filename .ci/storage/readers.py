"""Counts the rows of a lake in S3 with a query engine, and prints them as JSON by table.

    readers.py READER URL TABLE...

READER is duckdb, polars, pyarrow or datafusion. The store is that of the environment variables AWS_….
"""

import json
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

ENDPOINT = os.environ["AWS_ENDPOINT"]
KEY, SECRET = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
REGION = os.environ["AWS_REGION"]


def duckdb(url, tables):
    import duckdb
    import duckdb_extension_httpfs

    # The file of the package instead of a download.
    package = Path(duckdb_extension_httpfs.__file__).parent
    connection = duckdb.connect()
    connection.load_extension(str(package / f"extensions/v{duckdb.__version__}/httpfs.duckdb_extension"))
    connection.execute(
        f"CREATE SECRET (TYPE s3, KEY_ID '{KEY}', SECRET '{SECRET}', REGION '{REGION}',"
        f" ENDPOINT '{urlsplit(ENDPOINT).netloc}', URL_STYLE path, USE_SSL false)"
    )
    for table in tables:
        query = f"SELECT count(*), count(DISTINCT date) FROM read_parquet('{url}/{table}/*/*.parquet', hive_partitioning = true)"
        yield table, connection.execute(query).fetchone()
    yield "version", duckdb.__version__


def polars(url, tables):
    import polars

    for table in tables:
        rows = polars.scan_parquet(f"{url}/{table}/**/*.parquet", hive_partitioning=True)
        count = rows.select(polars.len(), polars.col("date").n_unique()).collect()
        yield table, count.row(0)
    yield "version", polars.__version__


def pyarrow(url, tables):
    import pyarrow
    import pyarrow.dataset
    import pyarrow.fs

    store = pyarrow.fs.S3FileSystem(
        endpoint_override=urlsplit(ENDPOINT).netloc, scheme="http", access_key=KEY, secret_key=SECRET, region=REGION
    )
    for table in tables:
        path = f"{url.removeprefix('s3://')}/{table}"
        rows = pyarrow.dataset.dataset(path, filesystem=store, format="parquet", partitioning="hive")
        days = rows.to_table(columns=["date"])["date"].unique()
        yield table, (rows.count_rows(), len(days))
    yield "version", pyarrow.__version__


def datafusion(url, tables):
    import datafusion
    from datafusion.object_store import AmazonS3

    context = datafusion.SessionContext()
    store = AmazonS3(
        bucket_name=urlsplit(url).netloc,
        endpoint=ENDPOINT,
        access_key_id=KEY,
        secret_access_key=SECRET,
        region=REGION,
        allow_http=True,
    )
    context.register_object_store("s3://", store, None)
    for table in tables:
        context.sql(
            f"CREATE EXTERNAL TABLE {table} STORED AS PARQUET PARTITIONED BY (date) LOCATION '{url}/{table}/'"
        ).collect()
        rows = context.sql(f"SELECT count(*) AS n, count(DISTINCT date) AS days FROM {table}").to_arrow_table()
        yield table, (rows["n"][0].as_py(), rows["days"][0].as_py())
    yield "version", datafusion.__version__


READERS = {"duckdb": duckdb, "polars": polars, "pyarrow": pyarrow, "datafusion": datafusion}

if __name__ == "__main__":
    reader, url, *tables = sys.argv[1:]
    # The name of a function is the name of the module that it imports.
    print(json.dumps(dict(READERS[reader](url, tables))))
