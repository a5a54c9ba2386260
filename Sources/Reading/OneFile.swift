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
  /// Bytes of this file's JSON that earlier batches hold, less those that gaps have added.
  var passedByteCount = 0
  /// Whether all of the file has been read.
  var hasEnded = false
  /// Whether parts of this file were handed on.
  private var hasParts = false
  /// Objects that have what only CloudTrail records have.
  var eventCount = 0
  /// Whether the file is gzip data, by its first bytes.
  private(set) var isGzip = false
  /// An error in the text, while the rest of the gzip data may still show its cause.
  var textError: ReadError?
  /// Whether the first bytes have been looked at.
  var hasBegun = false
  /// How many bytes that are not used up make another look at them worthwhile.
  var dueByteCount = TextStart.byteCount

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
  mutating func run(_ source: borrowing OpenFile, _ tools: inout ReadingTools) throws {
    tools.stored.removeAll()
    try readMore(source, &tools.stored, atLeast: 2)
    guard !tools.stored.isEmpty else { throw ReadError.empty }
    isGzip =
      tools.stored.count >= 2 && tools.stored.bytes[0] == 0x1F && tools.stored.bytes[1] == 0x8B
    let inflatedCount = isGzip ? announcedByteCount(tools.stored) : nil
    let expected = inflatedCount ?? (isGzip ? expectedByteCount * 10 : expectedByteCount)
    try makeRoomAhead(expected, &tools)
    if isGzip {
      try inflateMembers(source, &tools)
    } else {
      try copyPlain(source, &tools)
    }
    if let textError { throw textError }
    try scan(&tools, .ended)
    if document.documentCount == 0 { throw ReadError.empty }
    let byteCount = try source.status().byteCount
    if outcome.storedByteCount != expectedByteCount || byteCount != expectedByteCount {
      throw ReadError.changed
    }
  }

  // MARK: The end

  /// Notes why the file is not taken as a whole.
  mutating func end(with error: ReadError) {
    if context.facts.kind == .unnamed && isNoLog(error) {
      outcome.skipAsOtherFileType()
    } else {
      outcome.error = error
    }
  }

  /// Whether an error says that a file whose name promises nothing is no log, not that it is damaged.
  ///
  /// Text that is not JSON is no log unless something of CloudTrail came before. Whatever is cut off,
  /// damaged or too large might have been one.
  private func isNoLog(_ error: ReadError) -> Bool {
    switch error {
    case .empty: true
    case .syntax(.unexpected):
      eventCount == 0 && document.recordArrayCount == 0 && !hasEventFields
    default: false
    }
  }

  /// Settles the file: takes its records for good, or none of them.
  mutating func finish(_ tools: borrowing ReadingTools) {
    let batch = tools.batch
    if outcome.skip == nil && outcome.error == nil {
      outcome.hash = hash.finish()
      outcome.contentHash = contentHash?.finish()
    }
    if document.shape != .log && eventCount == 0 && outcome.error == nil && outcome.skip == nil
      && (document.recordArrayCount == 0 || outcome.recordCount > 0)
    {
      outcome.skip = .noRecord
    }
    let isKept =
      outcome.skip == nil && (outcome.error == nil || options.salvage && eventCount > 0)
    if isKept {
      dropRest(of: batch)
    } else {
      batch.entries.removeSubrange(firstEntry...)
      batch.bytes.truncate(to: start)
      outcome.forgetRecords()
    }
    if hasParts {
      if isKept { tools.supply.keepParts() } else { tools.supply.dropParts() }
    }
  }

  /// Gives back the room after the last record that was taken: much, when most are left out.
  private func dropRest(of batch: RecordBatch) {
    batch.bytes.truncate(to: lastEntryEnd(batch))
  }

  /// Where the last record ends that was taken from this batch's part of the file.
  func lastEntryEnd(_ batch: RecordBatch) -> Int {
    let hasEntries = batch.entries.count > firstEntry
    return hasEntries ? batch.entries.last?.range.upperBound ?? start : start
  }

  // MARK: Room

  /// Begins a new batch when the file looks too large for what is left of this one.
  private mutating func makeRoomAhead(_ expected: Int, _ tools: inout ReadingTools) throws {
    let batch = tools.batch
    guard !batch.bytes.isEmpty, expected >= batch.bytes.room || batch.isFull else { return }
    try exchange(&tools, isPart: false)
  }

  /// Makes room after the bytes that are not scanned yet.
  mutating func makeRoom(_ tools: inout ReadingTools) throws {
    if start > 0 {
      // Other files share the batch: this one moves into a batch of its own.
      try moveToOwnBatch(&tools)
    } else if document.position > 0 {
      // The batch is this file's alone: hand on what is scanned, keep the unfinished rest.
      let rest = takeRest(of: tools.batch, from: document.position)
      passedByteCount += document.position
      try exchange(&tools, isPart: true)
      hasParts = true
      tools.batch.bytes.append(rest)
    }
    // One record alone is longer than the batch.
    if tools.batch.bytes.room == 0 { tools.batch.bytes.reserve(tools.batch.bytes.capacity) }
  }

  private mutating func moveToOwnBatch(_ tools: inout ReadingTools) throws {
    let rest = takeRest(of: tools.batch, from: start)
    var entries = Array(tools.batch.entries[firstEntry...])
    for index in entries.indices { entries[index].offset -= UInt32(start) }
    tools.batch.entries.removeSubrange(firstEntry...)
    let scanned = document.position - start
    try exchange(&tools, isPart: false)
    tools.batch.bytes.append(rest)
    tools.batch.entries.append(contentsOf: entries)
    document.position = scanned
  }

  private func takeRest(of batch: RecordBatch, from position: Int) -> [UInt8] {
    let rest = batch.withBytes { $0.extracting(position...).copied() }
    batch.bytes.truncate(to: position)
    return rest
  }

  /// Hands on the batch and goes on in an empty one; an error meanwhile is the run's, not the file's.
  private mutating func exchange(_ tools: inout ReadingTools, isPart: Bool) throws {
    isReading = false
    tools.batch =
      try isPart ? tools.supply.exchangePart(tools.batch) : tools.supply.exchange(tools.batch)
    isReading = true
    start = tools.batch.bytes.count
    firstEntry = tools.batch.entries.count
    document.position = start
  }
}
