"""The engines: each reads tables by what `trailmerge ddl` prints."""
import datetime, json, os, re, subprocess, sys

import reading
from reading import Number, by_value, difference, instant, mended, opened, parse, text_of

DERIVED = ["actor", "actorType", "outcome"]


class Engine:
    """How rows are got, and in what an engine's answers may differ from the records."""
    name = ""
    arguments = ()
    # Limits that `ddl` names: what it prints of each.
    number_note = None

    def __init__(self, bench):
        self.bench = bench

    # What an engine has to say

    def define(self, script, dataset): raise NotImplementedError
    def query(self, table, columns): raise NotImplementedError
    def refuses(self, table): return None
    def mark(self, value): return mended(value)

    # Comparing

    def script(self, dataset, *more): return self.bench.run("ddl", self.name, dataset.folder, *self.arguments, *more)

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

    def columns(self, table, script):
        """The columns of a table of records, as Python's reading of the definition has them."""
        raise NotImplementedError

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
        found = []
        for row in self.query(table.name, names + table.keys):
            if all(value is None for value in row[:len(names)]): continue
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
        return {"Half a surrogate pair": lone(table), "Bytes that are not UTF-8": any(not ok(line) for line, _, _ in table.records)}

    def mark(self, value): return escapes(mended(value))

    def hides_identity(self, table): return table.flawed


def lone(table): return table.output.name != "repaired" and any(b"\\ud" in line and flawed for (line, _, _), flawed in zip(table.records, table.flawed))


def ok(line):
    try:
        return bool(line.decode()) or True
    except UnicodeDecodeError:
        return False


def escapes(value):
    """A value in whose text each escape of half a surrogate pair, and what else is no text, is one mark."""
    if isinstance(value, Number): return value
    if isinstance(value, list): return [escapes(item) for item in value]
    if isinstance(value, dict): return {escapes(name): escapes(item) for name, item in value.items()}
    if not isinstance(value, str): return value
    value = re.sub(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}(\\u0041)?", lambda found: "\ufffd" + ("A" if found[1] else ""), value)
    return re.sub("\ufffd+", "\ufffd", value)


def statements(script):
    return [text for text in re.split(r";\n|;$", re.sub(r"(?m)^--.*\n?", "", script)) if text.strip()]


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
        return {"is shown as ?": lone(table), "not UTF-8": exact and any(not ok(line) for line, _, _ in table.records)}

    def mark(self, value):
        value = mended(value)
        return value.replace("\ufffd", "?") if isinstance(value, str) and not isinstance(value, Number) else value

    def hides(self, table): return [not ok(line) for line, _, _ in table.records]


class SparkTemporary(Spark):
    name = "spark"
    arguments = ("--temporary",)


ALL = [DuckDB, ClickHouse, Pandas, Polars, Spark]
