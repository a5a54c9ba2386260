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
    /// Nothing more is looked at: the rest is damaged or too much.
    case cut
    /// The text ends here.
    case ended
  }

  /// Takes in the text that the batch holds from `before` on: counts it, hashes it, scans it.
  ///
  /// What makes the text too large is dropped before the scan, so that the records before it are always
  /// the same.
  mutating func takeIn(from before: Int, _ tools: inout ReadingTools) throws {
    if StopSignal.number != nil { throw Stopped() }
    let batch = tools.batch
    let added = batch.bytes.count - before
    let surplus = outcome.inflatedByteCount + added - options.maxInflated
    if surplus > 0 { batch.bytes.truncate(to: batch.bytes.count - surplus) }
    if contentHash != nil { batch.withBytes { contentHash?.update($0.extracting(before...)) } }
    outcome.inflatedByteCount += added - max(surplus, 0)
    try scan(&tools, surplus > 0 ? .cut : .open)
    if surplus > 0 { throw textError ?? ReadError.tooLarge(limit: options.maxInflated) }
  }

  /// Turns what has come in whole into entries.
  ///
  /// - Throws: `ReadError` for an error in the text; one that more of a gzip file may explain is kept in
  ///   `textError` instead, and the text after it is dropped.
  mutating func scan(_ tools: inout ReadingTools, _ end: TextEnd) throws {
    if textError == nil {
      do {
        try scanInSteps(&tools, end)
      } catch let error as ReadError where isGzip && end != .ended {
        textError = error
      } catch let error as ReadError where !isGzip {
        outcome.inflatedByteCount = offset(document.position)
        outcome.storedByteCount = outcome.inflatedByteCount
        throw error
      }
    }
    if textError != nil { tools.batch.bytes.truncate(to: document.position) }
  }

  /// Scans a step at a time, so that a file of very many tiny records is handed on before its entries
  /// fill the memory; what is not whole waits for more.
  private mutating func scanInSteps(_ tools: inout ReadingTools, _ end: TextEnd) throws {
    guard end != .open || tools.batch.bytes.count - document.position >= dueByteCount else {
      return
    }
    if !hasBegun { try begin(tools.batch) }
    var step = ReadingTools.inflatedStep
    while true {
      let before = document.position
      let count = tools.batch.bytes.count
      let stop = min(count, before + min(step, options.maxRecord))
      if try scan(&tools, upTo: stop, isLast: end == .ended && stop == count) { break }
      if document.position > before {
        step = ReadingTools.inflatedStep
        if tools.batch.isFull { try makeRoom(&tools) }
      } else if stop - before == options.maxRecord {
        throw ReadError.recordTooLarge(offset: offset(before), limit: options.maxRecord)
      } else {
        step *= 2
      }
      if StopSignal.number != nil { throw Stopped() }
    }
    // A record that comes in many pieces is not scanned again with each.
    let waiting = tools.batch.bytes.count - document.position
    dueByteCount = min(max(2 * waiting, 1), options.maxRecord + 1)
  }

  /// Looks at the first bytes, before anything is scanned.
  private mutating func begin(_ batch: RecordBatch) throws {
    hasBegun = true
    let textStart = batch.withBytes { bytes in
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
