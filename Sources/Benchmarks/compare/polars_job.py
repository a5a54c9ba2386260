"""The job with Polars. Needs: pip install polars orjson

usage: polars_job.py CORPUS OUT

Polars can neither read gzipped documents like these nor keep an object as JSON text while it
decodes what is around it. So two processes of Python take the files apart and make frames of
them; Polars drops copies, sorts, cuts into partitions, and writes.
"""

import glob
import io
import os
import sys
import zlib
from concurrent.futures import ProcessPoolExecutor

import polars
from orjson import dumps, loads

from columns import COLUMNS
from python_job import row

SCHEMA = {name: polars.String for name in ["account", "region", "dt", "record"] + COLUMNS}
FILES_AT_ONCE = 500


def frame(paths):
    """The records of some files as a frame, packed for the way between processes."""
    rows = []
    for path in paths:
        with open(path, "rb") as file:
            document = loads(zlib.decompress(file.read(), 31))
        for record in document["Records"]:
            keys = (record["recipientAccountId"], record["awsRegion"], record["eventTime"][:10])
            rows.append([*keys, dumps(record).decode(), *row(record)])
    packed = io.BytesIO()
    polars.DataFrame(rows, schema=SCHEMA, orient="row").write_ipc(packed)
    return packed.getvalue()


if __name__ == "__main__":
    corpus, out = sys.argv[1:]
    files = sorted(glob.glob(f"{corpus}/**/*.json.gz", recursive=True))
    pieces = [files[at : at + FILES_AT_ONCE] for at in range(0, len(files), FILES_AT_ONCE)]
    with ProcessPoolExecutor(2) as pool:
        frames = [polars.read_ipc(io.BytesIO(packed)) for packed in pool.map(frame, pieces)]
    keys = ["account", "region", "dt"]
    merged = (
        polars.concat(frames)
        .unique("eventID", keep="any")
        .sort(*keys, "eventTime", "eventID")
        .partition_by(keys, as_dict=True, maintain_order=True)
    )
    for (account, region, day), part in merged.items():
        place = f"account={account}/region={region}/dt={day}"
        for name in ("ndjson", "csv"):
            os.makedirs(f"{out}/{name}/{place}", exist_ok=True)
        with open(f"{out}/ndjson/{place}/part.ndjson", "w", encoding="utf-8") as file:
            file.write("\n".join(part["record"]) + "\n")
        part.select(COLUMNS).write_csv(f"{out}/csv/{place}/part.csv")
