import Bytes
import CloudTrail
import Dataset
import JobFiles
import JobRunner
import TestSupport
import Testing

/// The root counts the records that strict readers refuse, so that no run reads old days for it.
struct RefusedRecordTotalsTests {
  /// A log with one record for each hour; those of `flawed` have half a surrogate pair.
  private func log(_ day: Int, hours: Range<Int>, flawed: Set<Int> = []) -> TreeFile {
    let records = hours.map { hour in
      #"{"eventID":"\#(day)-\#(hour)","eventTime":"2026-11-\#(day)T\#(hour):00:00Z","#
        + #""userAgent":"a\#(flawed.contains(hour) ? "\\ud800" : "")"}"#
    }
    return TreeFile(
      path: "\(day)-\(hours.lowerBound).json",
      bytes: Array("{\"Records\":[\(records.joined(separator: ","))]}".utf8))
  }

  private func refused(_ bench: Workbench) throws -> Int {
    try Manifest(of: DatasetLayout(Path(bench.dataset()))).totals.textFlaws.recordCount
  }

  @Test func `nights add to the count, and a rebuild without their files takes off`() throws {
    let bench = try Workbench()
    try bench.deliver([log(18, hours: 10..<20, flawed: [11, 12])])
    #expect(try bench.run().counts.strictReadersRefuse.counts.recordCount == 2)
    #expect(try refused(bench) == 2)

    let late = log(19, hours: 10..<20, flawed: [15])
    try bench.deliver([late])
    let second = try bench.run()
    #expect(second.counts.strictReadersRefuse.counts.recordCount == 3)
    #expect(second.counts.strictReadersRefuse.examples.count == 3)
    #expect(try refused(bench) == 3)
    #expect(try bench.run().counts.strictReadersRefuse == second.counts.strictReadersRefuse)

    try FileSystem.removeFile(Path(bench.input + "/" + late.path))
    try bench.run {
      $0.rebuild = true
      $0.allowLoss = true
    }
    #expect(try refused(bench) == 2)
  }

  @Test func `a night does not open the lists of other days`() throws {
    let bench = try Workbench()
    try bench.deliver([log(17, hours: 10..<20)])
    try bench.run()
    let layout = DatasetLayout(Path(bench.dataset()))
    let manifest = try Manifest(of: layout)
    let list = DatasetFile.partitions(Period(try #require(Day("2026-11-17")))).path
    #expect(manifest.files[list] != nil)
    try FileTree.write("damaged", to: list.description, in: bench.dataset())

    try bench.deliver([log(19, hours: 10..<20)])
    let report = try bench.run()
    #expect(report.ending == .complete && report.notes.isEmpty)
    #expect(report.counts.records.written == 10)
  }
}
