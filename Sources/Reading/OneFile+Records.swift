import Bytes
import CloudTrail
import Segments

/// Bytes in, records out: the splitting of one file into records, and the fate of each.
extension OneFile {
  /// Turns what has come in into entries.
  ///
  /// `limit`: Where the batch's bytes end that are to be looked at; nil for all.
  mutating func scan(
    _ maker: inout EntryMaker, _ batch: inout RecordBatch, isLast: Bool, upTo limit: Int? = nil
  ) throws(ReadError) {
    let end = limit ?? batch.bytes.count
    if passedByteCount == 0 && document.position == start { skipByteOrderMark(batch) }
    while let element = try scanRun(&maker, batch, isLast: isLast, upTo: end) {
      let (range, isObject) = rewrite(element, batch)
      batch.withBytes { take(range, isObject: isObject, $0, &maker, batch) }
    }
    if isLast && !document.isComplete {
      throw .syntax(.unexpectedEnd(offset: offset(batch.bytes.count)))
    }
  }

  /// Takes records until the bytes end or one does not lie in them as it is to be written.
  private mutating func scanRun(
    _ maker: inout EntryMaker, _ batch: RecordBatch, isLast: Bool, upTo end: Int
  ) throws(ReadError) -> DocumentScanner.Element? {
    do throws(ReadError) {
      return try batch.withBytes { (bytes) throws(ReadError) in
        var scanner = JSONScanner(bytes.extracting(0..<end), at: document.position)
        while case .element(let element) = try document.next(
          &scanner, isLast: isLast, fields: &fields)
        {
          if document.isControlMessage { continue }
          if element.hasWhitespace || (element.isObject && envelope(bytes) != nil) {
            return element
          }
          take(element.range, isObject: element.isObject, bytes, &maker, batch)
        }
        return nil
      }
    } catch {
      throw relative(error)
    }
  }

  // MARK: Rewriting

  /// How many envelopes may lie in one another: an EventBridge event in a log event, for one.
  private static var envelopeLimit: Int { 4 }

  /// Squeezes the white space out of an element and takes the record out of its envelopes, in place.
  ///
  /// An envelope without a JSON object inside stays as it is, and will be rejected.
  ///
  /// - Returns: Where the record is now; its fields have been captured if it is an object.
  private mutating func rewrite(
    _ element: DocumentScanner.Element, _ batch: RecordBatch
  ) -> (range: Range<Int>, isObject: Bool) {
    var range = element.range
    if element.hasWhitespace {
      range = range.lowerBound..<batch.bytes.compactJSON(in: range)
    }
    guard element.isObject else { return (range, false) }
    capture(range, batch)
    for _ in 0..<OneFile.envelopeLimit {
      guard let content = batch.withBytes({ envelope($0) }),
        let inside = content.unwrap(in: batch, at: range.lowerBound)
      else { break }
      range = inside
      capture(range, batch)
    }
    return (range, true)
  }

  /// What the object just captured carries, if it is an envelope.
  private func envelope(_ bytes: Span<UInt8>) -> EnvelopeContent? {
    guard document.shape == .loose, !isEvent(bytes) else { return nil }
    return Envelopes.content(fields, bytes)
  }

  /// Captures the fields of the valid object at `range`.
  private mutating func capture(_ range: Range<Int>, _ batch: RecordBatch) {
    batch.withBytes { bytes in
      var scanner = JSONScanner(bytes.extracting(0..<range.upperBound), at: range.lowerBound)
      _ = try? fields.capture(&scanner, shape: nil)
    }
  }

  // MARK: Fates

  /// Takes a record that lies in the batch as it is to be written.
  private mutating func take(
    _ range: Range<Int>, isObject: Bool, _ bytes: Span<UInt8>, _ maker: inout EntryMaker,
    _ batch: RecordBatch
  ) {
    let index = outcome.recordCount
    outcome.recordCount += 1
    if document.shape == .loose { context.family = isObject ? looseFamily(bytes) : .events }
    if isObject {
      if context.family == .aggregated { fields.adoptAggregatedNames(in: bytes) }
      if isEvent(bytes) { eventCount += 1 }
      if let entry = maker.entry(bytes, range, fields, index: index, context) {
        outcome.note(entry.time)
        if let reason = reasonToLeaveOut(entry, bytes) {
          outcome.note(reason)
          if reason == .time, options.filter.postpones(entry.time) {
            outcome.notePostponed(entry.time)
          }
        } else {
          batch.entries.append(entry)
        }
        return
      }
    }
    outcome.rejectedCount += 1
    batch.entries.append(maker.rejectedEntry(bytes, range, index: index, context))
  }

  @inline(__always)
  private func reasonToLeaveOut(_ entry: Entry, _ bytes: Span<UInt8>) -> FilterReason? {
    if document.shape == .loose, !options.filter.families.contains(context.family) {
      return .family(context.family)
    }
    guard let selector else { return nil }
    return selector.reasonToLeaveOut(entry, bytes.extracting(entry.range))
  }

  /// The family of a record in a loose file: no folder tells, so the record does.
  private func looseFamily(_ bytes: Span<UInt8>) -> Family {
    let category = fields[.eventCategory]
    guard category.isString else { return .events }
    if bytes.equals(category.range, "Insight") { return .insight }
    if bytes.equals(category.range, "NetworkActivity") { return .networkActivity }
    if bytes.equals(category.range, "Aggregated") { return .aggregated }
    return .events
  }

  /// Whether the object just captured can be a CloudTrail record: it has an eventID or an
  /// eventTime, and is not a notification of S3, SQS and the like, whose source is `aws:s3`.
  private func isEvent(_ bytes: Span<UInt8>) -> Bool {
    guard fields[.eventID].isPresent || fields[.eventTime].isPresent else { return false }
    let source = fields[.eventSource]
    guard source.isString, source.range.count >= 4 else { return true }
    let prefix = source.range.lowerBound..<(source.range.lowerBound + 4)
    return !bytes.equals(prefix, "aws:")
  }

  private mutating func skipByteOrderMark(_ batch: RecordBatch) {
    let hasMark = batch.withBytes { $0.equals(start..<(start + 3), "\u{FEFF}") }
    if hasMark { document.position = start + 3 }
  }

  // MARK: Offsets

  /// An offset in the file's JSON for a place in the batch.
  private func offset(_ position: Int) -> Int {
    passedByteCount + position - start
  }

  private func relative(_ error: ReadError) -> ReadError {
    switch error {
    case .syntax(.unexpectedEnd(let place)): .syntax(.unexpectedEnd(offset: offset(place)))
    case .syntax(.unexpected(let place, let expected)):
      .syntax(.unexpected(offset: offset(place), expected: expected))
    case .noRecords(let place): .noRecords(offset: offset(place))
    case .secondRecords(let place): .secondRecords(offset: offset(place))
    case .secondDocument(let place): .secondDocument(offset: offset(place))
    default: error
    }
  }
}
