import Foundation
import TestSupport
import Testing

struct DDLTests {
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
