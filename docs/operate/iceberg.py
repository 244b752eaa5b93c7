"""Registers the Parquet files of a lake in Iceberg tables, without copying them. Needs pyiceberg with pyarrow.

    iceberg.py LAKE CATALOG

LAKE is an absolute path or a URL, as readers of the tables see it. It is a lake with Delta logs (`apivideo pull --delta`), so
that a file never gets other contents. CATALOG is the name of a catalog in the configuration of pyiceberg.

Each table of the lake becomes a table in the namespace `statistics`. Run it after each pull: a table whose files changed gets a
new snapshot. The tables have no column `date` and no partitions, because the files have no such column; filter by `loaded_at` or
`emitted_at`.
"""

import json
import sys

from pyarrow import fs, parquet
from pyiceberg.catalog import load_catalog
from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.expressions import AlwaysTrue

NAMESPACE = "statistics"


def files_of(system, root):
    """Returns the names of the files that the manifests name, by table."""
    files = {}
    for folder in ("days", "derived"):
        selector = fs.FileSelector(f"{root}/_manifest/{folder}", allow_not_found=True)
        for info in system.get_file_info(selector):
            if info.extension != "json":
                continue
            with system.open_input_stream(info.path) as stream:
                manifest = json.loads(stream.read())
            entries = manifest.get("files", {})
            if info.base_name == "lengths.json":
                entries = {"lengths": manifest["file"]} if "file" in manifest else {}
            for table, entry in entries.items():
                files.setdefault(table, set()).add(entry["path"])
    return files


def update(catalog, lake, system, root, name, files):
    """Makes the files of a table those of the lake; returns whether they changed."""
    identifier = f"{NAMESPACE}.{name}"
    try:
        table = catalog.load_table(identifier)
    except NoSuchTableError:
        schema = parquet.read_schema(f"{root}/{min(files)}", filesystem=system)
        table = catalog.create_table(identifier, schema=schema)
    wanted = {f"{lake}/{path}" for path in files}
    known = set(table.inspect.files()["file_path"].to_pylist())
    if wanted == known:
        return False
    # Readers see both changes at once, because a transaction replaces the metadata of the table once.
    with table.transaction() as transaction:
        if known:
            transaction.delete(AlwaysTrue())
        transaction.add_files(sorted(wanted))
    return True


def main():
    lake, catalog = sys.argv[1].rstrip("/"), load_catalog(sys.argv[2])
    system, root = fs.FileSystem.from_uri(lake)
    with system.open_input_stream(f"{root}/_manifest/lake.json") as stream:
        if not json.loads(stream.read()).get("delta"):
            sys.exit(f"{lake} has no Delta logs: its files are replaced under the same names")
    catalog.create_namespace_if_not_exists(NAMESPACE)
    for name, files in sorted(files_of(system, root).items()):
        state = "updated" if update(catalog, lake, system, root, name, files) else "unchanged"
        print(f"{NAMESPACE}.{name}: {len(files)} files, {state}")


main()
