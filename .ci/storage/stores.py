"""Object stores that run as processes of this machine, on free ports of the loopback interface."""

import base64
import hashlib
import hmac
import os
import signal
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from datetime import datetime, timezone
from email.utils import format_datetime
from pathlib import Path
from xml.etree import ElementTree

import boto3
from botocore.config import Config

BUCKET = "statistics"
# The longest time that a store needs to start, in seconds.
START = 90


def free_ports(count):
    """Returns numbers of ports that were free a moment ago."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class Store:
    """A store with an empty bucket. It runs inside of a `with` block."""

    name: str
    scheme: str

    def __init__(self, target, folder):
        """`target` contains the installed packages; `folder` is for the data and the log of the store."""
        self.packages = Path(target) / "storage"
        self.folder = Path(folder) / self.name
        self.folder.mkdir(parents=True)
        self.process = None

    def __enter__(self):
        # Another process can take a port between its choice and its use.
        for attempt in range(3):
            with open(self.folder / "log", "ab") as log:
                self.process = subprocess.Popen(
                    self.command(), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
                )
            try:
                self.wait()
                return self
            except OSError as error:
                self.stop()
                problem = error
        raise SystemExit(f"storage: {self.name} does not start: {problem}\n{self.log_end()}")

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                pass
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                continue

    def wait(self):
        """Waits until the store has created the bucket."""
        start = time.monotonic()
        while True:
            try:
                return self.create_bucket()
            except Exception as error:
                if self.process.poll() is not None:
                    raise OSError(f"it ended with status {self.process.returncode}") from error
                if time.monotonic() - start > START:
                    raise OSError(f"no bucket after {START} s: {error}") from error
                time.sleep(0.2)

    def log_end(self):
        return (self.folder / "log").read_text(errors="replace")[-2000:]

    def url(self, prefix):
        return f"{self.scheme}://{BUCKET}/{prefix}"

    def environment(self):
        """Returns the environment variables of a process that uses this store and no other."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "AZURE_", "GOOGLE_"))}
        return kept | self.settings()


class S3(Store):
    scheme = "s3"

    def settings(self):
        return {
            "AWS_ENDPOINT": self.endpoint,
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "us-east-1",
            "AWS_ALLOW_HTTP": "true",
        }

    def create_bucket(self):
        config = Config(retries={"max_attempts": 0}, connect_timeout=2, read_timeout=20)
        self.client = boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id="key",
            aws_secret_access_key="secret",
            region_name="us-east-1",
            config=config,
        )
        self.client.create_bucket(Bucket=BUCKET)

    def names(self, prefix):
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=f"{prefix}/")
        return [item["Key"] for page in pages for item in page.get("Contents", ())]

    def read(self, name):
        return self.client.get_object(Bucket=BUCKET, Key=name)["Body"].read()


class Moto(S3):
    name = "moto"

    def command(self):
        (port,) = free_ports(1)
        self.endpoint = f"http://127.0.0.1:{port}"
        return [self.packages / "venv/bin/moto_server", "-H", "127.0.0.1", "-p", str(port)]


class SeaweedFS(S3):
    name = "seaweedfs"

    def command(self):
        (self.folder / "data").mkdir(exist_ok=True)
        # A volume server with credentials; without them, each request is accepted.
        (self.folder / "s3.json").write_text(
            '{"identities": [{"name": "writer", "credentials": [{"accessKey": "key", "secretKey": "secret"}],'
            ' "actions": ["Admin", "Read", "Write", "List", "Tagging"]}]}'
        )
        options = ("master.port", "volume.port", "filer.port", "s3.port")
        options += tuple(f"{option}.grpc" for option in options)
        ports = dict(zip(options, free_ports(len(options))))
        self.endpoint = f"http://127.0.0.1:{ports['s3.port']}"
        return [
            self.packages / "venv/bin/weed",
            "server",
            "-dir=data",
            "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1",
            "-filer",
            "-s3",
            "-s3.config=s3.json",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            "-master.volumeSizeLimitMB=64",
            "-volume.max=30",
            *(f"-{option}={port}" for option, port in ports.items()),
        ]


class Azurite(Store):
    name = "azurite"
    scheme = "az"
    # The account of every Azurite, as its documentation publishes it.
    account = "devstoreaccount1"
    key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

    def command(self):
        (port,) = free_ports(1)
        self.endpoint = f"http://127.0.0.1:{port}/{self.account}"
        program = self.packages / "node/node_modules/azurite/dist/src/blob/main.js"
        options = ("--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck", "--silent")
        return ["node", program, "--blobHost", "127.0.0.1", "--blobPort", str(port), *options]

    def settings(self):
        return {
            "AZURE_STORAGE_ACCOUNT_NAME": self.account,
            "AZURE_STORAGE_ACCOUNT_KEY": self.key,
            "AZURE_STORAGE_ENDPOINT": self.endpoint,
            "AZURE_ALLOW_HTTP": "true",
        }

    def create_bucket(self):
        # Its objects can be listed and read without a signature.
        headers = {
            "x-ms-blob-public-access": "container",
            "x-ms-date": format_datetime(datetime.now(timezone.utc), usegmt=True),
            "x-ms-version": "2021-08-06",
        }
        signed = "".join(f"{name}:{value}\n" for name, value in headers.items())
        text = "PUT" + "\n" * 12 + signed + f"/{self.account}/{self.account}/{BUCKET}\nrestype:container"
        digest = hmac.new(base64.b64decode(self.key), text.encode(), hashlib.sha256).digest()
        headers["Authorization"] = f"SharedKey {self.account}:{base64.b64encode(digest).decode()}"
        headers["Content-Length"] = "0"
        url = f"{self.endpoint}/{BUCKET}?restype=container"
        urllib.request.urlopen(urllib.request.Request(url, method="PUT", headers=headers), timeout=20).close()

    def get(self, path):
        with urllib.request.urlopen(f"{self.endpoint}/{BUCKET}{path}", timeout=60) as response:
            return response.read()

    def names(self, prefix):
        names, marker = [], ""
        while True:
            query = {"restype": "container", "comp": "list", "prefix": f"{prefix}/", "marker": marker}
            page = ElementTree.fromstring(self.get(f"?{urllib.parse.urlencode(query)}"))
            names += [name.text for name in page.iterfind("Blobs/Blob/Name")]
            marker = page.findtext("NextMarker") or ""
            if not marker:
                return names

    def read(self, name):
        return self.get(f"/{urllib.parse.quote(name)}")


STORES = {store.name: store for store in (Moto, SeaweedFS, Azurite)}
