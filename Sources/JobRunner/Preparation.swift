import Bytes
import CloudTrail
import Dataset
import JobFiles
import Listing
import Reading

/// What a run is about to do: the files to read, and the dataset they go into.
struct Preparation: Sendable {
  var layout: DatasetLayout
  /// What the dataset holds and keeps; empty when it is made again.
  var manifest: Manifest
  /// What is removed at the commit unless it is written again: all of a dataset made again.
  var replaced: Manifest?
  /// The inputs.
  var roots: [InputRoot]
  var discovery: Discovery
  /// The files to read, in reading order.
  var files: [InputFile]
  var counts = RunCounts()
  var changed: [Path] = []
  private let log: DetailLog

  /// Opens the dataset and compares the inputs with the ledger.
  ///
  /// `workers`: List the inputs' folders. `log`: Hears why files are not read, or read again.
  init(
    _ job: Job, _ layout: DatasetLayout, _ workers: Workers, log: DetailLog = .off
  ) throws {
    self.layout = layout
    self.log = log
    let isNew = job.startsAnew
    let stored = try Preparation.manifest(layout, acceptsOlder: isNew)
    manifest = isNew ? Manifest() : stored ?? Manifest()
    replaced = isNew ? stored : nil
    let fingerprint = JobFingerprint(job)
    if let stored, !isNew {
      let changes = JobFingerprint(lines: stored.job).changes(to: fingerprint)
      guard changes.isEmpty else { throw RunError.jobChanged(layout.root, changes) }
    }
    if let replaced, replaced.holdsRecords {
      try Preparation.checkSelection(job, fingerprint, replaced, layout)
    }
    if !isNew { try Preparation.checkParts(manifest, layout) }
    manifest.job = fingerprint.lines
    roots = try job.inputRoots()
    discovery = try discover(
      roots, families: Set(job.families), dataset: layout.root, mapping: workers, log: log)
    files = []
    if let replaced, replaced.holdsRecords, discovery.foundCount == 0 {
      throw RunError.emptyInputs(layout.root, recordCount: replaced.recordCount)
    }
    counts.files.found = discovery.foundCount
    counts.files.skipped = discovery.skipped
    counts.files.failed = discovery.failures.count
    let selected = selectedFiles(job.select.fileFilter)
    if isNew {
      files = selected
    } else {
      try chooseFiles(selected, selectingTo: job.select.to?.secondsSince1970)
    }
  }

  /// Checks that the inputs themselves are there and may be read.
  ///
  /// - Throws: `FileError`; `RunError.wrongFile` for what is neither a file nor a folder.
  static func checkInputs(_ job: Job) throws {
    for input in job.inputs {
      let path = Path(input.path)
      switch try FileSystem.status(path).kind {
      case .folder: _ = try OpenFolder(path)
      case .file, .link: try FileSystem.checkReadable(path)
      case .other:
        throw RunError.wrongFile(
          "\(input.written) is neither a file nor a folder: what a pipe gives cannot be read again")
      }
    }
  }

  /// The manifest of the last commit; nil for a new dataset.
  static func manifest(
    _ layout: DatasetLayout, acceptsOlder: Bool = false
  ) throws -> Manifest? {
    guard try FileSystem.isThere(layout.manifest) else { return nil }
    return try Manifest(
      json: try FileSystem.contents(of: layout.manifest), path: layout.manifest,
      acceptsOlder: acceptsOlder)
  }

  /// Refuses a rebuild that flags, which are easily left over from another command, make narrower.
  private static func checkSelection(
    _ job: Job, _ fingerprint: JobFingerprint, _ replaced: Manifest, _ layout: DatasetLayout
  ) throws {
    if job.selectingFlags.isEmpty { return }
    let changes = JobFingerprint(lines: replaced.job).changes(to: fingerprint).filter {
      $0.hasPrefix("select.") || $0.hasPrefix("families")
    }
    guard changes.isEmpty else {
      throw RunError.narrowedRebuild(job.selectingFlags, layout.root, changes)
    }
  }

  /// Checks that every file of the last commit is there in its size; its bytes are checked when
  /// they are read.
  ///
  /// - Throws: `DatasetError.changedFromOutside` for the first that is not.
  /// - Complexity: one status call a file of the dataset.
  private static func checkParts(_ manifest: Manifest, _ layout: DatasetLayout) throws {
    for folder in manifest.partitions.keys.sorted() {
      for part in manifest.partitions[folder] ?? [] {
        let path = layout.root.appending(folder).appending(part.name)
        let status: FileStatus
        do throws(FileError) {
          status = try FileSystem.status(path)
        } catch {
          guard error.isNotFound else { throw error }
          throw DatasetError.changedFromOutside(path, "is gone")
        }
        guard status.byteCount == part.byteCount else {
          throw DatasetError.changedFromOutside(
            path, "has \(status.byteCount) bytes, \(part.byteCount) were committed")
        }
      }
    }
  }

  /// Leaves out the files that by their path can hold no selected record.
  ///
  /// They do not enter the ledger: they were not read.
  private mutating func selectedFiles(_ filter: FileFilter) -> [InputFile] {
    let takesFacts = discovery.list.facts.map { filter.takes($0) }
    let files = discovery.list.files
    let selected = files.filter { takesFacts[Int($0.facts)] }
    if selected.count < files.count {
      for file in files where !takesFacts[Int(file.facts)] {
        log.note("skipped \(printable(discovery.list.source(of: file))): not selected")
      }
      counts.files.skipped["not selected", default: 0] += files.count - selected.count
    }
    return selected
  }

  /// Leaves out the files that were read before and give nothing new.
  private mutating func chooseFiles(
    _ selected: [InputFile], selectingTo end: Int64?
  ) throws {
    let ledger = Ledger(layout)
    let days = Dictionary(grouping: selected.indices) {
      discovery.list.facts(of: selected[$0]).delivery
    }
    var chosen: [Int] = []
    for (day, indices) in days {
      let known = try ledger.entries(day: day)
      for index in indices {
        if isToBeRead(selected[index], known, end) { chosen.append(index) }
      }
    }
    files = chosen.sorted().map { selected[$0] }
  }

  private mutating func isToBeRead(
    _ file: InputFile, _ known: [Path: LedgerEntry], _ end: Int64?
  ) -> Bool {
    let source = discovery.list.source(of: file)
    guard let entry = known[source] else { return true }
    if entry.isReadAgain(selectingTo: end) {
      let why = entry.isTriedAgain ? "it failed before" : "to has passed events that it left out"
      log.note("reads \(printable(source)) again: \(why)")
      return true
    }
    if entry.byteCount != file.byteCount || entry.modified != file.modified {
      changed.append(source)
      log.note("reads \(printable(source)) again: its size or its time has changed")
      return true
    }
    if entry.isNoLog {
      log.note("skipped \(printable(source)): \(entry.outcome.rawValue)")
      counts.files.skipped[entry.outcome.rawValue, default: 0] += 1
    } else {
      counts.files.alreadyRead += 1
    }
    return false
  }
}
