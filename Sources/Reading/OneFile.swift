import Bytes
import CloudTrail
import Segments

/// The reading of one file, from its first byte to its outcome.
struct OneFile {
  var outcome = FileOutcome()
  /// Whether an error of the file system is the file's own, not that of a spill.
  private(set) var isReading = true

  let options: ReadingOptions
  let selector: RecordSelector?
  var context: EntryMaker.Context
  var document: DocumentScanner
  var fields = RecordFields()
  var hash = SHA256Hasher()
  /// Of the inflated bytes, if that is wanted.
  var contentHash: SHA256Hasher?
  /// How long the file was when it was found.
  let expectedByteCount: Int

  /// Where this file's bytes begin in the batch.
  var start: Int
  /// Where this file's entries begin in the batch.
  private var firstEntry: Int
  /// Bytes of this file's JSON that earlier batches hold.
  var passedByteCount = 0
  /// Whether all of the file has been read.
  var hasEnded = false
  /// Whether parts of this file were handed on.
  private var hasParts = false
  /// Objects that have what only CloudTrail records have.
  var eventCount = 0

  init(
    context: EntryMaker.Context, shape: FileShape, expectedByteCount: Int,
    options: ReadingOptions, selector: RecordSelector?, batch: RecordBatch
  ) {
    self.expectedByteCount = expectedByteCount
    contentHash = options.hashesContent ? SHA256Hasher() : nil
    self.context = context
    self.options = options
    self.selector = selector
    start = batch.bytes.count
    firstEntry = batch.entries.count
    document = DocumentScanner(shape: shape, at: batch.bytes.count)
  }

  /// Reads the file to its end.
  mutating func run(
    _ source: borrowing OpenFile, _ stored: inout ByteBuffer, _ inflater: inout GzipInflater,
    _ maker: inout EntryMaker, _ batch: inout RecordBatch, _ supply: any BatchSupply
  ) throws {
    stored.removeAll()
    try readMore(source, &stored, atLeast: 2)
    guard !stored.isEmpty else { throw ReadError.empty }
    let isGzip = stored.count >= 2 && stored.bytes[0] == 0x1F && stored.bytes[1] == 0x8B
    let inflatedCount = isGzip ? announcedByteCount(stored) : nil
    let expected = inflatedCount ?? (isGzip ? expectedByteCount * 10 : expectedByteCount)
    try makeRoomAhead(expected, &batch, supply)
    if isGzip {
      try inflateMembers(
        source, &stored, &inflater, &maker, &batch, supply, announcedByteCount: inflatedCount)
    } else {
      try copyPlain(source, &stored, &maker, &batch, supply)
    }
    try scan(&maker, &batch, isLast: true)
    if document.documentCount == 0 { throw ReadError.empty }
    let byteCount = try source.status().byteCount
    if outcome.storedByteCount != expectedByteCount || byteCount != expectedByteCount {
      throw ReadError.changed
    }
  }

  /// Settles the file: takes its records for good, or none of them.
  mutating func finish(_ batch: RecordBatch, _ supply: any BatchSupply) {
    outcome.hash = hash.finish()
    outcome.contentHash = contentHash?.finish()
    if document.shape != .log && eventCount == 0 && outcome.error == nil {
      outcome.isWithoutRecords = document.recordArrayCount == 0 || outcome.recordCount > 0
    }
    let isKept =
      outcome.error == nil ? !outcome.isWithoutRecords : options.salvage && eventCount > 0
    if !isKept {
      batch.entries.removeSubrange(firstEntry...)
      batch.bytes.truncate(to: start)
      outcome.recordCount = 0
      outcome.rejectedCount = 0
      outcome.filteredCounts = []
      (outcome.firstTime, outcome.lastTime, outcome.firstPostponedTime) = (nil, nil, nil)
    }
    if isKept { dropRest(of: batch) }
    if hasParts {
      if isKept { supply.keepParts() } else { supply.dropParts() }
    }
  }

  /// Gives back the room behind the last record that was taken: much, when most are left out.
  private func dropRest(of batch: RecordBatch) {
    let hasEntries = batch.entries.count > firstEntry
    batch.bytes.truncate(to: hasEntries ? batch.entries.last?.range.upperBound ?? start : start)
  }

  // MARK: Room

  /// Begins a new batch when the file looks too large for what is left of this one.
  private mutating func makeRoomAhead(
    _ expected: Int, _ batch: inout RecordBatch, _ supply: any BatchSupply
  ) throws {
    guard !batch.bytes.isEmpty, expected >= batch.bytes.room || batch.isFull else { return }
    batch = try exchange(batch, supply, isPart: false)
    begin(in: batch)
  }

  private mutating func begin(in batch: RecordBatch) {
    start = batch.bytes.count
    firstEntry = batch.entries.count
    document.position = start
  }

  /// Makes room behind the bytes that are not scanned yet.
  mutating func makeRoom(
    _ maker: inout EntryMaker, _ batch: inout RecordBatch, _ supply: any BatchSupply
  ) throws {
    if start > 0 {
      // Other files share the batch: this one moves into a batch of its own.
      try moveToOwnBatch(&batch, supply)
    } else if document.position > 0 {
      // The batch is this file's alone: hand on what is scanned, keep the unfinished rest.
      let rest = takeRest(of: batch, from: document.position)
      passedByteCount += document.position
      batch = try exchange(batch, supply, isPart: true)
      hasParts = true
      begin(in: batch)
      batch.bytes.append(rest)
    }
    if batch.bytes.room == 0 {
      guard batch.bytes.count < FileReader.recordLimit else {
        throw ReadError.recordTooLarge(offset: passedByteCount, limit: FileReader.recordLimit)
      }
      batch.bytes.reserve(batch.bytes.capacity)
    }
  }

  private mutating func moveToOwnBatch(
    _ batch: inout RecordBatch, _ supply: any BatchSupply
  ) throws {
    let rest = takeRest(of: batch, from: start)
    var entries = Array(batch.entries[firstEntry...])
    for index in entries.indices { entries[index].offset -= UInt32(start) }
    batch.entries.removeSubrange(firstEntry...)
    let scanned = document.position - start
    batch = try exchange(batch, supply, isPart: false)
    begin(in: batch)
    batch.bytes.append(rest)
    batch.entries.append(contentsOf: entries)
    document.position = scanned
  }

  private func takeRest(of batch: RecordBatch, from position: Int) -> [UInt8] {
    let rest = batch.withBytes { $0.extracting(position...).copied() }
    batch.bytes.truncate(to: position)
    return rest
  }

  /// Hands on a batch; an error meanwhile is the run's, not the file's.
  private mutating func exchange(
    _ batch: RecordBatch, _ supply: any BatchSupply, isPart: Bool
  ) throws -> RecordBatch {
    isReading = false
    let fresh = try isPart ? supply.exchangePart(batch) : supply.exchange(batch)
    isReading = true
    return fresh
  }
}
