import Bytes
import CloudTrail
import Dataset
import JobFiles
import Listing
import Reading
import Segments

/// The files that a run reads: those below the inputs that the job selects and the ledger does not
/// have.
struct NewInputs: Sendable {
  let roots: [InputRoot]
  let files: FilesToRead
  /// Numbers for the files, in the order of their paths.
  let sources: SourceTable
  /// What became of the files that are not read.
  let counts: RunCounts.Files
  /// Folders that could not be listed and files that could not be looked at.
  let failures: FirstElements<ReadFailure>
  /// Files read before that have other bytes now.
  let changed: FirstElements<Path>
  /// Where the fates of files go; those whose times were not known are noted.
  let ledger: LedgerUpdate

  /// Lists the inputs and compares them with the ledger.
  ///
  /// - Parameters:
  ///   - job: Its inputs and its selection.
  ///   - baseline: The dataset.
  ///   - scratch: Takes what is more than a little memory holds.
  ///   - memory: The budget in bytes.
  ///   - workers: List the inputs' folders, and take hashes.
  ///   - log: Hears why files are not read, or read again.
  /// - Returns: The files to read, and what became of the others.
  /// - Throws: `FileError` and `RunError.usage` for an input that cannot be used;
  ///   `RunError.emptyInputs`; `DatasetError` for a ledger that is not as it was committed; `Stopped`.
  static func choose(
    _ job: Job, _ baseline: Baseline, scratch: ScratchFolder, memory: Int, on workers: Workers,
    log: DetailLog
  ) throws -> NewInputs {
    let roots = try job.inputRoots()
    let share = min(memory / 8, 8 << 20)
    let ledger = LedgerUpdate(memory: share) { try scratch.path($0) }
    let choice = FileChoice(job, baseline.stored, ledger, share, scratch, workers, log)
    let sources = SourceTable { try scratch.path("sources") }
    let discovery = try job.discover(
      roots, dataset: baseline.layout.root, sources, scratch, memory: share, on: workers, log
    ) { try choice.take($0) }
    if let replaced = baseline.replaced, replaced.manifest.holdsRecords, discovery.foundCount == 0 {
      throw RunError.emptyInputs(
        baseline.layout.root, recordCount: replaced.manifest.totals.recordCount)
    }
    let files = try choice.finish()
    var counts = choice.counts
    counts.found = discovery.foundCount
    counts.skipped.merge(discovery.skipped, uniquingKeysWith: +)
    counts.failed = discovery.failures.count
    return NewInputs(
      roots: roots, files: files, sources: sources, counts: counts, failures: discovery.failures,
      changed: choice.changed, ledger: ledger)
  }

  /// Where the ledger keeps what is known of a file that is read.
  ///
  /// - Parameter number: The file's.
  /// - Returns: Its delivery.
  /// - Throws: `FileError` when a temporary file cannot be read.
  func slot(of number: UInt32) throws -> DeliverySlot {
    DeliverySlot(day: try sources.delivery(number), source: try sources.path(number))
  }
}

/// Decides for each listed file whether it is read.
private final class FileChoice {
  private(set) var counts = RunCounts.Files()
  private(set) var changed = FirstElements<Path>()

  private let filter: FileFilter
  /// Nil when nothing was read yet.
  private var known: FileComparison?
  private let order: ReadingOrder
  private let log: DetailLog

  init(
    _ job: Job, _ stored: StoredDataset, _ update: LedgerUpdate, _ memory: Int,
    _ scratch: ScratchFolder, _ workers: Workers, _ log: DetailLog
  ) {
    filter = job.select.fileFilter
    self.log = log
    order = ReadingOrder(memory: memory) { try scratch.path("files") }
    let ledger = Ledger(stored)
    if job.isRebuild || ledger.isEmpty { return }
    known = FileComparison(job, ledger, update, memory, scratch, workers)
  }

  /// Takes files that may be read.
  func take(_ group: FileGroup) throws {
    guard filter.takes(group.facts) else {
      // They do not enter the ledger: they were not read.
      counts.skipped["not selected", default: 0] += group.files.count
      for file in group.files {
        log.note("skipped \(printable(group.source(of: file))): not selected")
      }
      return
    }
    if let known { try known.take(group) } else { try order.add(group) }
  }

  /// The files to read.
  func finish() throws -> FilesToRead {
    try known?.compare { group, fates in
      let chosen = zip(group.files, fates).filter { file, fate in
        note(fate, of: group.source(of: file))
      }
      try order.add(group.with(chosen.map(\.0)))
    }
    known = nil
    return try order.finish()
  }

  /// Notes what becomes of a file; returns whether it is read.
  private func note(_ fate: FileFate, of source: Path) -> Bool {
    switch fate {
    case .isNew: return true
    case .isTriedAgain:
      log.note("reads \(printable(source)) again: it failed before")
      return true
    case .lacksHash:
      log.note("reads \(printable(source)) again: digests are compared with its hash")
      return true
    case .hasPassed:
      log.note("reads \(printable(source)) again: to has passed events that it left out")
      return true
    case .hasChanged:
      changed.add(source)
      log.note("reads \(printable(source)) again: it has changed")
      return true
    case .isKnown:
      counts.alreadyRead += 1
      return false
    case .isNoLog(let what):
      log.note("skipped \(printable(source)): \(what.rawValue)")
      counts.skipped[what.rawValue, default: 0] += 1
      return false
    }
  }
}

extension Job {
  /// Finds the inputs' files: all, or those of a list.
  fileprivate func discover(
    _ roots: [InputRoot], dataset: Path, _ sources: SourceTable, _ scratch: ScratchFolder,
    memory: Int, on workers: Workers, _ log: DetailLog, _ take: (FileGroup) throws -> Void
  ) throws -> Discovery {
    let families = Set(families)
    guard let filesFrom else {
      return try Reading.discover(
        in: FolderSource(roots, dataset: dataset, wanting: shard?.names), families: families,
        shard: shard, sources: sources, mapping: workers, log: log, take)
    }
    let source = ListSource(
      filesFrom == "-" ? "/dev/stdin" : Path(filesFrom), of: roots, dataset: dataset,
      memory: memory
    ) { try scratch.path("list") }
    return try Reading.discover(
      in: source, families: families, shard: shard, sources: sources, mapping: workers, log: log,
      take)
  }

  /// Checks that the inputs themselves are there and may be read.
  ///
  /// - Throws: `FileError`; `RunError.usage` for what is neither a file nor a folder.
  func checkInputs() throws {
    for input in inputs {
      let path = Path(input.path)
      switch try FileSystem.status(path).kind {
      case .folder: _ = try OpenFolder(path)
      case .file, .link: try FileSystem.checkReadable(path)
      case .other:
        throw RunError.usage(
          "\(input.written) is neither a file nor a folder: what a pipe gives cannot be read again")
      }
    }
  }
}
