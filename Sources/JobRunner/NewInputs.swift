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
  let list: FileList
  /// The files to read, in reading order.
  private(set) var files: [InputFile] = []
  /// What became of the files that are not read.
  private(set) var counts = RunCounts.Files()
  /// Folders that could not be listed and files that could not be looked at.
  let failures: [ReadFailure]
  /// Files read before that have other bytes now.
  private(set) var changed: [Path] = []
  /// Times of files that are as they were when they were read, though their times were not known.
  private(set) var refreshed: [DeliverySlot: [Path: Int64]] = [:]
  /// The same, to be kept with the ledger as it is.
  private(set) var seen: [DeliverySlot: SeenTimes] = [:]
  /// Seconds since 1970.
  private let began = Clock.secondsSince1970

  /// Lists the inputs and compares them with the ledger.
  ///
  /// - Parameters:
  ///   - job: Its inputs and its selection.
  ///   - baseline: The dataset.
  ///   - workers: List the inputs' folders.
  ///   - log: Hears why files are not read, or read again.
  /// - Returns: The files to read, and what became of the others.
  /// - Throws: `FileError` and `RunError.wrongFile` for an input that cannot be used;
  ///   `RunError.emptyInputs`; `Stopped`.
  static func choose(
    _ job: Job, _ baseline: Baseline, on workers: Workers, log: DetailLog
  ) throws -> NewInputs {
    let roots = try job.inputRoots()
    let discovery = try discover(
      roots, families: Set(job.families), dataset: baseline.layout.root, mapping: workers, log: log)
    if let replaced = baseline.replaced, replaced.manifest.holdsRecords, discovery.foundCount == 0 {
      throw RunError.emptyInputs(
        baseline.layout.root, recordCount: replaced.manifest.totals.recordCount)
    }
    var inputs = NewInputs(roots, discovery)
    inputs.select(job.select.fileFilter, log)
    if !job.startsAnew {
      try inputs.leaveOut(Ledger(baseline.stored), job, on: workers, log)
    }
    return inputs
  }

  private init(_ roots: [InputRoot], _ discovery: Discovery) {
    self.roots = roots
    list = discovery.list
    failures = discovery.failures
    files = discovery.list.files
    counts.found = discovery.foundCount
    counts.skipped = discovery.skipped
    counts.failed = discovery.failures.count
  }

  /// Leaves out the files that by their path can hold no selected record.
  ///
  /// They do not enter the ledger: they were not read.
  private mutating func select(_ filter: FileFilter, _ log: DetailLog) {
    let takesFacts = list.facts.map { filter.takes($0) }
    let selected = files.filter { takesFacts[Int($0.facts)] }
    if selected.count < files.count {
      for file in files where !takesFacts[Int(file.facts)] {
        log.note("skipped \(printable(list.source(of: file))): not selected")
      }
      counts.skipped["not selected", default: 0] += files.count - selected.count
    }
    files = selected
  }

  /// Leaves out the files that were read before and give nothing new.
  ///
  /// - Parameters:
  ///   - ledger: Those that were read.
  ///   - job: Whether the times of files are believed, and which events are taken.
  ///   - workers: Take the hashes of files whose times are not known or others.
  ///   - log: Hears why files are not read, or read again.
  /// - Throws: `DatasetError` for a ledger that is not as it was committed; `Stopped`.
  private mutating func leaveOut(
    _ ledger: Ledger, _ job: Job, on workers: Workers, _ log: DetailLog
  ) throws {
    let slots = Dictionary(grouping: files.indices) { slot(of: files[$0]) }
    var chosen: [Int] = []
    for (slot, indices) in slots {
      var known = try ledger.entries(slot)
      let fates = indices.map { fate(of: files[$0], known, job) }
      let suspects = indices.indices.filter { fates[$0] == .isSuspect }
      let paths = suspects.map { list.path(of: files[indices[$0]]) }
      // What cannot be read is left to reading, which says so.
      let hashes = try workers.map(paths) { try? FileHash(ofFileAt: $0).sha256 }
      let hashOfSuspect = Dictionary(uniqueKeysWithValues: zip(suspects, hashes))
      for (place, index) in indices.enumerated() {
        let (file, source) = (files[index], list.source(of: files[index]))
        var fate = fates[place]
        if fate == .isSuspect {
          let isSame =
            known[source]?.hash != nil && known[source]?.hash == hashOfSuspect[place] ?? nil
          fate = isSame ? .isKnown : .hasChanged
          if isSame {
            known[source]?.modified = timeToKeep(of: file)
            refreshed[slot, default: [:]][source] = timeToKeep(of: file)
          }
        }
        if note(fate, of: source, known[source], log) { chosen.append(index) }
      }
      if refreshed[slot] != nil, let hash = ledger.hash(slot) {
        seen[slot] = SeenTimes(slot, known, ledger: hash)
      }
    }
    files = chosen.sorted().map { files[$0] }
    changed.sort()
  }

  /// The last modification of a file, if that says that its bytes are those that are read now.
  ///
  /// A file that was just written may be written to again within one tick of the file system's clock.
  func timeToKeep(of file: InputFile) -> Int64? {
    file.modified / 1_000_000_000 <= began - 2 ? file.modified : nil
  }

  private enum Fate {
    case isNew
    case isReadAgain
    case hasChanged
    /// Its time is not the one that is known: its hash decides.
    case isSuspect
    case isKnown
  }

  private func fate(
    of file: InputFile, _ known: [Path: LedgerEntry], _ job: Job
  ) -> Fate {
    guard let entry = known[list.source(of: file)] else { return .isNew }
    if entry.isReadAgain(selectingTo: job.select.to?.secondsSince1970) { return .isReadAgain }
    if job.validate && entry.lacksContentHash { return .isReadAgain }
    if entry.byteCount != file.byteCount { return .hasChanged }
    if entry.modified == file.modified && !job.checksum { return .isKnown }
    return .isSuspect
  }

  /// Notes what becomes of a file; returns whether it is read.
  private mutating func note(
    _ fate: Fate, of source: Path, _ entry: LedgerEntry?, _ log: DetailLog
  ) -> Bool {
    switch fate {
    case .isNew: return true
    case .isReadAgain:
      let why =
        entry?.isTriedAgain == true
        ? "it failed before"
        : entry?.firstPostponedTime != nil
          ? "to has passed events that it left out" : "digests are compared with its hash"
      log.note("reads \(printable(source)) again: \(why)")
      return true
    case .hasChanged, .isSuspect:
      changed.append(source)
      log.note("reads \(printable(source)) again: it has changed")
      return true
    case .isKnown:
      if let entry, entry.isNoLog {
        log.note("skipped \(printable(source)): \(entry.outcome.rawValue)")
        counts.skipped[entry.outcome.rawValue, default: 0] += 1
      } else {
        counts.alreadyRead += 1
      }
      return false
    }
  }

  /// Where the ledger keeps what is known of a file.
  func slot(of file: InputFile) -> DeliverySlot {
    DeliverySlot(day: list.facts(of: file).delivery, source: list.source(of: file))
  }

  /// The folders and files that could not be read, by path.
  ///
  /// `outcomes`: What became of the files, by their numbers.
  func failures(_ outcomes: [FileOutcome]) -> [ReadFailure] {
    var failures = failures
    for (file, outcome) in zip(files, outcomes) {
      guard let error = outcome.error else { continue }
      failures.append(ReadFailure(list.source(of: file), offset: error.offset, error.reason))
    }
    return failures.sorted { $0.source < $1.source }
  }

  /// Numbers for the files, in the order in which they are read.
  ///
  /// - Throws: `Stopped` when a signal asks to stop.
  func sourceTable() throws -> SourceTable {
    let (files, list) = (files, list)
    return try SourceTable(
      count: files.count, path: { list.source(of: files[$0]) },
      precedes: { left, right in
        try StopSignal.check()
        return list.precedes(files[left], files[right])
      })
  }
}

extension Job {
  /// Checks that the inputs themselves are there and may be read.
  ///
  /// - Throws: `FileError`; `RunError.wrongFile` for what is neither a file nor a folder.
  func checkInputs() throws {
    for input in inputs {
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
}
