public import Bytes
import CloudTrail
import Segments
import Synchronization

/// What a run finds out about input files, on its way to the ledger.
///
/// Workers note a file as soon as its fate is known; at the commit the notes come out by delivery and
/// path, and are merged with the ledger as it is. Nothing of a file stays in memory.
public final class LedgerUpdate: Sendable {
  private let rows: RowSorter
  /// The notes in order, once all are there.
  private let sorted = Mutex<SortedRows?>(nil)
  /// The new ledgers, once they are in the staging area.
  private let written = Mutex<WrittenLedgers?>(nil)
  private let scratch: @Sendable () throws -> Path
  /// Seconds since 1970.
  private let began = Clock.secondsSince1970

  /// - Parameters:
  ///   - memory: Bytes for what waits.
  ///   - scratch: Gives the names that temporary files have for a moment.
  public init(memory: Int, scratch: @escaping @Sendable (_ name: String) throws -> Path) {
    rows = RowSorter(memory: memory) { try scratch("ledger-rows") }
    self.scratch = { try scratch("ledger-seen") }
  }

  /// The last modification of a file, if that says that its bytes are those that are read now.
  ///
  /// A file that was just written may be written to again within one tick of the file system's clock.
  ///
  /// `modified`: In nanoseconds since 1970, before the file is read.
  public func timeToKeep(_ modified: Int64) -> Int64? {
    modified / 1_000_000_000 <= began - 2 ? modified : nil
  }

  /// Notes what became of a file.
  ///
  /// `slot`: Its delivery.
  ///
  /// - Throws: `FileError` when the disk is full.
  public func note(_ entry: LedgerEntry, in slot: DeliverySlot) throws {
    let seen = SeenFile(entry)
    try note(slot, seen.path, state: seen.state.rawValue, seen.modified) { row in
      row.append(varint: entry.byteCount)
      entry.append(to: &row)
    }
  }

  /// Notes that a file is as it was, though its time was not known.
  ///
  /// `modified`: Nil if it may still change within one tick of the clock.
  ///
  /// - Throws: `FileError` when the disk is full.
  public func note(_ path: Path, modified: Int64?, in slot: DeliverySlot) throws {
    try note(slot, path, state: LedgerUpdate.unchanged, modified) { _ in }
  }

  /// What is in place of a state where the ledger's entry stays.
  private static let unchanged: UInt8 = 0

  private func note(
    _ slot: DeliverySlot, _ path: Path, state: UInt8, _ modified: Int64?,
    _ appendRest: (inout ByteBuffer) -> Void
  ) throws {
    var row = ByteBuffer(capacity: 512)
    slot.appendOrder(to: &row)
    // No path holds a zero, so that rows are in the order of paths.
    row.append(path.bytes)
    row.append(0)
    row.append(state)
    row.append(littleEndian: modified ?? SeenFormat.unknownTime)
    appendRest(&row)
    try rows.append(row.bytes)
  }

  /// Passes what became of the files that were read, once all are noted.
  ///
  /// - Throws: `FileError`; `Stopped`; what `body` throws.
  public func forEachEntry(_ body: (LedgerEntry) throws -> Void) throws {
    try withNotes { notes in
      while let note = notes.current {
        if note.state != nil {
          guard let entry = LedgerEntry(json: note.json.span) else { throw DamagedRow() }
          try body(entry)
        }
        try notes.advance()
      }
    }
  }

  private func withNotes(_ body: (LedgerNotes) throws -> Void) throws {
    try sorted.withLock { sorted in
      let rows = try sorted ?? rows.finish()
      sorted = rows
      try rows.rewind()
      try body(try LedgerNotes(rows))
    }
  }

  /// Writes the ledger of every delivery that something was noted of to the staging area.
  ///
  /// To be called after the last note, and before `stage`, by one thread while others work on the tree.
  ///
  /// - Parameters:
  ///   - names: Names the files.
  ///   - dataset: What it holds and keeps.
  /// - Throws: As `stage`.
  public func write(_ names: StagingNames, of dataset: StoredDataset) throws {
    let ledgers = try writtenLedgers(names, dataset)
    written.withLock { $0 = ledgers }
  }

  /// Gives every delivery that something was noted of its ledger, which is written now unless it was before.
  ///
  /// To be called once, after the last note.
  ///
  /// - Parameters:
  ///   - tree: Gets the files that change.
  ///   - dataset: What it holds and keeps.
  /// - Returns: What is to be written once the tree is committed.
  /// - Throws: `DatasetError` for a ledger that is not as it was committed; `FileError`.
  /// - Complexity: O(files of the deliveries).
  public func stage(in tree: inout TreeUpdate, of dataset: StoredDataset) throws -> SeenUpdate {
    let ledgers = try written.withLock { $0 } ?? writtenLedgers(tree.names, dataset)
    for (slot, staged, hash) in ledgers.files {
      try tree.put(staged, hash, as: .ofDelivery(.ledger, slot))
    }
    return ledgers.seen
  }

  private func writtenLedgers(
    _ names: StagingNames, _ dataset: StoredDataset
  ) throws -> WrittenLedgers {
    var ledgers = WrittenLedgers(seen: SeenUpdate(scratch))
    let ledger = Ledger(dataset)
    try withNotes { notes in
      while let slot = notes.current?.slot {
        let staged = try names.next()
        let merge = LedgerMerge(
          try HashedFile(staged), try ledger.lines(slot),
          ledger.hash(slot).flatMap { SeenReader(slot, dataset.layout, ledger: $0) })
        try merge.run(slot, notes)
        let (hash, text) = try merge.finish()
        ledgers.files.append((slot, staged, hash))
        try ledgers.seen.add(slot, text.span)
      }
    }
    return ledgers
  }
}

/// Ledgers in the staging area, and what the next run is to know of their files.
private struct WrittenLedgers: Sendable {
  var files: [(slot: DeliverySlot, staged: Path, hash: FileHash)] = []
  var seen: SeenUpdate
}

/// The notes in their order.
private final class LedgerNotes {
  struct Note {
    var slot: DeliverySlot
    var path: Path
    /// Nil where the ledger's entry stays.
    var state: SeenFile.State?
    var modified: Int64?
    var byteCount: Int
    var json: [UInt8]
  }

  private let rows: SortedRows
  /// Nil after the last.
  private(set) var current: Note?

  init(_ rows: SortedRows) throws {
    self.rows = rows
    try advance()
  }

  func advance() throws {
    current = try rows.next() ? rows.withRow(LedgerNotes.note) : nil
  }

  private static func note(_ bytes: Span<UInt8>) -> Note {
    var row = RowReader(bytes)
    let slot = DeliverySlot(&row)
    let end = ByteSearch.first(0, in: bytes, from: row.position)
    let path = Path(bytes: row.bytes(end - row.position))
    _ = row.byte()
    let state = SeenFile.State(rawValue: row.byte())
    let modified: Int64 = row.littleEndian()
    return Note(
      slot: slot, path: path, state: state,
      modified: modified == SeenFormat.unknownTime ? nil : modified,
      byteCount: row.varint(), json: row.rest())
  }
}

/// Writes the ledger of one delivery again, with what was noted.
private final class LedgerMerge {
  private let file: HashedFile
  private let old: LedgerLines?
  private var times: SeenReader?
  private var seen = SeenWriter()
  /// The next entry of the old ledger, with its time.
  private var entry: LedgerEntry?

  init(_ file: HashedFile, _ old: LedgerLines?, _ times: SeenReader?) {
    (self.file, self.old, self.times) = (file, old, times)
  }

  func run(_ slot: DeliverySlot, _ notes: LedgerNotes) throws {
    try advance()
    while let note = notes.current, note.slot == slot {
      while let entry, entry.path < note.path { try keep(modified: entry.modified) }
      let isKnown = entry?.path == note.path
      if let state = note.state {
        let known = SeenFile(
          path: note.path, byteCount: note.byteCount, modified: note.modified, state: state)
        try write(note.json.span, known)
        if isKnown { try advance() }
      } else if isKnown {
        try keep(modified: note.modified)
      }
      try notes.advance()
    }
    while let entry { try keep(modified: entry.modified) }
  }

  /// Ends the file.
  ///
  /// - Returns: What it holds, and what goes into the file beside it.
  func finish() throws -> (hash: FileHash, seen: [UInt8]) {
    let hash = try file.finish()
    return (hash, seen.text(hash.sha256))
  }

  /// Writes the entry as it was, and goes to the next.
  private func keep(modified: Int64?) throws {
    guard var entry, let old else { return }
    entry.modified = modified
    try old.withText { try write($0, SeenFile(entry)) }
    try advance()
  }

  private func write(_ json: Span<UInt8>, _ known: SeenFile) throws {
    file.output.append(json)
    file.output.append(ASCII.lineFeed)
    try file.writeIfFull()
    seen.append(known)
  }

  private func advance() throws {
    entry = try old?.next()
    guard let path = entry?.path else { return }
    let known = times?.next()
    entry?.modified = known?.path == path ? known?.modified : nil
  }
}
