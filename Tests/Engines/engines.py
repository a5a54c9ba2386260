"""The engines: each reads tables by what `trailmerge ddl` prints."""
import datetime, json, os, re, shutil, sys

import reading
from reading import Number, by_value, difference, has_doubles, instant, is_utf8, mended, opened, parse, text_of

DERIVED = ["actor", "actorType", "outcome"]


class Engine:
    """How rows are got, and in what an engine's answers may differ from the records."""
    name = ""

    def __init__(self, bench):
        self.bench = bench

    # What an engine has to say

    def define(self, script, dataset): raise NotImplementedError
    def query(self, table, columns): raise NotImplementedError
    def refuses(self, table): return None
    def mark(self, value): return mended(value)

    # Comparing

    def script(self, dataset): return self.bench.run("ddl", self.name, dataset.folder)

    def compare(self, dataset):
        """Entries of the table with their faults."""
        script = self.script(dataset)
        self.define(script, dataset)
        for table in dataset.tables.values():
            if not table.records and not table.rows: continue
            limit = self.refuses(table)
            if limit:
                try:
                    self.query(table.name, ["*"])
                    yield "equal", f"{table.name} is read, though ddl says: {limit}"
                except Exception:
                    yield f"refused: {limit}", None if limit in script else f"ddl does not say: {limit}"
                continue
            try:
                for entry, fault in (self.compare_records if table.records else self.compare_rows)(table, dataset, script):
                    yield entry, fault and f"{table.name}: {fault}"
            except Exception as error:
                yield "failed", f"{table.name}: {type(error).__name__}: {str(error)[:1500]}"

    def compare_records(self, table, dataset, script):
        names, nested = COLUMNS[table.family], NESTED
        expected, hidden = [], self.hides(table)
        for (line, record, values), is_hidden in zip(table.records, hidden):
            if is_hidden: continue
            row = []
            for name in names:
                value = self.mark(record.get(name))
                row.append(self.expected_nested(value) if name in nested else self.expected_text(value))
            expected.append(row + [values[key] for key in table.keys])
        found, place_of_id = [], names.index("eventId" if table.family == "aggregated" else "eventID")
        unseen = {text_of(record.get(names[place_of_id])) for (_, record, _), is_hidden in zip(table.records, hidden) if is_hidden}
        for row in self.query(table.name, names + table.keys):
            if unseen and row[place_of_id] in unseen | {None} and (row[place_of_id] or is_empty(row)): continue
            row = list(row)
            for place, name in enumerate(names):
                row[place] = self.found_nested(row[place]) if name in nested else self.found_text(row[place])
            found.append(row)
        fault = difference(expected, found)
        limits = [note for note, holds in self.limits(table).items() if holds]
        for note in limits:
            if note not in script: fault = fault or f"ddl does not say: {note}"
        yield "equal" + "".join(f" ({note})" for note in limits), fault
        yield from self.compare_typed(table, dataset)

    def limits(self, table): return {}
    def hides(self, table): return [False] * len(table.records)

    # A column of text holds a string's text, else the JSON. So does one of JSON, but in DuckDB.

    def expected_text(self, value): return opened(text_of(value))
    def expected_nested(self, value): return self.expected_text(value)
    def found_text(self, value): return self.mark(opened(value))
    def found_nested(self, value): return self.found_text(value)

    def compare_typed(self, table, dataset):
        """The time, and who acted with what outcome, as the CSV has it."""
        derived = next((other for name, other in dataset.tables.items() if name == table.family + "_derived"), None)
        names = ["eventTime"] + (DERIVED if derived else [])
        if derived:
            hidden = {record.get("eventID") for (_, record, _), is_hidden in zip(table.records, self.hides_identity(table)) if is_hidden}
            expected = [[row[0] or None, instant(row[1]), *row[2:]] for _, row, _ in derived.rows if row[0] not in hidden]
            names = ["eventID"] + names
        else:
            hidden = set()
            expected = [[instant(text_of(record.get("eventTime") or record.get("timeWindow", {}).get("windowStart")))]
                        for _, record, _ in table.records]
        found = [[micros(value) for value in row] for row in self.query_typed(table.name + "_typed", names)]
        if derived: found = [row for row in found if row[0] not in hidden and (row[0] or row[1])]
        yield "equal", difference(self.typed_limit(expected), self.typed_limit(found))

    def hides_identity(self, table): return self.hides(table)
    def query_typed(self, view, names): return self.query(view, names)
    def typed_limit(self, rows): return rows

    def compare_rows(self, table, dataset, script):
        header = self.header(table)
        expected = [self.row_limit([value or None for value in row]) + [values[key] for key in table.keys] for _, row, values in table.rows]
        found = [self.row_limit([value or None for value in row[:len(header)]]) + list(row[len(header):])
                 for row in self.query(table.name, header + table.keys)]
        yield "equal", difference(expected, found)

    def row_limit(self, row): return row

    def header(self, table):
        """The names of the columns, none of which is another's or a partition's."""
        taken, names = set(table.keys), []
        for name in table.rows[0][0]:
            number, wanted = 2, name
            while name.lower() in taken: name, number = f"{wanted}_{number}", number + 1
            taken.add(name.lower())
            names.append(name)
        return names


def is_empty(row): return row[2] is None and row[0] is None


def micros(value):
    """A time as microseconds since year 1; anything else as it is."""
    if not isinstance(value, datetime.datetime): return value
    if value.tzinfo: value = value.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    return (value - datetime.datetime.min) // datetime.timedelta(microseconds=1)


COMMON = """eventVersion userIdentity eventTime eventSource eventName awsRegion sourceIPAddress userAgent errorCode errorMessage
requestParameters responseElements additionalEventData requestID eventID eventType apiVersion managementEvent readOnly resources
recipientAccountId sharedEventID vpcEndpointId serviceEventDetails addendum tlsDetails vpcEndpointAccountId eventCategory
sessionCredentialFromConsole edgeDeviceDetails insightDetails eventContext""".split()
COLUMNS = {
    "events": COMMON, "network-activity": COMMON,
    "insight": "eventVersion eventTime awsRegion eventID eventType recipientAccountId sharedEventID eventCategory insightDetails addendum".split(),
    "aggregated": "eventVersion eventId eventTime eventType eventCategory awsRegion accountId timeWindow summary addendum".split(),
}
NESTED = set("""userIdentity requestParameters responseElements additionalEventData resources serviceEventDetails addendum tlsDetails
edgeDeviceDetails insightDetails eventContext timeWindow summary""".split())


def sql_names(names, quote):
    return ", ".join(name if name == "*" else quote + name.replace(quote, quote * 2) + quote for name in names)


class DuckDB(Engine):
    name = "duckdb"

    def __init__(self, bench):
        import duckdb
        super().__init__(bench)
        self.module = duckdb

    def define(self, script, dataset):
        self.connection = self.module.connect()
        self.connection.execute("SET TimeZone = 'America/New_York'")
        self.connection.execute(script)

    def query(self, table, columns):
        return self.connection.execute(f"SELECT {sql_names(columns, chr(34))} FROM {table}").fetchall()

    def refuses(self, table):
        if any(table.flawed) and table.records and table.output.name != "repaired": return "DuckDB refuses"

    def limits(self, table): return {"A fraction inside JSON has 64 bits": True}
    def expected_text(self, value):
        # A number at the top is read again as text.
        return by_value(value)[1] if isinstance(value, Number) else by_value(opened(text_of(value)))

    def expected_nested(self, value): return by_value(value)
    def found_text(self, value): return by_value(opened(value))
    def found_nested(self, value): return value if value is None else by_value(parse(value))


class ClickHouse(Engine):
    name = "clickhouse"

    def __init__(self, bench):
        import chdb.session
        super().__init__(bench)
        self.session = chdb.session.Session()
        self.session.query("CREATE DATABASE IF NOT EXISTS d")

    def define(self, script, dataset):
        for statement in statements(script): self.session.query(f"USE d; {statement}")

    def query(self, table, columns):
        data = self.session.query(f"USE d; SELECT {sql_names(columns, '`')} FROM {table} FORMAT JSONCompactEachRow"
                                  " SETTINGS output_format_json_quote_64bit_integers = 0", "JSONCompactEachRow").bytes()
        return [[item for item in json.loads(line.decode("utf-8", "replace"))] for line in data.split(b"\n") if line]

    def query_typed(self, view, names):
        names = [f"toString(`{name}`)" if name == "eventTime" else f"`{name}`" for name in names]
        data = self.session.query(f"USE d; SELECT {', '.join(names)} FROM {view}", "JSONCompactEachRow").bytes()
        place = names.index("toString(`eventTime`)")
        for line in data.split(b"\n"):
            if not line: continue
            row = json.loads(line.decode("utf-8", "replace"))
            row[place] = instant(row[place])
            yield row

    def refuses(self, table):
        if "doubled" in str(table.output) and table.records: return "two fields of one name"

    def limits(self, table):
        return {"Half a surrogate pair": lone(table), "Bytes that are not UTF-8": any(not is_utf8(line) for line, _, _ in table.records)}

    def mark(self, value): return escapes(mended(value))

    def hides_identity(self, table): return table.flawed


def lone(table): return table.output.name != "repaired" and any(b"\\ud" in line and flawed for (line, _, _), flawed in zip(table.records, table.flawed))


def escapes(value):
    """A value in whose text each escape of half a surrogate pair, and what else is no text, is one mark."""
    if isinstance(value, Number): return value
    if isinstance(value, list): return [escapes(item) for item in value]
    if isinstance(value, dict): return {escapes(name): escapes(item) for name, item in value.items()}
    if not isinstance(value, str): return value
    value = re.sub(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}(\\u0041)?", lambda found: "\ufffd" + ("A" if found[1] else ""), value)
    return re.sub("\ufffd+", "\ufffd", value)


def statements(script):
    return [text.strip() for text in re.split(r";\n|;$", re.sub(r"(?m)^--.*\n?", "", script)) if text.strip()]


class Python(Engine):
    """Scripts in Python."""

    def define(self, script, dataset):
        self.names = {}
        exec(compile(script, "tables.py", "exec"), self.names)

    def mark(self, value): return mended(value)


class Pandas(Python):
    name = "pandas"

    def __init__(self, bench):
        import pandas
        super().__init__(bench)
        self.pandas = pandas

    def query(self, table, columns):
        frame = self.names[table][columns]
        return [[None if value is self.pandas.NA or value is self.pandas.NaT or value is None or value != value else
                 value.to_pydatetime(warn=False) if hasattr(value, "to_pydatetime") else value for value in row]
                for row in frame.itertuples(index=False, name=None)]


class Polars(Python):
    name = "polars"

    def __init__(self, bench):
        import polars
        super().__init__(bench)

    def query(self, table, columns): return self.names[table].lazy().select(columns).collect().rows()


class Spark(Engine):
    name = "spark"
    session = None

    def __init__(self, bench):
        from pyspark.sql import SparkSession
        if not shutil.which("java"): raise ImportError("there is no Java")
        super().__init__(bench)
        if Spark.session is None:
            os.environ["PYSPARK_PYTHON"] = sys.executable
            warehouse = str(bench.folder / "warehouse")
            settings = {
                "spark.ui.enabled": "false", "spark.driver.memory": "1g", "spark.sql.session.timeZone": "America/New_York",
                "spark.sql.warehouse.dir": warehouse, "spark.sql.shuffle.partitions": "2", "spark.default.parallelism": "2",
                "spark.hadoop.javax.jdo.option.ConnectionURL": "jdbc:derby:memory:metastore;create=true",
                "spark.driver.extraJavaOptions": f"-Dderby.stream.error.file={bench.folder}/derby.log",
            }
            builder = SparkSession.builder.master("local[2]")
            for key, value in settings.items(): builder = builder.config(key, value)
            Spark.session = builder.enableHiveSupport().getOrCreate()
            Spark.session.sparkContext.setLogLevel("OFF")

    def define(self, script, dataset):
        for statement in statements(script): self.session.sql(statement)

    def query(self, table, columns):
        return [list(row) for row in self.session.sql(f"SELECT {sql_names(columns, '`')} FROM {table}").collect()]

    def query_typed(self, view, names):
        columns = [f"unix_micros(`{name}`)" if name == "eventTime" else f"`{name}`" for name in names]
        epoch = (datetime.datetime(1970, 1, 1) - datetime.datetime.min) // datetime.timedelta(microseconds=1)
        place = names.index("eventTime")
        for row in self.session.sql(f"SELECT {', '.join(columns)} FROM {view}").collect():
            row = list(row)
            if row[place] is not None: row[place] += epoch
            yield row

    def limits(self, table):
        exact = table.output.name != "repaired"
        return {
            "Spark may refuse": exact and any(table.flawed),
            "Of two of one name the last is": any(has_doubles(line) for line, _, _ in table.records),
        }

    def hides(self, table): return [flawed or has_doubles(line) for flawed, (line, _, _) in zip(table.flawed, table.records)]

    def script(self, dataset):
        # A catalogue takes seconds for many partitions.
        return self.bench.run("ddl", self.name, dataset.folder, *([] if dataset.name == "several" else ["--temporary"]))


class Athena(Engine):
    """No engine: its statements are parsed, and its CSV tables read by the class that it names, in Spark."""
    name = "athena"

    def __init__(self, bench):
        import sqlglot
        super().__init__(bench)
        self.sqlglot = sqlglot
        self.spark = Spark(bench)

    def compare(self, dataset):
        for more in [[], ["--no-projection"]]:
            script = self.bench.run("ddl", "athena", dataset.folder, "--location", "s3://bucket/nightly", *more)
            for statement in statements(script):
                if statement.startswith("MSCK"): continue
                try:
                    self.sqlglot.parse_one(statement, dialect="athena")
                except self.sqlglot.errors.ParseError as error:
                    yield "failed", f"{statement}\n{error}"
        yield "parsed", None
        if dataset.name != "several": return
        self.spark.session.sql("CREATE DATABASE IF NOT EXISTS athena")
        self.spark.session.sql("USE athena")
        for statement in statements(script.replace("s3://bucket/nightly", str(dataset.folder))):
            found = re.search("`(\\w+)`", statement)
            if found and dataset.tables[found[1]].rows: self.spark.session.sql(statement)
        for table in dataset.tables.values():
            if not table.rows: continue
            names = [re.sub("[^a-z0-9]", "_", name.lower()) for name in self.header(table)]
            # Headers are left out here, since Spark does not do as Hive does.
            found = [row for row in self.spark.query(table.name, names + table.keys) if row[:len(names)] != table.rows[0][0]]
            expected = [list(row) + [values[key] for key in table.keys] for _, row, values in table.rows]
            fault = difference(expected, found)
            if not fault: yield "CSV equal", None
            elif "A line break in a field ends the row" in script: yield "CSV: A line break in a field ends the row", None
            else: yield "failed", f"{table.name}: {fault}"
        self.spark.session.sql("USE default")


class Parquet(DuckDB):
    """What `ddl duckdb --parquet` writes, read back."""
    name = "duckdb --parquet"

    def compare(self, dataset):
        folder = self.bench.folder / dataset.name / "it's parquet"
        folder.mkdir()
        script = self.bench.run("ddl", "duckdb", dataset.folder, "--parquet", folder)
        connection = self.module.connect()
        connection.execute(script)
        connection.execute(script)
        names = sorted(path.name for path in folder.iterdir())
        for name in names:
            table = dataset.tables[name.removesuffix(".parquet")]
            path = str(folder / name).replace("'", "''")
            source = f"'{path}'" if name.endswith(".parquet") else f"'{path}/**/*.parquet'"
            keys = "{" + ", ".join(f"{key}: VARCHAR" for key in table.keys) + "}"
            options = f", hive_partitioning = true, hive_types = {keys}" if table.keys else ""
            found = connection.execute(f"SELECT {sql_names(table.keys + ['eventTime'], chr(34))} FROM read_parquet({source}{options})").fetchall()
            expected = [[values[key] for key in table.keys] + [record.get("eventTime") or record["timeWindow"]["windowStart"]]
                        for _, record, values in table.records]
            if table.rows:
                place = table.rows[0][0].index("eventTime")
                expected = [[values[key] for key in table.keys] + [row[place]] for _, row, values in table.rows]
            else:
                expected = [row[:-1] + [instant(row[-1])] for row in expected]
            yield "equal", difference(expected, [[micros(value) for value in row] for row in found])


ALL = [DuckDB, Parquet, ClickHouse, Pandas, Polars, Spark, Athena]
