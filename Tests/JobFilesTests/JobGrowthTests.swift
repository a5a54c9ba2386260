import CloudTrail
import JobFiles
import Testing

/// Which values a dataset can go on with.
@Suite("A dataset that is there")
struct JobGrowthTests {
  private func changes(_ old: String, _ new: String) throws -> [String] {
    try JobFingerprint(job(old)).changes(to: JobFingerprint(job(new))).map(\.description)
  }

  @Test(
    "goes on with a job that takes more",
    arguments: [
      ("", "salvage: true"), ("salvage: false", "salvage: true"),
      ("", "maxInflated: 2GiB"), ("maxInflated: 1MiB", "maxInflated: 1048577"),
      ("", "validate: true"), ("", "publicKeys: [/keys]"),
      ("", "salvage: true\nvalidate: true\nmaxInflated: 1TiB"),
    ])
  func more(old: String, new: String) throws {
    #expect(try changes(old, new).isEmpty)
  }

  @Test(
    "refuses one that takes less",
    arguments: [
      ("salvage: true", "", "salvage: true -> false"),
      ("", "maxInflated: 1023MiB", "maxInflated: 1GiB -> 1023MiB"),
      ("maxInflated: 1500MB", "", "maxInflated: 1500000000 -> 1GiB"),
      ("validate: true", "", "validate: true -> false"),
      ("publicKeys: [/keys]", "", "validate: true -> false"),
    ])
  func less(old: String, new: String, change: String) throws {
    #expect(try changes(old, new) == [change])
    let found = try JobFingerprint(job(old)).changes(to: JobFingerprint(job(new)))
    #expect(found.map(\.takesLess) == [true])
  }

  /// A fingerprint as manifests had it that recorded fewer keys.
  private func older(_ yaml: String) throws -> JobFingerprint {
    let unrecorded = ["maxInflated", "salvage", "validate"]
    return JobFingerprint(
      lines: try JobFingerprint(job(yaml)).lines.filter { line in
        !unrecorded.contains { line.hasPrefix("\($0): ") }
          && !line.contains("].columns: [eventTime")
      })
  }

  @Test(
    "has no objection about what its manifest did not record",
    arguments: [
      "", "salvage: true", "maxInflated: 1MiB", "validate: true",
      "outputs: [{ format: ndjson }, { format: csv, columns: [\(Column.defaults.joined(separator: ", "))] }]",
    ])
  func unrecorded(new: String) throws {
    #expect(try older("").changes(to: JobFingerprint(job(new))).isEmpty)
  }

  @Test("knows that columns were the default ones where its manifest names none")
  func unrecordedColumns() throws {
    let changes = try older("").changes(
      to: JobFingerprint(job("outputs: [{ format: ndjson }, { format: csv, columns: [eventID] }]")))
    #expect(changes.map(\.key) == ["outputs[1].columns"])
    #expect(changes.first?.after == "[eventID]")
    #expect(changes.first?.before?.hasPrefix("[eventTime, ") == true)
  }
}
