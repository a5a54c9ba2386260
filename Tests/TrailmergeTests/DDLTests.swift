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

  @Test("an unknown engine and a folder without a dataset are wrong usage")
  func wrongUsage() throws {
    #expect(try trailmerge("ddl", "oracle", "Jobs").status == 64)
    let result = try trailmerge("ddl", "duckdb", "Jobs")
    #expect(result.status == 64)
    #expect(result.errors.contains("is not a dataset"))
  }
}
