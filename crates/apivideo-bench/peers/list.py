"""The list job by the standard library. Arguments: the URL of the server."""

import base64
import datetime
import http.client
import json
import resource
import sys
import time

tally = {"sessions": 0, "events": 0, "text": 0, "times": 0}


def text(value):
    if isinstance(value, str) and value != "unknown":
        tally["text"] += len(value.encode())


def moment(value):
    if value is not None:
        datetime.datetime.fromisoformat(value)
        tally["times"] += 1


began = time.perf_counter()
connection = http.client.HTTPConnection(sys.argv[-1].removeprefix("http://"))
headers = {"Authorization": "Basic " + base64.b64encode(b"any:").decode()}
number, last = 1, 1
while number <= last:
    query = f"period=2022-01-01&currentPage={number}&pageSize=100"
    connection.request("GET", f"/analytics/videos/vi4k0jvEUuaTdRAEjQ4Prklg?{query}", headers=headers)
    response = connection.getresponse()
    if response.status != 200:
        sys.exit(f"page {number} has the status {response.status}")
    page = json.loads(response.read())
    last = page["pagination"]["pagesTotal"]
    number += 1
    for item in page["data"]:
        session = item["session"]
        tally["sessions"] += 1
        text(session["sessionId"])
        moment(session.get("loadedAt"))
        moment(session.get("endedAt"))
        for pair in session.get("metadata") or []:
            text(pair["key"])
            text(pair["value"])
        for name in ("location", "referrer", "device", "os", "client"):
            for value in (item.get(name) or {}).values():
                text(value)
usage = resource.getrusage(resource.RUSAGE_SELF)
print(
    json.dumps(
        {
            "tally": tally,
            "wall_s": time.perf_counter() - began,
            "cpu_s": usage.ru_utime + usage.ru_stime,
            "peak_kib": usage.ru_maxrss,
        }
    )
)
