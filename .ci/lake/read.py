"""Reads lakes with query engines and compares the results with the output of the command.

    read.py REPOSITORY FOLDER ENGINE...

ENGINE is duckdb, polars, pyarrow or spark. FOLDER contains:

- `statistics`, a lake in Parquet, and `listed.ndjson`, the lines of `apivideo sessions --with-events` of the same account.
  The SQL of docs/sql and of the README of apivideo-lake, and the Python of docs/sql, must return what the command lists.
- `odd-parquet`, `odd-ndjson` and `odd-csv`, lakes with sessions whose day is not known and with unusual values. Every
  engine must read all rows, `date` as a date, and JSON columns as strings.

Exit status: 0 if all results agree, 1 if they differ or could not be compared.
"""

import contextlib
import glob
import json
import os
import re
import runpy
import sys
from collections import Counter, defaultdict
from datetime import date, datetime


def statements(path):
    """Returns the statements of a file, each named by the comment above it."""
    named, name, code = [], "", ""
    with open(path) as file:
        for line in file.read().splitlines():
            if line.startswith("--"):
                name = line[2:].strip()
                continue
            code += line + "\n"
            if line.endswith(";"):
                named.append((name, code.strip().rstrip(";")))
                code = ""
    if code.strip():
        sys.exit(f"{path}: the last statement has no semicolon")
    return named


def of_readme(path, engine):
    """Returns the statement for an engine in a README."""
    with open(path) as file:
        blocks = re.findall(r"```sql\n(.*?)```", file.read(), re.DOTALL)
    found = [match for block in blocks for match in re.findall(rf"-- {engine}\n(.*?);", block, re.DOTALL)]
    if len(found) != 1:
        sys.exit(f"{path}: expected one statement for {engine}, got {len(found)}")
    return (README, found[0])


README = "README: events by kind and day"


def plain(value):
    """Returns a value in a form that is equal for all engines."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if value is None or isinstance(value, (int, float, str)) else str(value)


def of_duckdb(repository):
    import duckdb

    connection = duckdb.connect()
    results = {}
    for name, code in statements(f"{repository}/docs/sql/duckdb.sql") + [of_readme(f"{repository}/crates/apivideo-lake/README.md", "DuckDB")]:
        found = connection.execute(code)
        if code.upper().startswith("SELECT"):
            results[name] = [tuple(plain(value) for value in row) for row in found.fetchall()]
    return results, f"DuckDB {duckdb.__version__}"


# The number of worker processes, and the cores and megabytes of each.
WORKERS = "local-cluster[2,1,1024]"


def spark():
    """Returns the session, created on first use."""
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master(WORKERS)
        .appName("apivideo")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.warehouse.dir", os.path.abspath("warehouse"))
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    return session


def of_spark(repository):
    import pyspark

    session = spark()
    results = {}
    for name, code in statements(f"{repository}/docs/sql/spark.sql") + [of_readme(f"{repository}/crates/apivideo-lake/README.md", "Spark")]:
        found = session.sql(code)
        if code.upper().startswith("SELECT"):
            results[name] = [tuple(plain(value) for value in row) for row in found.collect()]
    # The driver is included in the count.
    workers = session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1
    if workers < 2:
        sys.exit(f"expected 2 Spark workers, got {workers}")
    return results, f"Spark {pyspark.__version__} on {workers} workers"


def instant(text):
    return datetime.fromisoformat(re.sub(r"Z$", "+00:00", text))


def of_command(path):
    """Computes the expected results from the output of the command."""
    sessions, events, seconds = 0, 0, 0
    by_day, kinds, kind_seconds = Counter(), Counter(), defaultdict(int)
    countries, plays, assets, hats = Counter(), Counter(), defaultdict(lambda: [0, 0]), Counter()
    has_position = set()
    with open(path) as file:
        for line in file:
            item = json.loads(line)
            session = item["session"]
            sessions += 1
            loaded, ended = instant(session["loadedAt"]), instant(session["endedAt"])
            day = loaded.strftime("%Y-%m-%d")
            by_day[day] += 1
            country = item.get("location", {}).get("country")
            countries[country] += 1
            kind, asset = asset_of(item)
            assets[kind, asset][0] += 1
            assets[kind, asset][1] += int((ended - loaded).total_seconds())
            pairs = {pair["key"]: pair.get("value") for pair in session.get("metadata", [])}
            hats[pairs.get("hats")] += 1
            for event in item["events"]:
                events += 1
                kinds[day, event["type"]] += 1
                plays[country] += event["type"] == "play"
                if "at" in event:
                    has_position.add((day, event["type"]))
                    seconds += event["at"]
                    kind_seconds[day, event["type"]] += event["at"]
    order = lambda pair: (pair[0] is not None, pair[0] or "")
    return {
        "Totals": [(sessions, events, seconds)],
        "Sessions by day": sorted(by_day.items()),
        "Events by kind and day": [
            (*key, count, kind_seconds[key] if key in has_position else None) for key, count in sorted(kinds.items())
        ],
        README: [(*key, count) for key, count in sorted(kinds.items())],
        "Sessions and plays by country": [
            (country, count, plays[country]) for country, count in sorted(countries.items(), key=order)
        ],
        "Seconds from the start to the end of sessions, by video and live stream": [
            (*key, *found) for key, found in sorted(assets.items())
        ],
        "Sessions by a metadata key": sorted(hats.items(), key=order),
    }


def asset_of(item):
    for kind, name in (("video", "videoId"), ("live-stream", "liveStreamId")):
        if name in item:
            return kind, item[name]
    sys.exit(f"a session has no asset: {sorted(item)}")


def of_python(repository, name):
    """Returns the results of an example of docs/sql."""
    with contextlib.redirect_stdout(None):
        found = runpy.run_path(f"{repository}/docs/sql/{name}")
    by_day = [tuple(plain(value) for value in row) for row in found["by_day"]]
    return {"Sessions by day": by_day}, f"{name.removeprefix('with_').removesuffix('.py')} {found['version']}"


NULL = "__HIVE_DEFAULT_PARTITION__"

# The columns that are compared. JSON columns are objects in NDJSON, which engines read as structures.
COLUMNS = ["session_id", "location_city", "metadata", "extra"]


def columns_of(kind):
    return COLUMNS[:2] if kind == "ndjson" else COLUMNS


def odd_expected(kind):
    """Returns the expected rows, read from the NDJSON files: the date and the columns."""
    rows = []
    for path in glob.glob("odd-ndjson/sessions/*/*.ndjson"):
        day = path.split("/")[2].removeprefix("date=")
        with open(path) as file:
            for line in file.read().split("\n")[:-1]:
                row = json.loads(line)
                values = [canonical(row[name]) for name in columns_of(kind)]
                rows.append((None if day == NULL else date.fromisoformat(day), *values))
    return in_order(rows)


def canonical(value):
    if not isinstance(value, dict):
        return value
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def in_order(rows):
    return sorted((tuple(row) for row in rows), key=lambda row: row[1])


def odd_of_duckdb(kind):
    import duckdb

    options = {
        "parquet": "",
        # A quoted empty field is the empty string, an unquoted one is NULL.
        # DuckDB cannot always detect the dialect of a small file.
        "csv": ", header = true, delim = ',', quote = '\"', escape = '\"', all_varchar = true, allow_quoted_nulls = false"
        ", strict_mode = true",
        "ndjson": ", format = 'newline_delimited'",
    }[kind]
    reader = {"parquet": "read_parquet", "csv": "read_csv", "ndjson": "read_json"}[kind]
    names = ", ".join(columns_of(kind))
    found = duckdb.sql(
        f"SELECT date, {names} FROM {reader}('odd-{kind}/sessions/*/*.{kind}', hive_partitioning = true{options})"
    )
    types = dict(zip(found.columns, map(str, found.types)))
    expect(types.pop("date") == "DATE" and set(types.values()) <= {"VARCHAR"}, f"types {found.types}")
    return found.fetchall()


def odd_of_polars(kind):
    import polars

    if kind != "parquet":
        # polars supports partitions for Parquet and IPC only, so the date is taken from the path.
        scan = {"csv": polars.scan_csv, "ndjson": polars.scan_ndjson}[kind]
        options = {"csv": {"infer_schema": False}, "ndjson": {"infer_schema_length": None}}[kind]
        value = polars.col("path").str.extract("date=([^/]*)/")
        found = scan(f"odd-{kind}/sessions/*/*.{kind}", include_file_paths="path", **options).with_columns(
            date=polars.when(value != NULL).then(value).str.to_date()
        )
    else:
        found = polars.scan_parquet("odd-parquet/sessions", hive_partitioning=True)
    found = found.select("date", *columns_of(kind)).collect()
    types = dict(found.schema)
    expect(types.pop("date") == polars.Date and set(types.values()) <= {polars.String}, f"types {found.schema}")
    return found.rows()


def odd_of_pyarrow(kind):
    import pyarrow
    from pyarrow import dataset

    # pyarrow reads the values of partitions as strings unless their type is given.
    partitions = dataset.partitioning(pyarrow.schema([("date", pyarrow.date32())]), flavor="hive")
    schema, format = None, kind
    if kind == "csv":
        from pyarrow import csv

        with open(glob.glob("odd-csv/sessions/*/*.csv")[0]) as file:
            names = file.readline().strip().split(",")
        schema = pyarrow.schema([(name, pyarrow.string()) for name in names] + [("date", pyarrow.date32())])
        convert = csv.ConvertOptions(strings_can_be_null=True, quoted_strings_can_be_null=False, null_values=[""])
        format = dataset.CsvFileFormat(convert_options=convert, parse_options=csv.ParseOptions(newlines_in_values=True))
    if kind == "ndjson":
        from pyarrow import json as arrow_json

        schema = pyarrow.schema([(name, pyarrow.string()) for name in columns_of(kind)] + [("date", pyarrow.date32())])
        format = dataset.JsonFileFormat(
            parse_options=arrow_json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")
        )
    found = dataset.dataset(f"odd-{kind}/sessions", format=format, partitioning=partitions, schema=schema)
    table = found.to_table(columns=["date", *columns_of(kind)])
    types = {field.name: field.type for field in table.schema}
    expect(
        types.pop("date") == pyarrow.date32() and set(types.values()) <= {pyarrow.string()}, f"types {table.schema}"
    )
    return zip(*(column.to_pylist() for column in table.columns))


def odd_of_spark(kind):
    from pyspark.sql.types import DateType, StringType

    session = spark()
    reader = session.read
    folder = f"odd-{kind}/sessions"
    if kind == "parquet":
        found = reader.parquet(folder)
    elif kind == "csv":
        # By default, Spark reads quoted empty fields as NULL and changes line ends in fields.
        found = reader.options(header=True, multiLine=True, escape='"', nullValue="\\N", lineSep="\r\n").csv(folder)
    else:
        found = reader.json(folder)
    found = found.select("date", *columns_of(kind))
    types = {field.name: field.dataType for field in found.schema}
    expect(types.pop("date") == DateType() and set(types.values()) <= {StringType()}, f"types {found.schema}")
    return [tuple(row) for row in found.collect()]


class Mismatch(Exception):
    """The result of an engine is not the expected one."""


def expect(condition, message):
    if not condition:
        raise Mismatch(message)


def read_odd(engine, read):
    """Returns whether an engine reads the lakes of all formats correctly."""
    is_equal = True
    for kind in ("parquet", "ndjson", "csv"):
        expected = odd_expected(kind)
        try:
            found = in_order(read(kind))
            expect(len(found) == len(expected), f"expected {len(expected)} rows, got {len(found)}")
            for row, true in zip(found, expected):
                expect(row == true, f"expected the row\n  {true}\ngot\n  {row}")
        except Exception as error:
            is_equal = False
            print(f"{engine}: {kind}: {type(error).__name__}: {str(error)[:2000]}")
            continue
        unknown = sum(row[0] is None for row in expected)
        print(f"{engine}: {kind}: {len(expected)} rows are equal, {unknown} of them with the date NULL")
    return is_equal


ENGINES = {
    "duckdb": (of_duckdb, odd_of_duckdb),
    "polars": (lambda repository: of_python(repository, "with_polars.py"), odd_of_polars),
    "pyarrow": (lambda repository: of_python(repository, "with_pyarrow.py"), odd_of_pyarrow),
    "spark": (of_spark, odd_of_spark),
}


def main():
    repository, folder = (os.path.abspath(path) for path in sys.argv[1:3])
    os.chdir(folder)
    expected = of_command("listed.ndjson")
    is_equal = True
    for name in sys.argv[3:]:
        read, read_rows = ENGINES[name]
        results, engine = read(repository)
        # The examples in Python have one result each.
        wanted = expected if name in ("duckdb", "spark") else {"Sessions by day": expected["Sessions by day"]}
        for question in wanted.keys() | results.keys():
            if results.get(question) != wanted.get(question):
                is_equal = False
                print(
                    f"{engine}: {question}: expected\n  {wanted.get(question)}\ngot\n  {results.get(question)}"
                )
        print(f"{engine}: {len(results)} results, {sum(map(len, results.values()))} rows compared")
        is_equal &= read_odd(engine, read_rows)
    if "spark" in sys.argv[3:]:
        spark().stop()
    sessions, events, seconds = expected["Totals"][0]
    print(f"{sessions} sessions, {events} events, {seconds} seconds of positions; {'all results agree' if is_equal else 'results DIFFER'}")
    sys.exit(0 if is_equal else 1)


main()
