import Bytes
import Dataset
import JobFiles
import Reading
import Segments

/// What becomes of a listed file.
enum FileFate: Sendable, Equatable {
  case isNew
  /// It failed before.
  case isTriedAgain
  /// The end of the selection, which goes on with the time, has passed events that it left out.
  case hasPassed
  case hasChanged
  /// Digests are compared with the hash of its text, and nobody kept that.
  case lacksHash
  case isKnown
  /// It was looked into, and is no log.
  case isNoLog(LedgerEntry.Outcome)
}

/// Which files are read again that have not changed.
struct KnownFileRule: Sendable {
  private let validates: Bool
  /// The first event time that is not taken, in seconds since 1970.
  private let end: Int64?

  init(_ job: Job) {
    validates = job.validate
    end = job.select.to?.secondsSince1970
  }

  /// Why a file is read again; nil if it is not.
  ///
  /// - Parameters:
  ///   - seen: What is known of it.
  ///   - known: The files of its delivery, at this one.
  /// - Returns: What becomes of it.
  /// - Throws: `DatasetError` for a ledger that is not as it was committed.
  func reasonToReadAgain(_ seen: SeenFile, in known: KnownFiles) throws -> FileFate? {
    if seen.state == .open, let entry = try known.entry(at: seen.path),
      entry.isReadAgain(selectingTo: end)
    {
      return entry.isTriedAgain ? .isTriedAgain : .hasPassed
    }
    return validates && seen.state == .unhashed ? .lacksHash : nil
  }
}

/// Compares listed files with what is known of them, one delivery after the other.
///
/// Files are listed by path and known by delivery, so they wait, sorted, until all are listed.
final class FileComparison {
  /// Files that are compared, and what is not decided yet.
  private struct Pending {
    var group: FileGroup
    var slot: DeliverySlot
    var fates: [FileFate] = []
    /// Files whose times are others than those that are known: their hashes decide.
    var suspects: [(place: Int, hash: SHA256Digest?)] = []
  }

  private let listed: RowSorter
  private let ledger: Ledger
  private let update: LedgerUpdate
  private let workers: Workers
  private let checksAll: Bool
  private let rule: KnownFileRule
  private var pending: [Pending] = []
  private var suspectCount = 0

  /// How many files wait for their hashes at most.
  private static let suspectLimit = 4096
  private static let pendingLimit = 256

  init(
    _ job: Job, _ ledger: Ledger, _ update: LedgerUpdate, _ memory: Int, _ scratch: ScratchFolder,
    _ workers: Workers
  ) {
    (self.ledger, self.update, self.workers) = (ledger, update, workers)
    (checksAll, rule) = (job.checksum, KnownFileRule(job))
    listed = RowSorter(memory: memory) { try scratch.path("listed") }
  }

  /// Takes files of one folder, in the order of all paths.
  func take(_ group: FileGroup) throws {
    guard let first = group.files.first else { return }
    var row = ByteBuffer(capacity: 4096)
    DeliverySlot(day: group.facts.delivery, source: group.source(of: first))
      .appendOrder(to: &row)
    row.append(bigEndian: first.number)
    group.append(to: &row)
    try listed.append(row.bytes)
  }

  /// Compares all files that were taken.
  ///
  /// - Parameter body: Is given each group, and what becomes of its files.
  /// - Throws: `DatasetError` for a ledger that is not as it was committed; `FileError`; `Stopped`.
  /// - Complexity: O(files).
  func compare(_ body: (FileGroup, [FileFate]) throws -> Void) throws {
    let rows = try listed.finish()
    var known: (slot: DeliverySlot, files: KnownFiles)?
    while try rows.next() {
      let (slot, group) = rows.withRow { bytes in
        var row = RowReader(bytes)
        let slot = DeliverySlot(&row)
        let _: UInt32 = row.number()
        return (slot, FileGroup(&row))
      }
      if known?.slot != slot {
        try known?.files.finish()
        known = (slot, try ledger.knownFiles(slot))
      }
      guard let files = known?.files else { continue }
      pending.append(try look(at: group, slot, files))
      if suspectCount >= FileComparison.suspectLimit
        || pending.count >= FileComparison.pendingLimit
      {
        try decide(body)
      }
    }
    try known?.files.finish()
    try decide(body)
  }

  private func look(
    at group: FileGroup, _ slot: DeliverySlot, _ known: KnownFiles
  ) throws -> Pending {
    var pending = Pending(group: group, slot: slot)
    for (place, file) in group.files.enumerated() {
      let path = group.source(of: file)
      guard let seen = try known.file(at: path) else {
        pending.fates.append(.isNew)
        continue
      }
      if let fate = try rule.reasonToReadAgain(seen, in: known) {
        pending.fates.append(fate)
        continue
      }
      guard seen.byteCount == file.byteCount else {
        pending.fates.append(.hasChanged)
        continue
      }
      pending.fates.append(FileComparison.knownFate(seen))
      if seen.modified != file.modified || checksAll {
        pending.suspects.append((place, try known.entry(at: path)?.hash))
        suspectCount += 1
      }
    }
    return pending
  }

  private static func knownFate(_ seen: SeenFile) -> FileFate {
    switch seen.state {
    case .noRecord: .isNoLog(.noRecord)
    case .otherFileType: .isNoLog(.otherFileType)
    case .read, .open, .unhashed: .isKnown
    }
  }

  /// Takes the hashes that are wanted, and passes on what waits.
  private func decide(_ body: (FileGroup, [FileFate]) throws -> Void) throws {
    let paths = pending.flatMap { pending in
      pending.suspects.map { pending.group.path(of: pending.group.files[$0.place]) }
    }
    // What cannot be read is left to reading, which says so.
    let hashes = try workers.map(paths) { try? FileHash(ofFileAt: $0).sha256 }
    var next = 0
    for var item in pending {
      for (place, hash) in item.suspects {
        let file = item.group.files[place]
        if let hash, hash == hashes[next] {
          let modified = update.timeToKeep(file.modified)
          try update.note(item.group.source(of: file), modified: modified, in: item.slot)
        } else {
          item.fates[place] = .hasChanged
        }
        next += 1
      }
      try body(item.group, item.fates)
    }
    (pending, suspectCount) = ([], 0)
  }
}
