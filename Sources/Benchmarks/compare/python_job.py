"""The job by hand in Python, two processes. Needs: pip install orjson isal

usage: python_job.py CORPUS OUT

The files of one account and region go to one process, so that nothing is passed between the two;
each account and region is read, sorted and written before the next. That trusts the paths to tell
where a record belongs, which trailmerge does not.
"""

import csv
import gc
import os
import re
import sys
from concurrent.futures import ProcessPoolExecutor

from isal import isal_zlib
from orjson import OPT_APPEND_NEWLINE, dumps, loads

from columns import COLUMNS

def row(record):
    """The cells of one record, in the order of COLUMNS."""
    get = record.get
    identity = get("userIdentity") or {}
    session = identity.get("sessionContext") or {}
    who = identity.get
    cells = (
        get("eventTime"), get("eventName"), get("eventSource"), get("awsRegion"),
        get("recipientAccountId"), who("type"), who("userName"), who("arn"), who("accountId"),
        who("principalId"), who("accessKeyId"), who("invokedBy"),
        (session.get("sessionIssuer") or {}).get("arn"),
        (session.get("attributes") or {}).get("mfaAuthenticated"),
        get("sourceIPAddress"), get("userAgent"), get("errorCode"), get("errorMessage"),
        get("readOnly"), get("managementEvent"), get("eventCategory"), get("eventType"),
        get("resources"), get("requestParameters"), get("responseElements"),
        get("additionalEventData"), get("requestID"), get("eventID"), get("sharedEventID"),
        get("vpcEndpointId"), get("eventVersion"),
    )
    return [
        cell if cell is None or cell.__class__ is str else dumps(cell).decode() for cell in cells
    ]


def run_lane(files, out):
    """Reads the files of one account and region, and writes what is in them."""
    records = {}
    for path in files:
        with open(path, "rb") as file:
            document = loads(isal_zlib.decompress(file.read(), 31))
        for record in document["Records"]:
            records.setdefault(record["eventID"], record)
    cells = {}
    for identity, record in records.items():
        time = record["eventTime"]
        key = (record["recipientAccountId"], record["awsRegion"], time[:10])
        cells.setdefault(key, []).append((time, identity, record))
    for (account, region, day), found in cells.items():
        found.sort(key=lambda entry: entry[:2])
        place = f"account={account}/region={region}/dt={day}"
        for name in ("ndjson", "csv"):
            os.makedirs(f"{out}/{name}/{place}", exist_ok=True)
        with open(f"{out}/ndjson/{place}/part.ndjson", "wb") as file:
            lines = [dumps(record, option=OPT_APPEND_NEWLINE) for _, _, record in found]
            file.write(b"".join(lines))
        with open(f"{out}/csv/{place}/part.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows([row(record) for _, _, record in found])


def lanes(corpus):
    """The files of each account and region, the lanes with most bytes first."""
    found = {}
    for folder, _, names in os.walk(corpus):
        lane = re.search(r"/(\d{12})/CloudTrail/([^/]+)/", folder + "/")
        for name in names:
            if lane and name.endswith(".json.gz"):
                path = f"{folder}/{name}"
                entry = found.setdefault(lane.groups(), [0, []])
                entry[0] += os.path.getsize(path)
                entry[1].append(path)
    return [files for _, files in sorted(found.values(), key=lambda entry: -entry[0])]


if __name__ == "__main__":
    corpus, out = sys.argv[1:]
    gc.disable()  # There are no cycles to look for among so many records.
    work = lanes(corpus)
    with ProcessPoolExecutor(2) as pool:
        for _ in pool.map(run_lane, work, [out] * len(work)):
            pass
