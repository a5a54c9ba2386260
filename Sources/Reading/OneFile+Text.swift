import Bytes
import CloudTrail
import Segments

/// The inflated text: its size and beginning, and when it is scanned.
extension OneFile {
  /// Thrown for a file whose name promises nothing and whose text does not begin like a log.
  struct NoLog: Error {}

  /// What is known of the end of the text.
  enum TextEnd {
    /// More may come.
    case open
    /// Nothing more is looked at, for this reason: the rest is damaged or too much.
    case cut(ReadError)
    /// The text ends here.
    case ended
  }

  /// Takes in the text that the batch holds from `before` on: counts it, hashes it, has it scanned.
  ///
  /// What makes the text too large is dropped before the scan, so that the records before it are always
  /// the same.
  mutating func takeIn(from before: Int, _ batch: RecordBatch) throws(Stopped) {
    try StopSignal.check()
    let added = batch.bytes.count - before
    let surplus = outcome.inflatedByteCount + added - options.maxInflated
    if surplus > 0 { batch.bytes.truncate(to: batch.bytes.count - surplus) }
    if contentHash != nil { batch.withBytes { contentHash?.update($0.extracting(before...)) } }
    outcome.inflatedByteCount += added - max(surplus, 0)
    dueScan = surplus > 0 ? .cut(.tooLarge(limit: options.maxInflated)) : .open
  }

  /// Turns what has come in whole into entries.
  ///
  /// - Returns: What the batch holds when it is full; nil when all is scanned.
  /// - Throws: `ReadError` for an error in the text; one that more of a gzip file may explain is kept in
  ///   `textError` instead, and the text after it is dropped. Then the reason for which it is cut.
  mutating func scan(
    _ tools: inout ReadingTools, _ batch: RecordBatch, _ end: TextEnd
  ) throws -> ReadStep.Contents? {
    if textError == nil {
      do {
        if let full = try scanInSteps(&tools, batch, end) { return full }
      } catch let error as ReadError where isGzip && !end.isEnded {
        textError = error
      } catch let error as ReadError where !isGzip {
        outcome.inflatedByteCount = offset(document.position)
        outcome.storedByteCount = outcome.inflatedByteCount
        throw error
      }
    }
    if textError != nil { batch.bytes.truncate(to: document.position) }
    dueScan = nil
    if case .cut(let reason) = end { throw outweighed(reason) }
    return nil
  }

  /// The better of two reasons: damaged gzip data explains an error in the text, its size does not.
  private func outweighed(_ reason: ReadError) -> ReadError {
    if case .tooLarge = reason { textError ?? reason } else { reason }
  }

  /// Scans a step at a time, so that a file of very many tiny records is handed on before its entries
  /// fill the memory; what is not whole waits for more.
  private mutating func scanInSteps(
    _ tools: inout ReadingTools, _ batch: RecordBatch, _ end: TextEnd
  ) throws -> ReadStep.Contents? {
    guard !end.isOpen || batch.bytes.count - document.position >= dueByteCount else { return nil }
    if !hasBegun { try beginScanning(batch) }
    var step = ReadingTools.inflatedStep
    while true {
      let before = document.position
      let count = batch.bytes.count
      let stop = min(count, before + min(step, options.maxRecord))
      if try scan(&tools, batch, upTo: stop, isLast: end.isEnded && stop == count) { break }
      if document.position > before {
        step = ReadingTools.inflatedStep
        if let full = makeRoomIfFull(batch) {
          // What is left of these bytes is looked at before more come.
          dueByteCount = 0
          return full
        }
      } else if stop - before == options.maxRecord {
        throw ReadError.recordTooLarge(offset: offset(before), limit: options.maxRecord)
      } else {
        step *= 2
      }
      try StopSignal.check()
    }
    // A record that comes in many pieces is not scanned again with each.
    let waiting = batch.bytes.count - document.position
    dueByteCount = min(max(2 * waiting, 1), options.maxRecord + 1)
    return nil
  }

  /// Looks at the first bytes, before anything is scanned.
  private mutating func beginScanning(_ batch: RecordBatch) throws {
    hasBegun = true
    let textStart = batch.withBytes { bytes in
      let start = room.start
      let hasMark = bytes.equals(start..<(start + 3), "\u{FEFF}")
      if hasMark { document.position = start + 3 }
      let end = min(bytes.count, document.position + TextStart.byteCount)
      return TextStart(bytes.extracting(document.position..<end))
    }
    let isUnnamed = context.facts.kind == .unnamed
    switch textStart {
    case .log: break
    // What is compressed twice may be a log all the same.
    case .foreign(let content) where content == .gzip || !isUnnamed:
      throw ReadError.foreign(content)
    case .foreign, .unknown: if isUnnamed { throw NoLog() }
    }
  }
}

extension OneFile.TextEnd {
  var isOpen: Bool { if case .open = self { true } else { false } }
  var isEnded: Bool { if case .ended = self { true } else { false } }
}
