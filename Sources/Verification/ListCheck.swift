import Bytes
import CloudTrail
import Dataset
import Writing

/// Checks what the lists of all periods add up to, one period after the other.
struct ListCheck {
  private let outputs: CommittedOutputs
  /// The records of each output.
  private var recordCounts: [Int]
  private var problems: [VerificationReport.Problem] = []
  /// Cells with records that strict readers of JSON refuse.
  private(set) var cellsWithFlaws: [Cell: CellSummary] = [:]

  init(_ outputs: CommittedOutputs) {
    self.outputs = outputs
    recordCounts = Array(repeating: 0, count: outputs.all.count)
  }

  mutating func add(_ contents: CommittedOutputs.Contents) {
    for (cell, summary) in contents.list.cells where summary.textFlaws.recordCount > 0 {
      cellsWithFlaws[cell] = summary
    }
    let expected = Set(contents.partitions.map(\.folder))
    for folder in contents.list.partitions.keys where !expected.contains(folder) {
      note("has the partition \(folder) of no output")
    }
    for partition in contents.partitions {
      let parts = contents.list.partitions[partition.folder] ?? []
      recordCounts[partition.output] += parts.reduce(0) { $0 + $1.recordCount }
    }
  }

  /// What does not add up in the manifest itself.
  consuming func problems(_ totals: Manifest.Totals) -> [VerificationReport.Problem] {
    for (output, count) in zip(outputs.all, recordCounts) where count != totals.recordCount {
      note("counts \(count) records in \(output.name) and \(totals.recordCount) in all cells")
    }
    return problems
  }

  private mutating func note(_ what: String) {
    problems.append(.init(path: DatasetFile.manifest.path, what: what, remedy: .rebuild))
  }
}
