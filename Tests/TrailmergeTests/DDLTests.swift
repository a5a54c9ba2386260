import Foundation
import TestSupport
import Testing

/// A dataset with every kind of output, made by the command itself.
private func makeDataset(in folder: TemporaryFolder) throws {
  _ = try trailmerge(
    "sample", "in", "--events", "300", "--days", "2", "--no-digests", "--hostile", in: folder.url)
  _ = try folder.write(
    """
    inputs: [in]
    dataset: it's here
    outputs:
      - { format: ndjson }
      - { format: csv, partitionBy: [dt] }
      - format: csv
        name: small
        compression: gzip
        profile: excel
        columns: [eventTime, actor, "awsRegion as region", "\\"it's\\" as it's", otherFields]
      - { format: ndjson, name: flat, partitionBy: [], compression: gzip }
    """, to: "job.yaml")
  #expect(try trailmerge("run", "job.yaml", in: folder.url).status == 0)
}

/// Makes a dataset `out` in each of some folders, with one record whose eventID is the folder's name.
private func makeNeighbours(_ names: [String], in folder: TemporaryFolder) throws {
  for name in names {
    let place = folder.url.appending(path: name)
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    _ = try folder.write(
      """
      {"Records":[{"eventID":"\(name)","eventTime":"2026-11-19T10:00:00Z"}]}
      """, to: "\(name)/in.json")
    _ = try folder.write(
      """
      inputs: [in.json]
      dataset: out
      outputs: [{ format: ndjson }, { format: ndjson, name: flat, partitionBy: [] }]
      """, to: "\(name)/job.yaml")
    #expect(try trailmerge("run", "job.yaml", in: place).status == 0)
  }
}

/// Runs Python's DuckDB; nil where there is none.
func duckDB(_ script: String, in folder: URL) throws -> String? {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = ["python3", "-c", script]
  process.currentDirectoryURL = folder
  let output = Pipe()
  process.standardOutput = output
  process.standardError = FileHandle.nullDevice
  try process.run()
  let data = try output.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : nil
}

struct DDLTests {
  @Test(
    "DuckDB reads every output with the definitions, account ids whole",
    .needs(.duckDB))
  func duckDBReadsDataset() throws {
    let folder = try TemporaryFolder()
    try makeDataset(in: folder)
    let definitions = try trailmerge("ddl", "duckdb", "it's here", in: folder.url)
    #expect(definitions.status == 0)
    _ = try folder.write(definitions.output, to: "tables.sql")
    let answer = try duckDB(
      """
      import duckdb
      c = duckdb.connect()
      c.execute(open('tables.sql').read())
      for view in ['events_ndjson', 'events_csv', 'events_small', 'events_flat']:
        print(view, c.execute(f'select count(*), count(distinct eventTime) > 1 from {view}').fetchone())
      print(c.execute("select min(length(account)), max(length(account)), typeof(any_value(dt)) from events_ndjson").fetchone())
      print(c.execute("select count(*) from events_ndjson where account <> recipientAccountId").fetchone())
      print(c.execute("select count(*) from events_ndjson where json_type(userIdentity) <> 'OBJECT'").fetchone())
      """, in: folder.url)
    #expect(
      answer == """
        events_ndjson (300, True)
        events_csv (300, True)
        events_small (300, True)
        events_flat (300, True)
        (12, 12, 'VARCHAR')
        (0,)
        (0,)

        """)
  }

  @Test("Athena needs no list of accounts, and sees every region there may be")
  func athena() throws {
    let folder = try TemporaryFolder()
    try makeDataset(in: folder)
    let text = try trailmerge(
      "ddl", "athena", "it's here", "--location", "s3://bucket/nightly/", in: folder.url
    ).output
    #expect(text.contains("'projection.account.type' = 'injected'"))
    #expect(text.contains("'projection.dt.range' = '2026-11-01,NOW'"))
    #expect(text.contains("eu-central-1,"))
    #expect(
      text.contains(
        "'s3://bucket/nightly/ndjson/account=${account}/region=${region}/dt=${dt}/'"))
    #expect(text.contains("`account` string"))
    #expect(text.contains("`region_2` string"), "a column called like a partition key is renamed")

    let catalogued = try trailmerge(
      "ddl", "athena", "it's here", "--no-projection", in: folder.url
    ).output
    #expect(catalogued.contains("MSCK REPAIR TABLE `events_ndjson`;"))
    #expect(!catalogued.contains("projection.enabled"))
    #expect(catalogued.contains("s3://YOUR-BUCKET/YOUR-PREFIX/ndjson/"))
  }

  @Test(
    "names and paths with quotes stay inside their quotes",
    arguments: [
      ("duckdb", "it''s here/ndjson"), ("clickhouse", "it''s here/ndjson"),
      ("spark", #"it\'s here/ndjson"#),
    ])
  func quotes(engine: String, expected: String) throws {
    let folder = try TemporaryFolder()
    try makeDataset(in: folder)
    let text = try trailmerge("ddl", engine, "it's here", in: folder.url).output
    #expect(text.contains(expected))
  }

  @Test(
    "DuckDB reads the dataset at its own path and no other",
    .needs(.duckDB),
    arguments: ["a [2026-10]", "a*", "a?", "[ab]c", "[!a]b", "**", "env=prod", "x{1,2} 'q'"])
  func duckDBPaths(name: String) throws {
    let folder = try TemporaryFolder()
    try makeNeighbours(["a2", "axx", "ac", "bb", name], in: folder)
    let definitions = try trailmerge("ddl", "duckdb", "\(name)/out", in: folder.url)
    _ = try folder.write(definitions.output, to: "tables.sql")
    let answer = try duckDB(
      """
      import duckdb
      c = duckdb.connect()
      c.execute(open('tables.sql').read())
      for view in ['events_ndjson', 'events_flat']:
        print(*c.execute(f'select count(*), any_value(eventID) from {view}').fetchone())
        print('env' in [row[0] for row in c.execute(f'describe {view}').fetchall()])
      """, in: folder.url)
    #expect(answer == String(repeating: "1 \(name)\nFalse\n", count: 2))
  }

  @Test(
    "a place that an engine cannot read is refused with the reason",
    arguments: [
      ("duckdb", "/a\\b", "DuckDB takes a backslash for a slash"),
      ("duckdb", "s3://b/x?y", "DuckDB takes what follows a ? in a URL for settings"),
      ("duckdb", "s3://b/Account=1/x", "DuckDB takes Account=1 for the value of a column"),
      ("duckdb", "/eventname=x", "DuckDB takes eventname=x for the value of a column"),
      ("clickhouse", "/a*b", "to ClickHouse * is a wildcard, which nothing escapes"),
      ("clickhouse", "/a{1,2}", "to ClickHouse { is a wildcard, which nothing escapes"),
      ("clickhouse", "s3://b/a?b", "to ClickHouse ? is a wildcard, which nothing escapes"),
      ("athena", "s3://b/a[b]", "Athena forbids wildcards in a location, such as ["),
      ("athena", "bucket/nightly", "Athena reads S3 only"),
      ("pandas", "s3://b/nightly", "the script reads files of this machine only"),
    ])
  func refusals(engine: String, location: String, reason: String) throws {
    let folder = try TemporaryFolder()
    try makeNeighbours(["x"], in: folder)
    let result = try trailmerge("ddl", engine, "x/out", "--location", location, in: folder.url)
    #expect(result.status == 64 && result.output.isEmpty)
    let remedy =
      location.hasPrefix("bucket")
      ? "s3://BUCKET/…" : "with another path to the dataset, such as a link's"
    #expect(result.errors == "trailmerge: \(location): \(reason); use --location \(remedy)\n")
  }

  @Test(
    "a path's own marks are escaped as the engine asks",
    arguments: [
      ("duckdb", "/a [b]*?", "'/a [[]b][*][?]/ndjson/**/part-*.ndjson'"),
      ("clickhouse", #"/a\[b]'"#, #"'/a\\[b]''/ndjson/**/part-*.ndjson'"#),
      ("clickhouse", "/account=1", "extract(_path, '.*/account=([^/]*)/')), "),
      ("spark", #"/a\${b}'"#, #"LOCATION '/a\\\u0024{b}\'/flat'"#),
      ("spark", "/a[b]", "maxStringLen '1073741824', `__globPaths__` 'false')"),
      ("athena", #"s3://b/it's\"#, #"LOCATION 's3://b/it\'s\\/ndjson/'"#),
    ])
  func escapes(engine: String, location: String, expected: String) throws {
    let folder = try TemporaryFolder()
    try makeNeighbours(["x"], in: folder)
    let result = try trailmerge("ddl", engine, "x/out", "--location", location, in: folder.url)
    #expect(result.status == 0)
    #expect(result.output.contains(expected))
  }

  @Test("who acted is the same in DuckDB's typed view as in a CSV", .needs(.duckDB))
  func typedView() throws {
    let folder = try TemporaryFolder()
    try makeDataset(in: folder)
    let definitions = try trailmerge("ddl", "duckdb", "it's here", in: folder.url)
    _ = try folder.write(definitions.output, to: "tables.sql")
    let answer = try duckDB(
      """
      import duckdb
      c = duckdb.connect()
      c.execute(open('tables.sql').read())
      print(c.execute("select count(distinct actor) > 3, typeof(any_value(eventTime)), typeof(any_value(readOnly)) from events_ndjson_typed").fetchone())
      small = "select ltrim(actor, chr(39)) from events_small"
      print(c.execute(f"select count(*) from (select ltrim(actor, chr(39)) from events_ndjson_typed except all {small})").fetchone())
      print(c.execute("select count(*) from events_ndjson where record->>'eventID' <> eventID").fetchone())
      """, in: folder.url)
    #expect(answer == "(True, 'TIMESTAMP', 'BOOLEAN')\n(0,)\n(0,)\n")
  }

  @Test("of a dataset without records every engine says that there is nothing to define")
  func empty() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(#"{"Records":[]}"#, to: "in.json")
    #expect(try trailmerge("consolidate", "in.json", "-o", "out", in: folder.url).status == 0)
    for engine in ["athena", "clickhouse", "duckdb", "pandas", "polars", "spark"] {
      let result = try trailmerge("ddl", engine, "out", in: folder.url)
      let mark = engine.hasPrefix("p") ? "#" : "--"
      #expect(result.status == 0)
      #expect(
        result.output == "\(mark) The dataset has no records yet: there is nothing to define.\n")
    }
  }

  @Test("every engine says its way out if there are records that it may refuse, and only then")
  func refusedRecords() throws {
    let folder = try TemporaryFolder()
    let record = #"{"eventID":"1","eventTime":"2026-11-19T10:00:00Z","userAgent":"\ud800"}"#
    _ = try folder.write(record, to: "in.json")
    _ = try folder.write(record.replacing("d800", with: "00e9"), to: "fine.json")
    for name in ["in", "fine"] {
      _ = try folder.write(
        """
        inputs: [\(name).json]
        dataset: out-\(name)
        outputs: [{ format: ndjson }, { format: ndjson, name: fixed, text: repaired, partitionBy: [] }]
        """, to: "\(name).yaml")
      #expect(try trailmerge("run", "\(name).yaml", in: folder.url).status == 0)
    }
    for engine in ["athena", "clickhouse", "duckdb", "spark"] {
      func says(_ dataset: String) throws -> Int {
        let result = try trailmerge("ddl", engine, dataset, in: folder.url)
        return result.output.ranges(of: "alf a surrogate pair").count
      }
      #expect(try says("out-in") == 1, "once, for the exact output: \(engine)")
      #expect(try says("out-fine") == 0, "\(engine)")
    }
    let fixed = try folder.text("out-in/fixed/part-00000.ndjson")
    #expect(fixed == record.replacing(#"\ud800"#, with: "\u{FFFD}") + "\n")
  }

  @Test("Athena takes keys for what they are, and lists partitions that it cannot work out")
  func athenaProperties() throws {
    let folder = try TemporaryFolder()
    try makeNeighbours(["x"], in: folder)
    _ = try folder.write(
      """
      inputs: [x/in.json]
      dataset: out
      outputs: [{ format: ndjson, partitionBy: [year, dt] }]
      """, to: "job.yaml")
    #expect(try trailmerge("run", "job.yaml", in: folder.url).status == 0)
    let text = try trailmerge("ddl", "athena", "out", in: folder.url).output
    #expect(text.contains("'case.insensitive' = 'FALSE'"))
    #expect(text.contains("'mapping.eventname' = 'eventName'"))
    #expect(text.contains("DROP TABLE IF EXISTS `events_ndjson`;"))
    #expect(!text.contains("projection.enabled"))
    #expect(text.contains("-- Partitions are in the catalogue: "))
  }

  @Test("each output has a table of its own, whatever its name")
  func tableNames() throws {
    let folder = try TemporaryFolder()
    try makeNeighbours(["x"], in: folder)
    let names = ["a-b", "a.b", "x", "x-typed", "x-records"]
    _ = try folder.write(
      """
      inputs: [x/in.json]
      dataset: out
      outputs: [\(names.map { "{ format: ndjson, name: \($0) }" }.joined(separator: ", "))]
      """, to: "job.yaml")
    #expect(try trailmerge("run", "job.yaml", in: folder.url).status == 0)
    let text = try trailmerge("ddl", "clickhouse", "out", in: folder.url).output
    let views = text.split(separator: "\n").filter { $0.hasPrefix("CREATE OR REPLACE VIEW ") }
    #expect(views.count == 15)
    #expect(Set(views).count == views.count)
    #expect(text.contains("VIEW events_a_b_2_typed AS"))
    #expect(text.contains("VIEW events_x_typed_2 AS"))
  }

  @Test("columns of a job have other names than those that an engine has for its own")
  func engineColumns() throws {
    let folder = try TemporaryFolder()
    try makeNeighbours(["x"], in: folder)
    _ = try folder.write(
      """
      inputs: [x/in.json]
      dataset: out
      outputs: [{ format: csv, columns: [eventID as _path, eventName as _corrupt_record] }]
      """, to: "job.yaml")
    #expect(try trailmerge("run", "job.yaml", in: folder.url).status == 0)
    let clickHouse = try trailmerge("ddl", "clickhouse", "out", in: folder.url).output
    #expect(clickHouse.contains("`_path_2` String"))
    #expect(!clickHouse.contains("`_path` String"))
    let spark = try trailmerge("ddl", "spark", "out", in: folder.url).output
    #expect(spark.contains("columnNameOfCorruptRecord '_corrupt_record_'"))
  }

  @Test(
    "a choice that an engine does not have is wrong usage",
    arguments: [
      ["clickhouse", "--temporary"], ["spark", "--parquet", "p"], ["duckdb", "--no-projection"],
    ])
  func choices(arguments: [String]) throws {
    let result = try trailmerge(["ddl", arguments[0], "x"] + arguments.dropFirst())
    #expect(result.status == 64)
    #expect(result.errors.contains("\(arguments[1].replacing("--no-", with: "--")) is for "))
  }

  @Test("an unknown engine and a folder without a dataset are wrong usage")
  func wrongUsage() throws {
    #expect(try trailmerge("ddl", "oracle", "Jobs").status == 64)
    let result = try trailmerge("ddl", "duckdb", "Jobs")
    #expect(result.status == 64)
    #expect(result.errors.contains("is not a dataset"))
  }
}
