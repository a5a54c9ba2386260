import Foundation
import TestSupport
import Testing

/// `verify` and `status` as a user meets them.
struct StatusCommandTests {
  /// A small dataset whose only output is a CSV, so that the records are in the hidden store.
  private func dataset(in folder: TemporaryFolder) throws {
    _ = try trailmerge(
      "sample", "in", "--events", "200", "--days", "3", "--no-digests", in: folder.url)
    let result = try trailmerge(
      "consolidate", "in", "-o", "out", "--format", "csv", "--partition-by", "dt", in: folder.url)
    #expect(result.status == 0)
  }

  @Test("verify exits 0 on a whole dataset, 4 on a changed one, and 0 again once it is repaired")
  func verify() throws {
    let folder = try TemporaryFolder()
    try dataset(in: folder)
    let whole = try trailmerge("verify", "out", in: folder.url)
    #expect(whole.status == 0)
    #expect(whole.output.contains("all is as it was committed"))

    _ = try folder.write("x", to: "out/csv/dt=2026-11-02/part-00000.csv")
    let changed = try trailmerge("verify", "out", in: folder.url)
    #expect(changed.status == 4)
    #expect(changed.output.contains("csv/dt=2026-11-02/part-00000.csv: has 1 bytes, not the "))
    #expect(changed.output.contains("verify --repair"))

    let json = try trailmerge("verify", "out", "--report", "json", in: folder.url)
    #expect(json.status == 4)
    #expect(json.output.contains(#""remedy":"repair""#))

    #expect(try trailmerge("verify", "out", "--repair", in: folder.url).status == 0)
    #expect(try trailmerge("verify", "out", in: folder.url).status == 0)
  }

  @Test("status shows rows as text, JSON and CSV, and draws a page that others cannot read")
  func status() throws {
    let folder = try TemporaryFolder()
    try dataset(in: folder)
    let text = try trailmerge("status", "out", "--html", "page.html", in: folder.url)
    #expect(text.status == 0)
    #expect(text.output.contains("account region"))
    #expect(!text.output.contains("\u{1B}"))
    let page = try folder.text("page.html")
    #expect(page.hasPrefix("<!DOCTYPE html>"))
    #expect(page.contains("Most frequent events"))
    let mode =
      try FileManager.default.attributesOfItem(
        atPath: folder.url.appending(path: "page.html").path)[.posixPermissions] as? Int
    #expect((mode ?? 0) & 0o007 == 0)

    let json = try trailmerge("status", "out", "--format", "json", in: folder.url).output
    let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    #expect(object?["records"] as? Int == 200)
    let csv = try trailmerge("status", "out", "--format", "csv", in: folder.url).output
    #expect(csv.hasPrefix("family,account,region,dt,files,records,first,last,hole,kind,listed,"))
  }

  @Test("what is kept beside the records is named by the run, and by the status ever after")
  func keptAside() throws {
    let folder = try TemporaryFolder()
    let records = [
      #"{"eventID":"no-time"}"#,
      #"{"eventTime":"2026-11-19T00:00:00Z","eventID":"a","text":"first"}"#,
      #"{"eventTime":"2026-11-19T00:00:00Z","eventID":"a","text":"second"}"#,
    ]
    _ = try folder.write("{\"Records\":[\(records.joined(separator: ","))]}", to: "a.json")
    let first = try trailmerge("consolidate", "a.json", "-o", "out", in: folder.url)
    #expect(first.status == 3)
    #expect(first.output.contains("  rejected  1 record: kept, with why and from where, in "))
    #expect(first.output.contains("/out/_trailmerge/rejected\n"))

    let second = try trailmerge("consolidate", "a.json", "-o", "out", in: folder.url)
    #expect(second.status == 0)
    #expect(!second.output.contains("rejected"))
    let text = try trailmerge("status", "out", in: folder.url).output
    #expect(
      text.contains("kept      1 record without a usable eventTime, in _trailmerge/rejected\n"))
    #expect(
      text.contains(
        "kept      1 text that lost to another with the same eventID, in _trailmerge/conflicts\n"))
    let json = try trailmerge("status", "out", "--format", "json", in: folder.url).output
    #expect(json.contains(#""conflicts":1,"rejected":1"#))
  }

  @Test(
    "a row leads to its signed object and the digest by the query of Output/README.md",
    .needs(.duckDB))
  func provenance() throws {
    let folder = try TemporaryFolder()
    _ = try trailmerge("sample", "in", "--events", "200", "--days", "1", in: folder.url)
    let run = try trailmerge(
      "consolidate", "in", "-o", "Output/checked", "--provenance", "--validate", "--public-keys",
      "in/public-keys.json", "--signatures", "in/signatures.json", in: folder.url)
    #expect(run.status == 0)
    let query = try #require(
      try Readme("Output/README.md").blocks("sql").first { $0.contains("_trailmerge/digests") })
    _ = try folder.write(query, to: "query.sql")
    let answer = try duckDB(
      """
      import duckdb
      rows = duckdb.sql(open('query.sql').read()).fetchall()
      print(len({row[0] for row in rows}))
      print(all(row[3].startswith('s3://example-trail-logs/AWSLogs/') for row in rows))
      print(all(row[1].endswith(row[3].split('example-trail-logs/')[1]) for row in rows))
      """, in: folder.url)
    #expect(answer == "200\nTrue\nTrue\n")
  }

  @Test("status shows a file that a digest lists and that never came")
  func absentFile() throws {
    let folder = try TemporaryFolder()
    _ = try trailmerge("sample", "in", "--events", "200", "--days", "1", in: folder.url)
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.url.path)
    let log = try #require(
      files.sorted().first { $0.contains("/CloudTrail/") && $0.hasSuffix(".json.gz") })
    try FileManager.default.removeItem(at: folder.url.appending(path: log))
    #expect(
      try trailmerge("consolidate", "in", "-o", "out", "--validate", in: folder.url).status == 4)
    let text = try trailmerge("status", "out", "--html", "page.html", in: folder.url)
    #expect(text.status == 0)
    #expect(text.output.contains(", 1 absent"))
    #expect(text.output.contains(": 1 listed file absent\n"))
    let name = URL(filePath: log).lastPathComponent
    #expect(try folder.text("page.html").contains(name))
    let json = try trailmerge("status", "out", "--format", "json", in: folder.url)
    #expect(json.output.contains(name))
  }

  @Test("a folder without a dataset is wrong usage", arguments: ["verify", "status"])
  func noDataset(command: String) throws {
    let result = try trailmerge(command, "Jobs")
    #expect(result.status == 64)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("Jobs is not a dataset"))
    #expect(
      !FileManager.default.fileExists(atPath: repository.appending(path: "Jobs/_trailmerge").path))
  }
}
