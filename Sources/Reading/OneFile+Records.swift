import Bytes
import CloudTrail
import Segments

/// Text in, records out: the splitting of one file into records, and the fate of each.
extension OneFile {
  /// Turns the elements that are whole before `stop` into entries.
  ///
  /// `stop`: Where the bytes of the batch end that are looked at.
  ///
  /// - Returns: Whether these were all that the batch has.
  mutating func scan(
    _ tools: inout ReadingTools, _ batch: RecordBatch, upTo stop: Int, isLast: Bool
  ) throws(ReadError) -> Bool {
    var stop = stop
    while let element = try scanRun(&tools, batch, upTo: stop, isLast: isLast) {
      let count = batch.bytes.count
      let record = rewrite(element, batch)
      // A message of an export may have got longer.
      stop += batch.bytes.count - count
      batch.withBytes { take(record, $0, batch, &tools) }
    }
    if isLast && !document.isComplete {
      throw .syntax(.unexpectedEnd(offset: offset(batch.bytes.count)))
    }
    return stop == batch.bytes.count
  }

  /// Takes records until the bytes end or one is not in them as it is to be written.
  private mutating func scanRun(
    _ tools: inout ReadingTools, _ batch: RecordBatch, upTo stop: Int, isLast: Bool
  ) throws(ReadError) -> DocumentScanner.Element? {
    do throws(ReadError) {
      return try batch.withBytes { (bytes) throws(ReadError) in
        var scanner = JSONScanner(bytes.extracting(0..<stop), at: document.position)
        while case .element(let element) = try document.next(
          &scanner, isLast: isLast, fields: &fields)
        {
          if document.isControlMessage { continue }
          if element.hasWhitespace || element.kind == .text
            || (element.kind == .object && envelope(bytes) != nil)
          {
            return element
          }
          take(Record(element), bytes, batch, &tools)
        }
        return nil
      }
    } catch {
      throw relative(error)
    }
  }

  /// An element as it is to be written.
  private struct Record {
    var range: Range<Int>
    var isObject: Bool
    var hasDoubtfulText: Bool

    init(_ element: DocumentScanner.Element) {
      range = element.range
      isObject = element.kind == .object
      hasDoubtfulText = element.hasDoubtfulText
    }
  }

  // MARK: Rewriting

  /// How many envelopes may be in one another: an EventBridge event in a log event, for one.
  private static var envelopeLimit: Int { 4 }

  /// Squeezes the white space out of an element and takes the record out of its envelopes, in place.
  ///
  /// An envelope without a JSON object inside stays as it is, and will be rejected.
  ///
  /// - Returns: The record; its fields have been captured if it is an object.
  private mutating func rewrite(
    _ element: DocumentScanner.Element, _ batch: RecordBatch
  ) -> Record {
    var record = Record(element)
    if element.kind == .text {
      // A record that was cut off or damaged must not be lost with a file of other logs.
      if batch.withBytes({ LogExport.isBrokenRecord($0.extracting(element.range)) }) {
        eventCount += 1
      }
      record.range = quote(element.range, batch)
      return record
    }
    if element.hasWhitespace {
      record.range = record.range.lowerBound..<batch.bytes.compactJSON(in: record.range)
    }
    guard record.isObject else { return record }
    capture(&record, batch)
    for _ in 0..<OneFile.envelopeLimit {
      guard let content = batch.withBytes({ envelope($0) }),
        let inside = content.unwrap(in: batch, at: record.range.lowerBound)
      else { break }
      record.range = inside
      capture(&record, batch)
    }
    return record
  }

  /// What the object just captured carries, if it is an envelope.
  private func envelope(_ bytes: Span<UInt8>) -> EnvelopeContent? {
    guard document.shape == .loose, !isEvent(bytes) else { return nil }
    return Envelopes.content(fields, bytes)
  }

  /// Captures the fields of a valid object.
  private mutating func capture(_ record: inout Record, _ batch: RecordBatch) {
    batch.withBytes { bytes in
      var scanner = JSONScanner(
        bytes.extracting(0..<record.range.upperBound), at: record.range.lowerBound)
      _ = try? fields.capture(&scanner, shape: nil)
      record.hasDoubtfulText = scanner.passedDoubtfulText
    }
  }

  /// Makes a JSON string of a text.
  ///
  /// Between the last record that was taken and the text there is room, if only that of its time stamp.
  /// Where it is too little, all that follows moves up once for many texts.
  private mutating func quote(_ text: Range<Int>, _ batch: RecordBatch) -> Range<Int> {
    var quoted = ByteBuffer(capacity: text.count + 2)
    batch.withBytes { JSONText.appendQuoted($0.extracting(text), to: &quoted) }
    let place = room.lastEntryEnd(batch)
    let missing = place + quoted.count - document.position
    if missing > 0 {
      let gap = missing + OneFile.spareGap
      batch.bytes.insertGap(gap, at: document.position)
      document.position += gap
      passedByteCount -= gap
    }
    batch.bytes.overwrite(from: place, with: quoted.bytes)
    return place..<(place + quoted.count)
  }

  /// How much more room is made than one text needs.
  private static var spareGap: Int { 64 << 10 }

  // MARK: Fates

  /// Takes a record that is in the batch as it is to be written.
  private mutating func take(
    _ record: Record, _ bytes: Span<UInt8>, _ batch: RecordBatch, _ tools: inout ReadingTools
  ) {
    let index = outcome.recordCount
    outcome.recordCount += 1
    if document.shape == .loose { context.family = record.isObject ? looseFamily(bytes) : .events }
    if record.isObject {
      if context.family == .aggregated { fields.adoptAggregatedNames(in: bytes) }
      if isEvent(bytes) { eventCount += 1 }
      if var entry = tools.maker.entry(bytes, record.range, fields, index: index, context) {
        outcome.note(entry.time)
        if let reason = reasonToLeaveOut(entry, bytes) {
          outcome.note(reason)
          if reason == .time, options.filter.postpones(entry.time) {
            outcome.notePostponed(entry.time)
          }
        } else {
          entry.hasDoubtfulText = record.hasDoubtfulText
          batch.entries.append(entry)
        }
        return
      }
    }
    outcome.rejectedCount += 1
    batch.rejected.append(EntryMaker.rejected(bytes, record.range, index: index, context))
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

  /// Whether the object just captured, or its beginning, has an eventID or an eventTime.
  var hasEventFields: Bool { fields[.eventID].isPresent || fields[.eventTime].isPresent }

  /// Whether the object just captured can be a CloudTrail record: it has an eventID or an
  /// eventTime, and is not a notification of S3, SQS and the like, whose source is `aws:s3`.
  private func isEvent(_ bytes: Span<UInt8>) -> Bool {
    guard hasEventFields else { return false }
    let source = fields[.eventSource]
    guard source.isString, source.range.count >= 4 else { return true }
    let prefix = source.range.lowerBound..<(source.range.lowerBound + 4)
    return !bytes.equals(prefix, "aws:")
  }

  // MARK: Offsets

  /// An offset in the file's JSON for a place in the batch.
  func offset(_ position: Int) -> Int {
    passedByteCount + position - room.start
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
