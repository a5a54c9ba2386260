import Bytes
import CloudTrail
import Segments

/// The reading of one file, from its first byte to its outcome.
///
/// It goes on in steps: where a batch is full it stops, and later goes on where it was.
struct OneFile: ~Copyable {
  var outcome = FileOutcome()

  let source: OpenFile
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

  /// What comes next.
  var stage = Stage.opened
  /// What of the bytes in memory is used up.
  var storedPosition = 0
  /// What is known of the end of text that is not scanned yet; nil when all is.
  var dueScan: TextEnd?
  /// Where this file begins in the batch.
  var room: BatchRoom
  /// Bytes of this file's JSON that earlier batches hold, less those that gaps have added.
  var passedByteCount = 0
  /// Whether all of the file has been read.
  var hasEnded = false
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

  /// What comes next in a file.
  enum Stage {
    /// Its first bytes are looked at.
    case opened
    /// Text is copied: the file is no gzip data.
    case copying
    /// A gzip member begins.
    case memberStart
    /// A member is inflated piece by piece.
    case inflating(GzipMember)
    /// More of the file is needed for the member.
    case refilling(GzipMember)
    /// zlib takes the member for damaged.
    case damaged(GzipMember, GzipError)
    /// libdeflate's text of such a member is copied.
    case copyingText(InflatedText)
    /// Another member or something else may follow.
    case memberEnd
    /// What follows the text is looked at.
    case textEnd
    /// All of the text is scanned.
    case ended
  }

  init(
    _ source: consuming OpenFile, context: EntryMaker.Context, shape: FileShape,
    expectedByteCount: Int, options: ReadingOptions, selector: RecordSelector?, batch: RecordBatch
  ) {
    self.source = source
    self.expectedByteCount = expectedByteCount
    contentHash = options.hashesContent ? SHA256Hasher() : nil
    self.context = context
    self.options = options
    self.selector = selector
    room = BatchRoom(after: batch)
    document = DocumentScanner(shape: shape, at: batch.bytes.count)
  }

  /// Reads on, at first into the batch of the file before, later into an empty one, or into one that
  /// was made longer.
  ///
  /// - Returns: What `batch` holds when it is full; nil at the end of the file.
  mutating func read(
    _ tools: inout ReadingTools, into batch: RecordBatch
  ) throws -> ReadStep.Contents? {
    guard room.fits(batch) else { return .partOfRecord }
    if let position = room.enter(batch) { document.position = position }
    while true {
      if let end = dueScan, let full = try scan(&tools, batch, end) { return full }
      switch stage {
      case .opened: if let full = try beginReading(&tools, batch) { return full }
      case .copying: if let full = try copyPlain(&tools, batch) { return full }
      case .memberStart: try startMember(&tools, batch)
      case .inflating(let member):
        if let full = makeRoomIfFull(batch) { return full }
        try inflatePiece(of: member, &tools, batch)
      case .refilling(let member): try refill(for: member, &tools)
      case .damaged(let member, let error): inflateAgain(member, error, &tools)
      case .copyingText(let text):
        if let full = makeRoomIfFull(batch) { return full }
        try copyPiece(of: text, batch)
      case .memberEnd: try endMember(&tools)
      case .textEnd:
        if let textError { throw textError }
        dueScan = .ended
        stage = .ended
      case .ended:
        try checkEnd()
        return nil
      }
    }
  }

  /// Looks at the first bytes, and begins a new batch when the file looks too large for what is left
  /// of this one.
  private mutating func beginReading(
    _ tools: inout ReadingTools, _ batch: RecordBatch
  ) throws -> ReadStep.Contents? {
    tools.stored.removeAll()
    try readMore(&tools.stored, atLeast: 2)
    guard !tools.stored.isEmpty else { throw ReadError.empty }
    isGzip =
      tools.stored.count >= 2 && tools.stored.bytes[0] == 0x1F && tools.stored.bytes[1] == 0x8B
    stage = isGzip ? .memberStart : .copying
    let inflatedCount = isGzip ? announcedByteCount(tools.stored) : nil
    let expected = inflatedCount ?? (isGzip ? expectedByteCount * 10 : expectedByteCount)
    guard !batch.bytes.isEmpty, expected >= batch.bytes.room || batch.isFull else { return nil }
    return room.leave(batch, scannedTo: document.position)
  }

  private func checkEnd() throws {
    if document.documentCount == 0 { throw ReadError.empty }
    let byteCount = try source.status().byteCount
    if outcome.storedByteCount != expectedByteCount || byteCount != expectedByteCount {
      throw ReadError.changed
    }
  }

  /// Makes room after the bytes that are not scanned yet.
  ///
  /// - Returns: What the batch holds if it is to be handed on.
  mutating func makeRoomIfFull(_ batch: RecordBatch) -> ReadStep.Contents? {
    guard batch.isFull else { return nil }
    guard room.start > 0 || document.position > 0 else { return .partOfRecord }
    if room.start == 0 { passedByteCount += document.position }
    return room.leave(batch, scannedTo: document.position)
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

  /// Settles the file: leaves its records in the batch, or none of them.
  consuming func finish(_ batch: RecordBatch) -> FileOutcome {
    if outcome.skip == nil && outcome.error == nil {
      outcome.hash = hash.finish()
      outcome.contentHash = contentHash?.finish()
    }
    if document.shape != .log && eventCount == 0 && outcome.error == nil && outcome.skip == nil
      && (document.recordArrayCount == 0 || outcome.recordCount > 0)
    {
      outcome.skip = .noRecord
    }
    if outcome.skip == nil && (outcome.error == nil || options.salvage && eventCount > 0) {
      // Gives back the room after the last record that was taken: much, when most are left out.
      batch.bytes.truncate(to: room.lastEntryEnd(batch))
    } else {
      room.empty(batch)
      outcome.forgetRecords()
    }
    return outcome
  }
}
