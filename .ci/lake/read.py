"""Reads lakes with query engines and compares the rows with the output of the command.

    read.py REPOSITORY FOLDER ENGINE...

ENGINE is duckdb, polars, pyarrow or spark. FOLDER contains:

- `statistics`, a lake in Parquet, and `listed.ndjson`, the lines of `apivideo sessions --with-events` of the same account.
  The SQL of the README of apivideo-lake, and the Python of docs/sql, must return what the command lists.
- `odd-parquet`, `odd-ndjson` and `odd-csv`, lakes with sessions whose day is not known and with unusual values. Every
  engine must read all rows, `date` as a date, and JSON columns as strings.

Exit status: 0 if all results agree, 1 if they differ or could not be compared.
"""

import contextlib
import functools
import glob
import json
import os
import re
import runpy
import sys
from datetime import date

from engines import ENGINES
from listed import Listed


def of_readme(path, engine):
    """Returns the statement for an engine in a README."""
    with open(path) as file:
        blocks = re.findall(r"```sql\n(.*?)```", file.read(), re.DOTALL)
    found = [match for block in blocks for match in re.findall(rf"-- {engine}\n(.*?);", block, re.DOTALL)]
    if len(found) != 1:
        sys.exit(f"{path}: expected one statement for {engine}, got {len(found)}")
    return found[0]


def plain(value):
    """Returns a value in a form that is equal for all engines."""
    return value if value is None or isinstance(value, (int, float, str)) else str(value)


def of_sql(repository, name, title):
    """Returns the result of the statement for an engine in the README."""
    code = of_readme(f"{repository}/crates/apivideo-lake/README.md", title)
    rows = [tuple(plain(value) for value in row) for row in engine(name).query(code)]
    return {"events_by_day": rows}, engine(name).name


@functools.cache
def engine(name):
    """Returns the engine, started on first use."""
    return ENGINES[name]()


def of_python(repository, name):
    """Returns the results of an example of docs/sql."""
    with contextlib.redirect_stdout(None):
        found = runpy.run_path(f"{repository}/docs/sql/{name}")
    by_day = [tuple(plain(value) for value in row) for row in found["by_day"]]
    return {"sessions_by_day": by_day}, f"{name.removeprefix('with_').removesuffix('.py')} {found['version']}"


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

    reader = engine("spark").session.read
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


READERS = {
    "duckdb": (lambda repository: of_sql(repository, "duckdb", "DuckDB"), odd_of_duckdb),
    "polars": (lambda repository: of_python(repository, "with_polars.py"), odd_of_polars),
    "pyarrow": (lambda repository: of_python(repository, "with_pyarrow.py"), odd_of_pyarrow),
    "spark": (lambda repository: of_sql(repository, "spark", "Spark"), odd_of_spark),
}


def main():
    repository, folder = (os.path.abspath(path) for path in sys.argv[1:3])
    os.chdir(folder)
    listed = Listed("listed.ndjson")
    is_equal = True
    for name in sys.argv[3:]:
        read, read_rows = READERS[name]
        results, title = read(repository)
        for question, rows in results.items():
            expected = [tuple(row) for row in listed.rows(question)]
            if rows != expected:
                is_equal = False
                print(f"{title}: {question}: expected\n  {expected}\ngot\n  {rows}")
        print(f"{title}: {len(results)} result, {sum(map(len, results.values()))} rows compared")
        is_equal &= read_odd(title, read_rows)
    if "spark" in sys.argv[3:]:
        engine("spark").close()
    print(f"{listed.sessions} sessions, {listed.events} events; {'all rows agree' if is_equal else 'rows DIFFER'}")
    sys.exit(0 if is_equal else 1)


main()
