package import Bytes
package import CloudTrail

/// Finds the elements of a file's JSON documents, one after the other, in bytes that may still be
/// coming in.
///
/// The scanner moves on only over what is complete: `position` is where the first unfinished piece
/// begins, and scanning goes on there once more bytes have been appended.
package struct DocumentScanner {
  /// One element: a record, or what is where one is expected.
  package struct Element {
    package enum Kind: Sendable {
      /// Its fields have been captured.
      case object
      /// Any other JSON.
      case value
      /// A message of an export that is no JSON object.
      case text
    }

    package var range: Range<Int>
    package var kind: Kind
    package var hasWhitespace: Bool
    /// Whether it may have text that strict readers refuse.
    package var hasDoubtfulText: Bool

    init(_ range: Range<Int>, _ kind: Kind, _ scanner: borrowing JSONScanner) {
      self.range = range
      self.kind = kind
      hasWhitespace = scanner.passedWhitespace
      hasDoubtfulText = scanner.passedDoubtfulText
    }
  }

  package enum Step {
    case element(Element)
    /// Everything up to the end is used up, or more bytes are needed to go on.
    case ended
  }

  private enum State {
    case betweenDocuments
    case arrayStart
    case elementEnd
    case elementStart
    /// After a member of a document that has an array of records.
    case memberEnd
    case memberStart
  }

  /// Where the first unfinished piece begins.
  var position: Int
  let shape: FileShape
  private(set) var documentCount = 0
  /// Arrays under the key `Records` and the like.
  private(set) var recordArrayCount = 0
  /// Whether the elements are CloudWatch's own messages to test a subscription, not log events.
  private(set) var isControlMessage = false
  private var state = State.betweenDocuments
  private var isInObject = false
  /// How many arrays are open inside the array of records; none but in the family `aggregated`.
  private var innerArrayCount = 0

  package init(shape: FileShape, at position: Int) {
    self.shape = shape
    self.position = position
  }

  /// Whether the bytes may end here.
  package var isComplete: Bool { state == .betweenDocuments }

  /// Goes on to the next element.
  ///
  /// An element that touches the end of the bytes is whole, except for a number, which might go on.
  ///
  /// `isLast`: Whether no more bytes will come.
  /// `fields`: Filled for an element that is an object.
  package mutating func next(
    _ scanner: inout JSONScanner, isLast: Bool, fields: inout RecordFields
  ) throws(ReadError) -> Step {
    do {
      while true {
        scanner.position = position
        scanner.skipWhitespace()
        // White space is passed for good: it need not wait for what comes after it.
        position = scanner.position
        scanner.passedWhitespace = false
        scanner.forgetText()
        if state == .betweenDocuments && scanner.isAtEnd { return .ended }
        if let element = try step(&scanner, isLast: isLast, &fields) {
          finish(element, &scanner)
          return .element(element)
        }
        position = scanner.position
      }
    } catch let error as JSONSyntaxError {
      if !isLast, case .unexpectedEnd = error { return .ended }
      throw .syntax(error)
    } catch let error as ReadError {
      throw error
    } catch {
      preconditionFailure("no other error is thrown")
    }
  }

  /// Takes one step; returns an element if it passed one.
  private mutating func step(
    _ scanner: inout JSONScanner, isLast: Bool, _ fields: inout RecordFields
  ) throws -> Element? {
    switch state {
    case .betweenDocuments: return try startDocument(&scanner, isLast: isLast, &fields)
    case .arrayStart:
      if try scanner.peek() == ASCII.closeBracket {
        scanner.position += 1
        endArray()
      } else {
        state = .elementStart
      }
      return nil
    case .elementStart:
      if shape == .aggregated, try scanner.peek() == ASCII.openBracket {
        scanner.position += 1
        innerArrayCount += 1
        state = .arrayStart
        return nil
      }
      return try element(&scanner, isLast: isLast, &fields)
    case .elementEnd:
      let byte = try scanner.peek()
      guard byte == ASCII.comma || byte == ASCII.closeBracket else {
        throw JSONSyntaxError.unexpected(offset: scanner.position, expected: .commaOrBracket)
      }
      scanner.position += 1
      if byte == ASCII.comma { state = .elementStart } else { endArray() }
      return nil
    case .memberEnd:
      let byte = try scanner.peek()
      guard byte == ASCII.comma || byte == ASCII.closeBrace else {
        throw JSONSyntaxError.unexpected(offset: scanner.position, expected: .commaOrBrace)
      }
      scanner.position += 1
      state = byte == ASCII.comma ? .memberStart : .betweenDocuments
      return nil
    case .memberStart:
      let start = scanner.position
      let (key, isEscaped) = try scanner.skipKey()
      if shape.holdsRecords(key, isEscaped, scanner.bytes) {
        throw ReadError.secondRecords(offset: start)
      }
      try skipWholeValue(&scanner, isLast: isLast)
      state = .memberEnd
      return nil
    }
  }

  private mutating func startDocument(
    _ scanner: inout JSONScanner, isLast: Bool, _ fields: inout RecordFields
  ) throws -> Element? {
    let start = scanner.position
    if shape != .loose && documentCount > 0 { throw ReadError.secondDocument(offset: start) }
    let byte = try scanner.peek()
    if shape == .loose, ASCII.digits.contains(byte),
      try LogExport.passTimestamp(&scanner, isLast: isLast)
    {
      let message = try LogExport.passMessage(&scanner, isLast: isLast, &fields)
      return Element(message.range, message.isObject ? .object : .text, scanner)
    }
    if byte == ASCII.openBracket && shape != .log {
      scanner.position += 1
      documentCount += 1
      isControlMessage = false
      isInObject = false
      state = .arrayStart
      return nil
    }
    guard byte == ASCII.openBrace else {
      try skipWholeValue(&scanner, isLast: isLast)
      if shape == .log { throw ReadError.noRecords(offset: start) }
      return Element(start..<scanner.position, .value, scanner)
    }
    switch try fields.capture(&scanner, shape: shape) {
    case .records:
      scanner.position += 1
      documentCount += 1
      recordArrayCount += 1
      isControlMessage = LogEvent.isControlMessage(fields, scanner.bytes)
      isInObject = true
      state = .arrayStart
      return nil
    case .secondRecords(let offset): throw ReadError.secondRecords(offset: offset)
    case .object:
      if shape == .log { throw ReadError.noRecords(offset: start) }
      return Element(start..<scanner.position, .object, scanner)
    }
  }

  @inline(__always)
  private mutating func element(
    _ scanner: inout JSONScanner, isLast: Bool, _ fields: inout RecordFields
  ) throws -> Element {
    let start = scanner.position
    let isObject = try scanner.peek() == ASCII.openBrace
    if isObject {
      _ = try fields.capture(&scanner, shape: nil)
    } else {
      try skipWholeValue(&scanner, isLast: isLast)
    }
    return Element(start..<scanner.position, isObject ? .object : .value, scanner)
  }

  /// Passes a value; a number must not touch the end of the bytes unless they are the last.
  private func skipWholeValue(_ scanner: inout JSONScanner, isLast: Bool) throws(JSONSyntaxError) {
    let first = try scanner.peek()
    try scanner.skipValue()
    let isNumber = first == ASCII.hyphen || ASCII.digits.contains(first)
    if isNumber && !isLast && scanner.isAtEnd {
      throw .unexpectedEnd(offset: scanner.position)
    }
  }

  /// Commits to an element.
  private mutating func finish(_ element: Element, _ scanner: inout JSONScanner) {
    position = scanner.position
    if state == .betweenDocuments { documentCount += 1 } else { state = .elementEnd }
  }

  private mutating func endArray() {
    if innerArrayCount > 0 {
      innerArrayCount -= 1
      state = .elementEnd
      return
    }
    state = isInObject ? .memberEnd : .betweenDocuments
  }
}
