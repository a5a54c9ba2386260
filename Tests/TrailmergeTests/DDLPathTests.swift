import Foundation
import TestSupport
import Testing

/// Paths in the definitions: what an engine would take for a wildcard or for the end of a text.
struct DDLPathTests {
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
}
