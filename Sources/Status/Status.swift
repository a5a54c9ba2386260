public import Bytes
import CloudTrail
public import Dataset
package import JobFiles
import Validation

/// Everything that is known of a dataset, gathered for one of the renderers.
public struct Status: Sendable {
  public let dataset: StoredDataset
  public private(set) var deliveries: Deliveries
  public let digests: DigestEvidence
  public let history: RunHistory
  public let matrix: Matrix
  public let findings: Findings
  let emptyDays: EmptyDays
  /// The stored records that strict readers of JSON refuse.
  public let strictReadersRefuse: StrictReadersRefuse
  /// Whether a run began a commit that is not at its end.
  public let isCommitPending: Bool
  /// Only when somebody went through the records.
  public private(set) var census: Census?

  /// Bytes for facts of digests that wait; the rest waits on disk.
  private static let evidenceMemory = 64 << 20

  /// Reads the manifest, the ledger, what is known of digests, and the reports of the last runs.
  ///
  /// - Parameters:
  ///   - dataset: Its folder.
  ///   - mapping: Spreads checks over threads.
  /// - Throws: `DatasetError.absent`, `damaged`, or `unfinished` where a commit is in the way.
  public init(_ dataset: Path, mapping: some ParallelMapping = SequentialMapping()) throws {
    let layout = DatasetLayout(try DatasetLayout.existing(dataset))
    let scratch = TemporaryFiles()
    defer { scratch.remove() }
    var status: Status?
    try StoredDataset.withoutLock(layout.root, waiting: Status.patience) { _ in
      status = try Status(layout) { stored, selected in
        try DigestEvidence(
          stored,
          ValidationResources(memory: Status.evidenceMemory) { try scratch.path() }, of: selected,
          mapping)
      }
    }
    guard let status else { throw DatasetError.absent(dataset) }
    self = status
  }

  /// Seconds to wait for the end of a commit.
  private static let patience = 10

  /// The status with what somebody else says of the digests.
  package init(
    _ layout: DatasetLayout, digests: (StoredDataset, SelectedDays) throws -> DigestEvidence
  ) throws {
    isCommitPending = try FileSystem.isThere(layout.journal)
    dataset = try StoredDataset(layout)
    let selected = SelectedDays(JobFingerprint(lines: dataset.manifest.job))
    deliveries = try Deliveries(dataset, of: selected)
    self.digests = try digests(dataset, selected)
    history = try RunHistory(layout, limit: 30)
    let cells = try dataset.cells()
    strictReadersRefuse = try dataset.strictReadersRefuse(of: cells)
    matrix = Matrix(cells, deliveries, self.digests, of: selected)
    let now = history.runs.first.flatMap { EventTime($0.finished.utf8.span) }
    findings = Findings(matrix, today: now?.day)
    emptyDays = EmptyDays(matrix, findings)
  }

  /// Adds what a pass over the records found.
  public mutating func take(_ census: Census) {
    self.census = census
    for trail in deliveries.trails.keys {
      deliveries.trails[trail]?.keptCount = census.kept[trail] ?? 0
    }
  }

  /// Sums over the whole dataset.
  public var totals: Manifest.Totals { dataset.manifest.totals }

  public var lastRun: PastRun? { history.runs.first }

  /// The name of the job, or of the folder.
  public var name: String {
    let job = lastRun?.job ?? ""
    return job.isEmpty ? Path(bytes: dataset.layout.root.lastComponent).description : job
  }
}

extension PartitionValue {
  /// The text as it was in the records, made safe for a terminal.
  var shown: String {
    self == .missing ? "(none)" : printable(decoded.span.text())
  }
}

/// `9 d 3 h`, `3 h 20 min`, `12 min`, `40 s`: the two largest units.
func duration(_ seconds: Int64) -> String {
  switch seconds {
  case 86_400...: "\(grouped(Int(seconds / 86_400))) d \(seconds / 3600 % 24) h"
  case 3600...: "\(seconds / 3600) h \(seconds / 60 % 60) min"
  case 60...: "\(seconds / 60) min"
  default: "\(seconds) s"
  }
}
