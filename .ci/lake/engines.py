"""Query engines that run the SQL of docs/sql. Their packages are imported on first use."""

import json
import os
import re


class DuckDB:
    views = "duckdb.sql"

    def __init__(self):
        import duckdb

        self.name = f"DuckDB {duckdb.__version__}"
        self.connection = duckdb.connect()

    def execute(self, code):
        self.connection.execute(code)

    def query(self, code):
        return self.connection.execute(code).fetchall()

    def close(self):
        self.connection.close()


class DataFusion:
    views = "datafusion.sql"

    def __init__(self):
        import datafusion

        self.name = f"DataFusion {datafusion.__version__}"
        self.context = datafusion.SessionContext()

    def execute(self, code):
        self.context.sql(code).collect()

    def query(self, code):
        table = self.context.sql(code).to_arrow_table()
        return list(zip(*(column.to_pylist() for column in table.columns)))

    def close(self):
        pass


class ClickHouse:
    views = "clickhouse.sql"

    def __init__(self):
        from chdb import session

        self.session = session.Session()
        self.name = "ClickHouse " + self.query("SELECT version()")[0][0]

    def execute(self, code):
        self.session.query(code)

    def query(self, code):
        # Integers of 64 bits are numbers in JSON, and not strings.
        lines = str(self.session.query(f"{code} SETTINGS output_format_json_quote_64bit_integers = 0", "JSONCompactEachRow"))
        return [tuple(json.loads(line)) for line in lines.splitlines()]

    def close(self):
        self.session.close()


class Postgres:
    """Tables of docs/operate/postgres/load.py, in the database of the environment variable APIVIDEO_POSTGRES."""

    views = "postgres.sql"

    def __init__(self):
        import psycopg

        self.connection = psycopg.connect(os.environ["APIVIDEO_POSTGRES"], autocommit=True)
        self.name = f"PostgreSQL {self.connection.info.server_version // 10000}"

    def execute(self, code):
        self.connection.execute(code)

    def query(self, code):
        return self.connection.execute(code).fetchall()

    def close(self):
        self.connection.close()


class Spark:
    views = "spark.sql"
    # The number of worker processes, and the cores and megabytes of each.
    workers = "local-cluster[2,1,1024]"

    def __init__(self):
        import pyspark
        from pyspark.sql import SparkSession

        self.session = (
            SparkSession.builder.master(self.workers)
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
        self.session.sparkContext.setLogLevel("ERROR")
        self.name = f"Spark {pyspark.__version__}"

    def execute(self, code):
        self.session.sql(code)

    def query(self, code):
        return [tuple(row) for row in self.session.sql(code).collect()]

    def close(self):
        # The driver is included in the count.
        workers = self.session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1
        self.session.stop()
        if workers < 2:
            raise RuntimeError(f"expected 2 Spark workers, got {workers}")


class Sail:
    views = "spark.sql"

    def __init__(self):
        import pysail
        from pysail.spark import SparkConnectServer
        from pyspark.sql import SparkSession

        self.server = SparkConnectServer("127.0.0.1", 0)
        self.server.start(background=True)
        host, port = self.server.listening_address
        self.session = SparkSession.builder.remote(f"sc://{host}:{port}").getOrCreate()
        self.session.conf.set("spark.sql.session.timeZone", "UTC")
        self.name = f"Sail {pysail.__version__}"

    def execute(self, code):
        self.session.sql(code)

    def query(self, code):
        return [tuple(row) for row in self.session.sql(code).collect()]

    def close(self):
        self.session.stop()
        self.server.stop()


ENGINES = {
    "duckdb": DuckDB,
    "datafusion": DataFusion,
    "clickhouse": ClickHouse,
    "spark": Spark,
    "sail": Sail,
    "postgres": Postgres,
}

NAME = re.compile(r"-- (?:measure|query): (\w+)")


def statements(path):
    """Returns the statements of a file with their names. A statement without a name prepares those after it."""
    named, name, code = [], None, ""
    with open(path) as file:
        for line in file:
            if line.startswith("--"):
                found = NAME.match(line)
                name = found[1] if found else name
                continue
            code += line
            if line.rstrip().endswith(";"):
                named.append((name, code.strip().rstrip(";")))
                name, code = None, ""
    if code.strip():
        raise ValueError(f"{path}: the last statement has no semicolon")
    return named
