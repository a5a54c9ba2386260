import Bytes
import CloudTrail
import Dataset
import JobFiles
import Reading
import Segments
import Writing

/// A dataset that is merged into another, and only read.
struct MergeOperand: Sendable {
  let dataset: StoredDataset
  /// The hash of its manifest.
  let root: SHA256Digest
  /// What of it is taken; all without one.
  var selection: CellSelection?

  var manifest: Manifest { dataset.manifest }

  var path: Path { dataset.layout.root }

  var fingerprint: JobFingerprint { JobFingerprint(lines: manifest.job) }

  /// Opens a dataset to read it.
  ///
  /// `count`: How many are opened.
  ///
  /// - Throws: `RunError.pendingCommit`; `DatasetError` for what is no dataset, or a damaged one.
  init(_ folder: Path, among count: Int = 1) throws {
    let layout = DatasetLayout(try DatasetLayout.existing(folder))
    guard try !FileSystem.isThere(layout.journal) else { throw RunError.pendingCommit(folder) }
    let commit = LastCommit(layout)
    let json = try layout.rootBytes()
    root = SHA256Digest(of: json.span)
    dataset = StoredDataset(
      layout, try Manifest(json: json, path: layout.manifest),
      // A run may have committed while the manifest was read.
      lastCommit: LastCommit(layout) == commit ? commit : nil,
      listMemory: MergeOperand.memory / count)
  }

  /// Refuses to write into the dataset, which would then have files that are not its own.
  ///
  /// `target`: A folder that may not be there yet.
  ///
  /// - Throws: `RunError.usage` for a folder below the dataset's.
  func checkIsOutside(_ target: Path) throws {
    var folder = target
    while try !FileSystem.isThere(folder), folder.parent != folder { folder = folder.parent }
    let place = try FileSystem.resolved(folder)
    if place.isAt(orBelow: path) && (place != path || folder != target) {
      throw RunError.usage("\(target) is inside the dataset \(path), which is only read")
    }
  }

  /// What another dataset is merged from its cells.
  func cells(
    _ sources: SourceTable, plan: OutputPlan, encoder: String, longRecords: LongRecords,
    among count: Int, _ taking: OperandCells.Taking
  ) throws -> OperandCells {
    OperandCells(
      dataset, sources,
      outputs: try OutputPlan(fingerprint.outputs(), hiddenStore: manifest.storeCompression),
      plan: plan, encoder: encoder, indexMemory: MergeOperand.memory / count,
      longRecords: longRecords, taking: taking)
  }

  /// Bytes of lists, and as many of indexes, that all operands together keep at hand.
  private static let memory = 4 << 20

  /// The event days of which something is taken, in order.
  var days: [Day] { dataset.days.filter { selection?.takes($0) ?? true } }

  /// The cells of a day that are taken.
  ///
  /// - Throws: `DatasetError` when the list of the day is not as it was committed.
  func cells(of day: Day) throws -> [Cell] {
    let cells = try dataset.list(Period(day)).cells.keys
    return cells.filter { selection?.takes($0) ?? true }
  }

  /// The deliveries of which there is a kind of file.
  func slots(of kind: DatasetFile.DeliveryKind) -> [DeliverySlot] {
    manifest.files { file in
      if case .ofDelivery(kind, let slot) = file { slot } else { nil }
    }
  }
}

extension Manifest {
  /// Whether the dataset has all that another one holds of a day, since it was made from days that were
  /// carved out of that.
  ///
  /// `root`: The hash of the other's manifest.
  func hasAll(of day: Day, in root: SHA256Digest) -> Bool {
    parts.contains { part in
      guard part.whole == root, let carved = part.carved.flatMap(CellSelection.init(days:))
      else { return false }
      return carved.takes(day)
    }
  }
}

/// Which cells of a dataset are taken.
struct CellSelection: Sendable {
  /// As they were asked for: globs, as a job has them; none for all.
  private(set) var accounts: Set<String> = []
  private var globs: [Glob] = []
  var first: Day?
  /// The first day that is not taken any more.
  var end: Day?

  init(accounts: [String] = [], first: Day? = nil, end: Day? = nil) {
    self.accounts = Set(accounts)
    globs = accounts.map { Glob($0) }
    (self.first, self.end) = (first, end)
  }

  func takes(_ day: Day) -> Bool {
    if let first, day < first { return false }
    return end.map { day < $0 } ?? true
  }

  func takes(_ cell: Cell) -> Bool {
    takes(cell.day) && takes(account: cell.account.decoded)
  }

  /// `account`: Decoded.
  func takes(account: [UInt8]) -> Bool {
    globs.isEmpty || globs.contains { $0.matches(account.span) }
  }
}

/// What several datasets must have in common to be merged.
struct MergeRules {
  /// The job as the manifest of the result will have it.
  let job: [String]
  let outputs: [OutputSpecification]
  /// What compresses the result's gzip outputs.
  let encoder: String
  /// How the result's store is written if it is none of its outputs.
  let storeCompression: StoreCompression

  /// - Parameters:
  ///   - operands: The datasets.
  ///   - target: What the result holds already; nil for a new dataset.
  ///   - job: What decides the outputs; nil for those of the datasets.
  /// - Throws: `RunError.otherKey` for the first key that is not the same; `jobChanged` for a target that
  ///   another job made; `JobFileError` for outputs that nobody knows.
  init(_ operands: [MergeOperand], into target: StoredDataset?, job: Job?) throws {
    let first =
      target.map { ($0.layout.root, $0.manifest) }
      ?? operands.first.map {
        ($0.path, $0.manifest)
      }
    guard let (path, manifest) = first else { throw RunError.usage("nothing to merge") }
    let fingerprint = job.map { JobFingerprint($0) } ?? JobFingerprint(lines: manifest.job)
    self.job = fingerprint.lines
    outputs = try job?.outputs ?? fingerprint.outputs()
    if let target, job != nil {
      let changes = JobFingerprint(lines: target.manifest.job).changes(to: fingerprint)
      if !changes.isEmpty { throw RunError.jobChanged(path, changes) }
    }
    for operand in operands {
      if let change = operand.fingerprint.firstDifference(from: fingerprint) {
        throw RunError.otherKey(
          operand.path, key: change.key, change.before, other: change.after)
      }
      guard job == nil, try operand.fingerprint.outputs() != outputs else { continue }
      throw RunError.otherKey(operand.path, key: "outputs", "others", other: "those of \(path)")
    }
    let encoders = Set(operands.map(\.manifest.encoder))
    let common = encoders.count == 1 ? encoders.first : nil
    let kept = target.flatMap { $0.manifest.encoder.isEmpty ? nil : $0.manifest.encoder }
    encoder = kept ?? common ?? GzipDeflater.name
    // The result of pieces of an older dataset is that dataset, byte for byte.
    let hiddenStores = operands.map(\.manifest).filter { $0.store == DatasetLayout.storeOutput }
    let areOld = !hiddenStores.isEmpty && hiddenStores.allSatisfy { $0.storeCompression == .none }
    storeCompression = target?.manifest.keptStoreCompression ?? (areOld ? .none : .gzip)
  }
}
