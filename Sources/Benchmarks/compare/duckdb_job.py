"""The job with DuckDB. Needs: pip install duckdb

usage: duckdb_job.py CORPUS OUT

Records stay JSON text. They are parsed three times: out of their file, for the keys, and for all
columns of the CSV at once. Numbers come out as DuckDB prints them; trailmerge copies their text.
Documents are read as text and taken apart afterwards: of the ways tried on one account's files
(`JSON[]` columns, lines of CSV) this took least CPU time, with lines of CSV close behind.
"""

import sys

import duckdb

from columns import COLUMNS

# The most bytes of JSON in one file; raise it for corpora with larger ones (CloudTrail's reach 50 MB).
LARGEST = 4 << 20

corpus, out = sys.argv[1:]
database = duckdb.connect()
database.execute("SET threads = 2")
database.execute("SET preserve_insertion_order = false")
database.execute("SET partitioned_write_max_open_files = 2000")

database.execute(f"""
  CREATE TEMP TABLE keyed AS
  SELECT keys[1] AS id, keys[2] AS time, keys[3] AS account, keys[4] AS region,
    keys[2][:10] AS dt, record
  FROM (
    SELECT record, json_extract_string(record,
      ['$.eventID', '$.eventTime', '$.recipientAccountId', '$.awsRegion']) AS keys
    FROM (
      SELECT unnest(from_json(json, '{{"Records": ["JSON"]}}').Records) AS record
      FROM read_json_objects('{corpus}/**/*.json.gz', format = 'newline_delimited',
        maximum_object_size = {LARGEST})))
""")
# Sorted once, here; both copies keep that order.
database.execute("SET preserve_insertion_order = true")
database.execute("""
  CREATE TEMP TABLE merged AS
  SELECT account, region, dt, time, id, any_value(record) AS record
  FROM keyed GROUP BY account, region, dt, time, id
  ORDER BY account, region, dt, time, id
""")
database.execute("DROP TABLE keyed")
paths = ", ".join(f"'$.{column}'" for column in COLUMNS)
database.execute(f"""
  CREATE TEMP TABLE cut AS
  SELECT account, region, dt, json_extract_string(record, [{paths}]) AS cells FROM merged
""")

# With two threads the rows of a partition come in any order, whatever is asked for: only writing
# is left to do by one.
database.execute("SET threads = 1")
database.execute(f"""
  COPY (SELECT account, region, dt, record::VARCHAR FROM merged)
  TO '{out}/ndjson' (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER E'\\x01',
    PARTITION_BY (account, region, dt), FILE_EXTENSION 'ndjson')
""")
cells = ", ".join(f'cells[{n}] AS "{column}"' for n, column in enumerate(COLUMNS, 1))
database.execute(f"""
  COPY (SELECT account, region, dt, {cells} FROM cut)
  TO '{out}/csv' (FORMAT csv, HEADER true, PARTITION_BY (account, region, dt))
""")
