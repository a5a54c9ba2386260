"""The job with ClickHouse in the process. Needs: pip install chdb

usage: clickhouse_job.py CORPUS OUT

Records stay JSON text, copied as it is; one pass over the text gives all columns of the CSV.
"""

import os
import sys

from chdb import session

from columns import COLUMNS


def tuple_type(paths):
    """The type that has the columns' paths as nested names."""
    groups = {}
    for first, *rest in paths:
        groups.setdefault(first, []).append(rest)
    members = (
        f"{name} " + ("String" if rests == [[]] else tuple_type(rests))
        for name, rests in groups.items()
    )
    return f"Tuple({', '.join(members)})"


corpus, out = sys.argv[1:]
database = session.Session()
limits = "SETTINGS max_threads = 2, max_insert_threads = 1, max_partitions_per_insert_block = 0"
database.query("""
  CREATE TABLE merged (
    account String, region String, time String, dt String, id String, record String
  ) ENGINE = Memory
""")
database.query(f"""
  INSERT INTO merged
  SELECT keys.1 AS account, keys.2 AS region, keys.3 AS time, substring(time, 1, 10) AS dt,
    keys.4 AS id, record
  FROM (
    SELECT record, JSONExtract(record, 'Tuple(recipientAccountId String, awsRegion String,
      eventTime String, eventID String)') AS keys
    FROM (
      SELECT arrayJoin(JSONExtractArrayRaw(json, 'Records')) AS record
      FROM file('{corpus}/**/*.json.gz', JSONAsString)))
  ORDER BY account, region, dt, time, id
  LIMIT 1 BY id
  {limits}
""")
# The folders of the partitions, made beforehand.
place = "concat('account=', account, '/region=', region, '/dt=', dt)"
found = str(database.query(f"SELECT DISTINCT {place} FROM merged", "TSV"))
for name in ("ndjson", "csv"):
    for folder in found.split():
        os.makedirs(f"{out}/{name}/{folder}")
# Only what is written can tell the partition, so it is read from the record once more.
order = "ORDER BY account, region, dt, time, id"
database.query(f"""
  INSERT INTO FUNCTION
    file('{out}/ndjson/{{_partition_id}}/part.ndjson', LineAsString, 'record String')
  PARTITION BY concat('account=', JSONExtractString(record, 'recipientAccountId'),
    '/region=', JSONExtractString(record, 'awsRegion'),
    '/dt=', substring(JSONExtractString(record, 'eventTime'), 1, 10))
  SELECT record FROM merged {order} {limits}
""")
cells = ", ".join(f"cells.{column} AS `{column}`" for column in COLUMNS)
kinds = ", ".join(f"`{column}` String" for column in COLUMNS)
database.query(f"""
  INSERT INTO FUNCTION file('{out}/csv/{{_partition_id}}/part.csv', CSVWithNames, '{kinds}')
  PARTITION BY concat('account=', recipientAccountId, '/region=', awsRegion, '/dt=',
    substring(eventTime, 1, 10))
  SELECT {cells} FROM (
    SELECT account, region, dt, time, id,
      JSONExtract(record, '{tuple_type([column.split(".") for column in COLUMNS])}') AS cells
    FROM merged)
  {order} {limits}
""")
