import Bytes
import Dataset
import Foundation
import JobRunner
import TestSupport
import Testing

/// Files that were looked into and are no log: counted, remembered, and not opened again.
struct OtherFileTypeTests {
  private let log = #"{"eventID":"1","eventTime":"2026-11-19T10:00:00Z"}"#

  private func files(_ text: String) -> [TreeFile] {
    [
      TreeFile(path: "notes.txt", bytes: Array(text.utf8)),
      TreeFile(path: "events.log", bytes: Array(log.utf8)),
      TreeFile(path: "other.log", bytes: Array("{}".utf8)),
    ]
  }

  @Test func `are in the balance and in the ledger`() throws {
    let bench = try Workbench()
    try bench.deliver(files("some notes"))
    let skipped = ["other file type": 1, "no record": 1]
    for (read, alreadyRead) in [(1, 0), (0, 1), (0, 1)] {
      let report = try bench.run()
      #expect(report.counts.files.skipped == skipped)
      #expect(report.counts.files.read == read && report.counts.files.alreadyRead == alreadyRead)
      #expect(report.counts.files.isBalanced && report.ending == .complete)
    }
    let ledger = try Ledger(StoredDataset(DatasetLayout(Path(bench.dataset()))))
    let entries = try ledger.slots.flatMap { try ledger.entries($0).values }
    #expect(entries.filter(\.isNoLog).count == 2)
  }

  @Test func `are read once they have changed`() throws {
    let bench = try Workbench()
    try bench.deliver(files("some notes"))
    try bench.run()
    // The same size and date: nobody looks.
    let twin = String(repeating: " ", count: 10)
    try bench.deliver(files(twin))
    #expect(try bench.run().counts.files.skipped["other file type"] == 1)
    try bench.deliver([TreeFile(path: "notes.txt", bytes: Array((log + " ").utf8))])
    let report = try bench.run()
    #expect(report.counts.files.read == 1 && report.counts.records.duplicates == 1)
    #expect(report.changed.map(\.description) == ["input/notes.txt"])
  }

  @Test func `give the same night by night as at once`() throws {
    let bench = try Workbench()
    try bench.deliver(Array(files("notes").prefix(1)))
    try bench.run(into: "grown")
    try bench.deliver(files("notes"))
    try bench.run(into: "grown")
    try bench.run(into: "once")
    try bench.expectEqual("grown", "once")
  }

  @Test func `an unreadable one fails`() throws {
    let bench = try Workbench()
    let damaged = Array(try gzipped(Array(log.utf8)).dropLast(3))
    try bench.deliver([TreeFile(path: "events.log.gz", bytes: damaged)])
    let report = try bench.run()
    #expect(report.counts.files.failed == 1 && report.ending == .incomplete)
  }
}
