import Bytes
import CloudTrail
import Segments

/// A gzip member that is being inflated.
struct GzipMember {
  /// Where it begins in the bytes in memory.
  var start: Int
  /// How many bytes of the file's text came before it.
  var textStart: Int
  /// What the file's last bytes say it inflates to; nil where that says nothing.
  var byteCount: Int?
}

/// Text that libdeflate has of a member, and how much of it is in batches.
struct InflatedText {
  var bytes: [UInt8]
  var copiedCount: Int
}

/// Inflates a file of one member, or a loose file of several.
///
/// An error in the text waits until all is inflated: damaged gzip data is mostly noticed after the
/// text that comes out of it, and is then the better reason.
extension OneFile {
  mutating func startMember(_ tools: inout ReadingTools, _ batch: RecordBatch) throws {
    let member = GzipMember(
      start: storedPosition, textStart: outcome.inflatedByteCount,
      byteCount: announcedByteCount(tools.stored))
    if let byteCount = member.byteCount, byteCount < batch.bytes.room {
      let before = batch.bytes.count
      let isSound = tools.inflater.inflateWhole(
        tools.stored, at: &storedPosition, into: &batch.bytes, room: byteCount)
      if isSound {
        stage = .memberEnd
        return try takeIn(from: before, batch)
      }
    }
    tools.inflater.reset()
    stage = .inflating(member)
  }

  /// The largest text that is inflated at once.
  private static var wholeLimit: Int { 8 << 20 }

  /// What the last four bytes of a gzip file say it inflates to (RFC 1952); nil when the file is not in
  /// memory to its end, or the text is not one to be inflated at once.
  func announcedByteCount(_ stored: borrowing ByteBuffer) -> Int? {
    guard stored.count == expectedByteCount, stored.count >= 18 else { return nil }
    let trailer = stored.bytes.extracting(droppingFirst: stored.count - 4)
    let byteCount =
      Int(trailer[0]) | Int(trailer[1]) << 8 | Int(trailer[2]) << 16 | Int(trailer[3]) << 24
    return byteCount <= OneFile.wholeLimit ? byteCount : nil
  }

  mutating func inflatePiece(
    of member: GzipMember, _ tools: inout ReadingTools, _ batch: RecordBatch
  ) throws {
    let before = batch.bytes.count
    do throws(GzipError) {
      let pause = try tools.inflater.inflate(
        tools.stored, at: &storedPosition, into: &batch.bytes, room: roomForStep(batch),
        isWhole: tools.stored.count < ReadingTools.storedWindow)
      switch pause {
      case .memberEnded: stage = .memberEnd
      case .roomFull: break
      case .inputEnded: stage = .refilling(member)
      }
    } catch {
      stage = .damaged(member, error)
    }
    try takeIn(from: before, batch)
  }

  mutating func refill(for member: GzipMember, _ tools: inout ReadingTools) throws(FileError) {
    try refill(&tools.stored)
    stage = tools.stored.isEmpty ? .damaged(member, .truncated) : .inflating(member)
  }

  /// Asks libdeflate about a member that zlib took for damaged.
  ///
  /// The two disagree about codes that RFC 1951 leaves unused. Where there was room for the text, only
  /// libdeflate was asked: so it has the last word where there was none, too.
  mutating func inflateAgain(
    _ member: GzipMember, _ error: GzipError, _ tools: inout ReadingTools
  ) {
    if let byteCount = member.byteCount {
      var text = ByteBuffer(capacity: byteCount)
      storedPosition = member.start
      let isSound = tools.inflater.inflateWhole(
        tools.stored, at: &storedPosition, into: &text, room: byteCount)
      if isSound {
        stage = .copyingText(
          InflatedText(
            bytes: text.bytes.copied(), copiedCount: outcome.inflatedByteCount - member.textStart))
        return
      }
    }
    dueScan = .cut(.gzip(error, offset: outcome.inflatedByteCount))
  }

  mutating func copyPiece(of text: InflatedText, _ batch: RecordBatch) throws {
    var text = text
    let piece = min(roomForStep(batch), text.bytes.count - text.copiedCount)
    guard piece > 0 else {
      stage = .memberEnd
      return
    }
    let before = batch.bytes.count
    let end = text.copiedCount + piece
    batch.bytes.append(text.bytes.span.extracting(text.copiedCount..<end))
    text.copiedCount = end
    stage = .copyingText(text)
    try takeIn(from: before, batch)
  }

  /// Goes on with the next member, or passes what follows the last one.
  mutating func endMember(_ tools: inout ReadingTools) throws {
    if tools.stored.count - storedPosition < 2 { try refill(&tools.stored) }
    let isMember =
      tools.stored.count - storedPosition >= 2 && tools.stored.bytes[storedPosition] == 0x1F
      && tools.stored.bytes[storedPosition + 1] == 0x8B
    if document.shape == .loose && isMember {
      stage = .memberStart
      return
    }
    try passTrailingData(&tools.stored)
    stage = .textEnd
  }

  /// Reads what comes after the gzip data, for the hash, and notes whether it is anything.
  private mutating func passTrailingData(_ stored: inout ByteBuffer) throws {
    while true {
      for byte in storedPosition..<stored.count
      where document.shape != .loose || stored.bytes[byte] != 0 {
        outcome.hasTrailingData = true
      }
      storedPosition = stored.count
      try refill(&stored)
      if stored.isEmpty { return }
      if StopSignal.number != nil { throw Stopped() }
    }
  }
}
