"""What a job wrote: the facts by which the jobs here are compared."""

import csv
import glob
import json
import re

csv.field_size_limit(1 << 30)


def partition(path):
    """account, region and day of a file, by its folders."""
    return tuple(re.search(r"account=([^/]+)/region=([^/]+)/dt=([^/]+)/", path).groups())


def facts(out):
    """Counts records by partition and collects eventIDs."""
    found = {"identities": set(), "ndjson": {}, "csv": {}, "sorted": True, "files": 0}
    for path in sorted(glob.glob(f"{out}/ndjson/**/*.ndjson", recursive=True)):
        found["files"] += 1
        keys = []
        with open(path, "rb") as file:
            for line in file:
                record = json.loads(line)
                keys.append((record["eventTime"], record["eventID"]))
        found["identities"].update(identity for _, identity in keys)
        place = partition(path)
        found["ndjson"][place] = found["ndjson"].get(place, 0) + len(keys)
        found["sorted"] = found["sorted"] and keys == sorted(keys)
    for path in glob.glob(f"{out}/csv/**/*.csv", recursive=True):
        found["files"] += 1
        with open(path, newline="", encoding="utf-8-sig") as file:
            place = partition(path)
            rows = sum(1 for _ in csv.reader(file)) - 1
            found["csv"][place] = found["csv"].get(place, 0) + rows
    return found


def difference(found, expected):
    """In what two results differ; empty if they agree."""
    records, wanted = (sum(each["ndjson"].values()) for each in (found, expected))
    if records != wanted:
        return f"{records} records, not {wanted}"
    if len(found["identities"]) != records:
        return f"{len(found['identities'])} eventIDs in {records} records"
    if found["identities"] != expected["identities"]:
        return "other eventIDs"
    for name in ("ndjson", "csv"):
        if found[name] != expected[name]:
            return f"other counts by partition in {name}"
    return ""
