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
  private let log: DetailLog

  private var layout: DatasetLayout { dataset.layout }

  init(_ layout: DatasetLayout, formats: [any OutputFormat], log: DetailLog) throws {
    self.log = log
    dataset = try StoredDataset(layout)
    outputs = try CommittedOutputs(dataset, formats: formats)
  }

  func run(_ workers: some ParallelMapping) throws -> VerificationReport {
    var report = VerificationReport()
    report.dataset = layout.root
    report.problems += try TreeCheck(dataset).run(workers)
    log.note("checked the files that the manifest names")
    let isWholeTree = report.problems.isEmpty
    var lists = ListCheck(outputs)
    try checkPartitions(&lists, &report, workers)
    if isWholeTree { report.problems += lists.problems(dataset.manifest.totals) }
    let index = try IndexCheck(dataset, outputs).run(workers, isWholeTree: isWholeTree)
    report.problems += index.filter { $0.remedy != .run }
    log.note("checked the index")
    report.problems += try SideFileCheck(dataset).run()
    log.note("checked conflicts and rejected records")
    report.problems += try ValidationFileCheck(dataset).run()
    log.note("checked what is known of digests")
    let strays = try StrayCheck(dataset).run()
    log.note("looked for files that nobody committed")
    report.problems += strays.problems
    report.notes = strays.notes + index.filter { $0.remedy == .run }
    report.strictReadersRefuse = try dataset.strictReadersRefuse(of: lists.cellsWithFlaws)
    report.problems.sort { ($0.path, $0.what) < ($1.path, $1.what) }
    return report
  }

  /// Partitions that are checked together: all files of a cell of the store, or one of another output.
  private struct Task: Sendable {
    var partitions: [CommittedOutputs.Partition]
    var list: PartitionList
  }

  /// Bytes for indexes that are kept at hand: cells are asked for day by day, by a few workers at a time.
  private static let indexMemory = 32 << 20

  /// Enough for all threads to have work, and few enough to take little memory.
  private static let tasksAtOnce = 4096

  /// Reads every committed file, period by period.
  private func checkPartitions(
    _ lists: inout ListCheck, _ report: inout VerificationReport, _ workers: some ParallelMapping
  ) throws {
    let indexes = DayIndexes(dataset, memory: Verification.indexMemory)
    var tasks: [Task] = []
    for period in outputs.periods {
      let contents = outputs.contents(of: period)
      lists.add(contents)
      tasks += Verification.tasks(contents)
      guard tasks.count >= Verification.tasksAtOnce else { continue }
      try check(tasks, indexes, &report, workers)
      tasks = []
    }
    try check(tasks, indexes, &report, workers)
  }

  private static func tasks(_ contents: CommittedOutputs.Contents) -> [Task] {
    let ofStore = contents.partitions.filter { $0.output == 0 }
    let cells = Dictionary(grouping: ofStore, by: \.cell).values
    let others = contents.partitions.filter { $0.output != 0 }.map { [$0] }
    return (cells + others).map { Task(partitions: $0, list: contents.list) }
  }

  private func check(
    _ tasks: [Task], _ indexes: DayIndexes, _ report: inout VerificationReport,
    _ workers: some ParallelMapping
  ) throws {
    let shared = Mutex(report)
    try workers.forEach(tasks.count) { number in
      let task = tasks[number]
      var check = try PartitionCheck(layout, task.list)
      try check.check(task.partitions, in: outputs, indexes)
      noteFiles(of: task)
      shared.withLock { report in
        report.problems += check.problems
        report.fileCount += check.fileCount
        report.byteCount += check.byteCount
        report.partitionCount += task.partitions.count
        if task.partitions.first?.output == 0 { report.recordCount += check.recordCount }
      }
    }
    report = shared.withLock { $0 }
  }

  private func noteFiles(of task: Task) {
    for partition in task.partitions {
      for part in task.list.partitions[partition.folder] ?? [] {
        log.note(
          "checked \(printable(partition.folder.appending(part.name))): "
            + counted(part.recordCount, "record"))
      }
    }
  }
}

extension PartitionCheck {
  /// Checks a cell of the store against its rows in the index, or one partition of another output.
  mutating func check(
    _ partitions: [CommittedOutputs.Partition], in outputs: CommittedOutputs,
    _ indexes: DayIndexes
  ) throws {
    guard let first = partitions.first else { return }
    let output = outputs.all[first.output]
    guard first.output == 0 else {
      return try check(partitions, of: output, rows: nil, remedy: .repair)
    }
    // What is wrong with the index itself, the index's check reports.
    let index = try? indexes.index(of: first.cell.eventDay)
    let rows = index.flatMap { index in index.cells[first.cell].map { IndexRows(index, $0) } }
    try check(partitions, of: output, rows: rows, remedy: .rebuild)
  }
}
