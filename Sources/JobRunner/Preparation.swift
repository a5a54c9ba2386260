import Bytes
import CloudTrail
import Dataset
import JobFiles
import Reading

/// What a run is about to do: the files to read, and the dataset they go into.
struct Preparation: Sendable {
  var layout: DatasetLayout
  /// What the dataset holds and keeps; empty when it is made anew.
  var manifest: Manifest
  /// What is removed at the commit unless it is written again: all of a dataset made anew.
  var replaced: Manifest?
  /// The inputs.
  var roots: [InputRoot]
  var discovery: Discovery
  /// The files to read, in reading order.
  var files: [InputFile]
  var counts = RunCounts()
  var changed: [Path] = []

  /// Opens the dataset and compares the inputs with the ledger.
  ///
  /// `workers`: List the inputs' folders.
  init(_ job: Job, _ layout: DatasetLayout, _ workers: Workers) throws {
    self.layout = layout
    let isNew = job.startsAnew
    let stored = try Preparation.manifest(layout, acceptsOlder: isNew)
    manifest = isNew ? Manifest() : stored ?? Manifest()
    replaced = isNew ? stored : nil
    let fingerprint = JobFingerprint(job)
    if let stored, !isNew {
      let changes = JobFingerprint(lines: stored.job).changes(to: fingerprint)
      guard changes.isEmpty else { throw RunError.jobChanged(layout.root, changes) }
    }
    if !isNew { try Preparation.checkParts(manifest, layout) }
    manifest.job = fingerprint.lines
    roots = try job.inputRoots()
    discovery = try discover(
      roots, families: Set(job.families), dataset: layout.root, mapping: workers)
    files = []
    counts.files.found = discovery.foundCount
    counts.files.skipped = discovery.skipped
    counts.files.failed = discovery.failures.count
    try chooseFiles(selectedFiles(job.select.fileFilter), ignoringLedger: isNew)
  }

  /// The manifest of the last commit; nil for a new dataset.
  static func manifest(
    _ layout: DatasetLayout, acceptsOlder: Bool = false
  ) throws -> Manifest? {
    guard FileSystem.exists(layout.manifest) else { return nil }
    return try Manifest(
      json: try FileSystem.contents(of: layout.manifest), path: layout.manifest,
      acceptsOlder: acceptsOlder)
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
      counts.files.skipped["not selected", default: 0] += files.count - selected.count
    }
    return selected
  }

  /// Leaves out the files that were read before and have not changed since.
  private mutating func chooseFiles(_ selected: [InputFile], ignoringLedger: Bool) throws {
    guard !ignoringLedger else {
      files = selected
      return
    }
    let ledger = Ledger(layout)
    let days = Dictionary(grouping: selected.indices) {
      discovery.list.facts(of: selected[$0]).delivery
    }
    var chosen: [Int] = []
    for (day, indices) in days {
      let known = try ledger.entries(day: day)
      for index in indices {
        if isToBeRead(selected[index], known) { chosen.append(index) }
      }
    }
    files = chosen.sorted().map { selected[$0] }
  }

  private mutating func isToBeRead(_ file: InputFile, _ known: [Path: LedgerEntry]) -> Bool {
    let source = discovery.list.source(of: file)
    guard let entry = known[source] else { return true }
    if entry.isTriedAgain { return true }
    if entry.byteCount != file.byteCount || entry.modified != file.modified {
      changed.append(source)
      return true
    }
    if entry.isNoLog {
      counts.files.skipped[entry.outcome.rawValue, default: 0] += 1
    } else {
      counts.files.alreadyRead += 1
    }
    return false
  }
}
