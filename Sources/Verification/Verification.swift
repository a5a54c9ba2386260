public import Bytes
import CloudTrail
import Dataset
public import JobFiles
import Synchronization
public import Writing

/// Reads a dataset again, all of it, and compares it with its manifest.
///
/// Nothing is written unless `repairing`, except for the lock.
///
/// - Parameters:
///   - dataset: The dataset's folder.
///   - repairing: Whether to make again what the store has the records for, and to finish the commit of
///     a run that died.
///   - job: The job that made the dataset, for a repair of a root that is lost.
///   - mapping: Spreads the files over threads.
///   - formats: The formats that the dataset's outputs may have.
///   - log: Hears of every file that was read.
/// - Returns: Everything that is not as it was committed.
/// - Throws: `DatasetError.absent` when there is no dataset, `locked` while a run works on it,
///   `damaged` when the manifest cannot be understood; no other damage throws.
public func verify(
  _ dataset: Path, repairing: Bool = false, job: JobFingerprint? = nil,
  mapping: some ParallelMapping = SequentialMapping(),
  formats: [any OutputFormat] = OutputFormats.all, log: DetailLog = .off
) throws -> VerificationReport {
  let isCommitting = try FileSystem.isThere(DatasetLayout(dataset).journal)
  let layout = DatasetLayout(
    try DatasetLayout.existing(dataset, withoutRoot: repairing || isCommitting))
  let start = Clock.steadySeconds
  // Held until the end of the function.
  let lock = repairing ? try DatasetLock(layout, waiting: 0) : try lockForReading(layout)
  defer { lock?.release() }
  var report: VerificationReport
  if repairing {
    report = try DatasetRepair(layout, formats, log).run(mapping, job: job)
  } else if try FileSystem.isThere(layout.journal) {
    report = VerificationReport()
    report.dataset = layout.root
    report.problems = [try pendingCommit(layout)]
  } else {
    report = try Verification(layout, formats: formats, log: log).run(mapping)
  }
  report.seconds = Clock.steadySeconds - start
  return report
}

/// What is wrong with a dataset that has a journal.
private func pendingCommit(_ layout: DatasetLayout) throws -> VerificationReport.Problem {
  var what =
    "a run died in the middle of its commit, and nothing can be said before it is finished: the "
    + "next run does that, and so does --repair"
  do {
    _ = try Journal(layout)
  } catch DatasetError.damaged(layout.journal, let damage) {
    what =
      "is damaged (\(damage)), and nothing can be said before the commit that it is about is ended: "
      + "--repair finishes or undoes it, where the files tell how"
  }
  return .init(path: DatasetFile.journal.path, what: what, remedy: .repair)
}

/// Keeps runs away while a dataset is read, as far as this user may.
private func lockForReading(_ layout: DatasetLayout) throws -> DatasetLock? {
  do {
    return try DatasetLock(layout, waiting: 0)
  } catch let error as FileError {
    guard error.isReadOnly else { throw error }
  }
  do {
    // Who may not write to the file can hold its lock all the same.
    return try DatasetLock(layout, waiting: 0, mode: .reading)
  } catch let error as FileError {
    guard error.isPermission || error.isNotFound else { throw error }
    return nil
  }
}

/// One verification, step by step.
struct Verification: Sendable {
  let dataset: StoredDataset
  let outputs: CommittedOutputs
  /// The lists of all periods together.
  let contents: PartitionList
  private let log: DetailLog

  private var layout: DatasetLayout { dataset.layout }

  init(_ layout: DatasetLayout, formats: [any OutputFormat], log: DetailLog) throws {
    self.log = log
    dataset = try StoredDataset(layout)
    contents = TreeCheck(dataset).contents()
    outputs = try CommittedOutputs(dataset, contents, formats: formats)
  }

  func run(_ workers: some ParallelMapping) throws -> VerificationReport {
    var report = VerificationReport()
    report.dataset = layout.root
    report.problems += try TreeCheck(dataset).run(workers)
    log.note("checked the files that the manifest names")
    let isWholeTree = report.problems.isEmpty
    try checkPartitions(OpenIndexes(dataset), &report, workers)
    if isWholeTree { report.problems += totals() }
    let index = try IndexCheck(dataset, contents).run(workers, isWholeTree: isWholeTree)
    report.problems += index.filter { $0.remedy != .run }
    log.note("checked the index")
    report.problems += try SideFileCheck(dataset).run()
    log.note("checked conflicts and rejected records")
    report.problems += try ValidationFileCheck(dataset).run()
    log.note("checked what is known of digests")
    let strays = try StrayCheck(dataset, contents).run()
    log.note("looked for files that nobody committed")
    report.problems += strays.problems
    report.notes = strays.notes + index.filter { $0.remedy == .run }
    report.strictReadersRefuse = try dataset.strictReadersRefuse(of: contents.cells)
    report.problems.sort { ($0.path, $0.what) < ($1.path, $1.what) }
    return report
  }

  /// Reads every committed file, a cell of the store or a partition of another output at a time.
  private func checkPartitions(
    _ indexes: OpenIndexes, _ report: inout VerificationReport, _ workers: some ParallelMapping
  ) throws {
    let store = outputs.partitions.filter { $0.output == 0 }
    let cells = Dictionary(grouping: store) { $0.cells.first }
      .sorted { ($0.key?.day ?? .distantPast) < ($1.key?.day ?? .distantPast) }.map(\.value)
    let tasks = cells + outputs.partitions.filter { $0.output != 0 }.map { [$0] }
    let shared = Mutex(report)
    try workers.forEach(tasks.count) { number in
      var check = try PartitionCheck(layout, contents)
      try check.check(tasks[number], in: outputs, indexes)
      noteFiles(of: tasks[number])
      shared.withLock { report in
        report.problems += check.problems
        report.fileCount += check.fileCount
        report.byteCount += check.byteCount
        report.partitionCount += tasks[number].count
        if tasks[number].first?.output == 0 { report.recordCount += check.recordCount }
      }
    }
    report = shared.withLock { $0 }
  }

  private func noteFiles(of partitions: [CommittedOutputs.Partition]) {
    for partition in partitions {
      for part in contents.partitions[partition.folder] ?? [] {
        log.note(
          "checked \(printable(partition.folder.appending(part.name))): "
            + counted(part.recordCount, "record"))
      }
    }
  }

  /// What does not add up in the manifest itself.
  private func totals() -> [VerificationReport.Problem] {
    let path = DatasetFile.manifest.path
    var problems: [VerificationReport.Problem] = []
    let expected = Set(outputs.partitions.map(\.folder))
    for folder in contents.partitions.keys.sorted() where !expected.contains(folder) {
      problems.append(
        .init(path: path, what: "has the partition \(folder) of no output", remedy: .rebuild))
    }
    var counts = Array(repeating: 0, count: outputs.all.count)
    for partition in outputs.partitions {
      let parts = contents.partitions[partition.folder] ?? []
      counts[partition.output] += parts.reduce(0) { $0 + $1.recordCount }
    }
    for (output, count) in zip(outputs.all, counts)
    where count != dataset.manifest.totals.recordCount {
      let what =
        "counts \(count) records in \(output.name) and \(dataset.manifest.totals.recordCount) in all cells"
      problems.append(.init(path: path, what: what, remedy: .rebuild))
    }
    return problems
  }
}

extension PartitionCheck {
  /// Checks a cell of the store against its rows in the index, or one partition of another output.
  mutating func check(
    _ partitions: [CommittedOutputs.Partition], in outputs: CommittedOutputs,
    _ indexes: OpenIndexes
  ) throws {
    guard let first = partitions.first else { return }
    let output = outputs.all[first.output]
    guard first.output == 0, let cell = first.cells.first else {
      return try check(partitions, of: output, rows: nil, remedy: .repair)
    }
    // What is wrong with the index itself, the index's check reports.
    let index = try? indexes.index(of: cell.eventDay)
    let rows = index.flatMap { index in index.cells[cell].map { IndexRows(index, $0) } }
    try check(partitions, of: output, rows: rows, remedy: .rebuild)
  }
}
