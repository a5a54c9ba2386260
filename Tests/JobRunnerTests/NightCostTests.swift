import Bytes
import CloudTrail
import Dataset
import JobFiles
import TestSupport
import Testing

/// What a night reads of the days that it does not touch: their columns of identities, nothing else.
@Suite("A night")
struct NightCostTests {
  private let bench: Workbench

  init() throws {
    bench = try Workbench()
  }

  private func file(_ name: String, _ records: [String]) -> TreeFile {
    TreeFile(path: name, bytes: Array(records.joined(separator: "\n").utf8))
  }

  private func event(_ id: Int, day: Int, name: String = "GetObject") -> String {
    // The first half of a UUID is the same for ten events.
    """
    {"eventID":"\(10_000_000 + id / 10)-0000-4000-8000-\(100_000_000_000 + id)","eventTime":"2026-11-\(day)T05:00:00Z",\
    "eventName":"\(name)","recipientAccountId":"100000000001","awsRegion":"eu-west-1"}
    """
  }

  /// Flips a bit in the middle of every file of the dataset that is of the 19th and has a prefix.
  private func damage(_ prefix: String) throws {
    let files = try FileTree.read(bench.dataset()).filter {
      $0.path.hasPrefix(prefix) && $0.path.contains("2026-11-19")
    }
    #expect(!files.isEmpty, "\(prefix)")
    for file in files {
      var bytes = file.bytes
      bytes[bytes.count / 2] ^= 1
      try FileTree.write(bytes, to: file.path, in: bench.dataset())
    }
  }

  private func addToDay20(_ record: String) throws -> Dataset.ExitStatus {
    try bench.deliver([file("c.json", [record])])
    return try bench.run {
      $0.outputs = OutputVariant.byCell.outputs
      $0.metricsFile = bench.folder.appending("metrics")
      $0.failIfStale = 100 * 86_400
    }.ending
  }

  private func makeDays() throws {
    try bench.deliver([
      file("a.json", [event(10, day: 19)]), file("b.json", [event(20, day: 20)]),
    ])
    try bench.run { $0.outputs = OutputVariant.byCell.outputs }
  }

  @Test("opens nothing of another day but its column")
  func otherDay() throws {
    try makeDays()
    for prefix in ["ndjson/", "_trailmerge/index/", "_trailmerge/partitions/"] {
      try damage(prefix)
    }
    #expect(try addToDay20(event(30, day: 20)) == .complete)
  }

  @Test("believes no damaged column")
  func damagedColumn() throws {
    try makeDays()
    try damage("_trailmerge/identities/")
    #expect(throws: DatasetError.self) { try addToDay20(event(30, day: 20)) }
  }

  @Test("opens the index of another day where the first half of an identity meets")
  func meeting() throws {
    try makeDays()
    try damage("_trailmerge/index/")
    // UUIDs of the same first half: the index tells that they are two events.
    #expect(throws: DatasetError.self) { try addToDay20(event(11, day: 20)) }
  }

  @Test("finds the same event in other days, in any memory")
  func conflictsAcrossDays() throws {
    for name in ["grown", "at-once"] {
      var files: [TreeFile] = []
      for day in 10..<20 {
        files.append(
          file("\(day).json", (0..<300).map { event($0 * 10 + day % 10, day: day) }))
      }
      let late = (0..<900).map { event($0 * 3, day: 25, name: "AnotherName\($0)") }
      if name == "grown" {
        try bench.deliver(files)
        try bench.run(into: name)
      }
      try bench.deliver(files + [file("late.json", late)])
      let report = try bench.run(into: name)
      #expect(report.counts.records.conflicts + report.counts.records.replaced == 900)
      #expect(report.counts.records.isBalanced)
    }
    try bench.expectEqual("grown", "at-once")
  }
}
