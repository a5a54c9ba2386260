import Bytes
import Dataset
import JobFiles
import JobRunner
import Reading
import TestSupport
import Testing
import Writing

@Suite("A run and the slow, obvious merge")
struct OracleTests {
  @Test("agree on every byte, file and count, whatever the seed", arguments: seeds(30))
  func agree(_ seed: UInt64) throws {
    let bench = try Workbench()
    let tree = try NastyTree.files(seed: seed, count: 30)
    try bench.deliver(tree)
    let oracle = Oracle(tree)
    let report = try bench.run { $0.outputs = [OutputSpecification(NDJSON())] }

    #expect(
      FileTree.firstDifference(try written(bench.dataset()), expected(oracle)) == nil)
    #expect(try rejected(bench.dataset()) == lines(oracle.rejected).sorted())
    expectCounts(report, oracle)
    expectFiles(report, oracle)
  }

  /// The outputs, and the conflicts without their reasons, which are for people.
  private func written(_ dataset: String) throws -> [TreeFile] {
    try FileTree.read(dataset).filter { file in
      !file.path.hasPrefix("_trailmerge/") || file.path.hasPrefix("_trailmerge/conflicts/")
    }.map { file in
      guard file.path.hasPrefix("_trailmerge/") else { return file }
      return TreeFile(path: file.path, lines: withoutReasons(file))
    }
  }

  /// The lines of all rejected records.
  private func rejected(_ dataset: String) throws -> [String] {
    try FileTree.read(dataset).filter { $0.path.hasPrefix("_trailmerge/rejected/") }
      .flatMap(withoutReasons).sorted()
  }

  private func withoutReasons(_ file: TreeFile) -> [String] {
    String(decoding: file.bytes, as: UTF8.self).split(separator: "\n").map { line in
      guard let comma = line.firstRange(of: ",\"eventID\":") else { return String(line) }
      return "{" + line[line.index(after: comma.lowerBound)...]
    }
  }

  private func expected(_ oracle: Oracle) -> [TreeFile] {
    var files = oracle.conflicts.map { day, records in
      TreeFile(path: "_trailmerge/conflicts/\(day).ndjson", lines: lines(records))
    }
    for partition in oracle.partitions.keys {
      files.append(
        TreeFile(
          path: "ndjson/\(partition)/part-00000.ndjson", bytes: oracle.bytes(of: partition)))
    }
    return files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  private func lines(_ records: [Oracle.SideRecord]) -> [String] {
    records.map { record in
      let id = record.eventID.map { quoted($0) } ?? "null"
      let source = quoted(Array(Workbench.source(record.source).utf8))
      let text = String(decoding: record.record, as: UTF8.self)
      return #"{"eventID":\#(id),"source":\#(source),"index":\#(record.index),"record":\#(text)}"#
    }
  }

  private func quoted(_ text: [UInt8]) -> String {
    var json = ByteBuffer()
    JSONText.appendQuoted(text.span, to: &json)
    return json.bytes.text()
  }

  private func expectCounts(_ report: RunReport, _ oracle: Oracle) {
    let records = report.counts.records
    #expect(records.input == oracle.totals.recordsIn)
    #expect(records.written == oracle.totals.written)
    #expect(records.duplicates == oracle.totals.duplicates)
    #expect(records.conflicts == oracle.totals.conflicts)
    #expect(records.rejected == oracle.totals.rejected)
    #expect(records.isBalanced)
    #expect(report.datasetRecordCount == oracle.totals.written)
  }

  private func expectFiles(_ report: RunReport, _ oracle: Oracle) {
    var expected = RunReport().counts.files
    expected.found = oracle.files.count
    var failed: [String] = []
    var trailing: [String] = []
    for (path, outcome) in oracle.files {
      switch outcome {
      case .read(_, let hasTrailingData):
        expected.read += 1
        if hasTrailingData { trailing.append(Workbench.source(path)) }
      case .failed:
        expected.failed += 1
        failed.append(Workbench.source(path))
      case .skipped(let name): expected.skipped[name, default: 0] += 1
      }
    }
    #expect(report.counts.files == expected)
    #expect(report.failures.map(\.source.description) == failed)
    #expect(report.trailing.map(\.description) == trailing)
    let isDoubtful = !trailing.isEmpty
    let isIncomplete = !failed.isEmpty || oracle.totals.rejected > 0
    #expect(report.ending == (isDoubtful ? .integrity : isIncomplete ? .incomplete : .complete))
  }
}

extension TreeFile {
  fileprivate init(path: String, lines: [String]) {
    self.init(path: path, bytes: lines.flatMap { Array(($0 + "\n").utf8) })
  }
}
