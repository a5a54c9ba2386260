"""The job with ClickHouse in the process. Needs: pip install chdb

usage: clickhouse_job.py CORPUS OUT

Records stay JSON text; one pass over the text gives all columns of the CSV.
"""

import os
import sys

from chdb import session

from columns import COLUMNS

corpus, out = sys.argv[1:]
database = session.Session()
settings = "SETTINGS max_threads = 2, max_insert_threads = 2, max_partitions_per_insert_block = 0"
database.query("CREATE DATABASE job ENGINE = Memory")
database.query(f"""
  CREATE TABLE job.merged ENGINE = Memory AS
  SELECT * FROM (
    SELECT JSONExtractString(record, 'recipientAccountId') AS account,
      JSONExtractString(record, 'awsRegion') AS region,
      JSONExtractString(record, 'eventTime') AS time, substring(time, 1, 10) AS dt,
      JSONExtractString(record, 'eventID') AS id, record
    FROM (SELECT arrayJoin(JSONExtractArrayRaw(json, 'Records')) AS record
          FROM file('{corpus}/**.json.gz', JSONAsString)))
  ORDER BY account, region, dt, time, id
  LIMIT 1 BY id
  {settings}, input_format_json_max_depth = 1000
""")
# ClickHouse makes no folders for partitions.
place = "concat('account=', account, '/region=', region, '/dt=', dt)"
found = database.query(f"SELECT DISTINCT {place} FROM job.merged", "TSV").data()
for name in ("ndjson", "csv"):
    for folder in found.split():
        os.makedirs(f"{out}/{name}/{folder}")
database.query(f"""
  INSERT INTO FUNCTION file('{out}/ndjson/{{_partition_id}}/part.ndjson', LineAsString, 'record String')
  PARTITION BY {place}
  SELECT record FROM job.merged ORDER BY account, region, dt, time, id {settings}
""")
