package import Bytes
package import CloudTrail

/// Finds the elements of a file's JSON documents, one after the other, in bytes that may still be
/// coming in.
///
/// The scanner moves on only over what is complete: `position` is where the first unfinished piece
/// begins, and scanning goes on there once more bytes have been appended.
package struct DocumentScanner {
  /// One element: a record, or what stands where one is expected.
  package struct Element {
    package var range: Range<Int>
    /// Whether it is an object; its fields have then been captured.
    package var isObject: Bool
    package var hasWhitespace: Bool
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
    /// Behind a member of a document that has an array of records.
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
  /// `isLast`: Whether no more bytes will come.
  /// `fields`: Filled for an element that is an object.
  package mutating func next(
    _ scanner: inout JSONScanner, isLast: Bool, fields: inout RecordFields
  ) throws(ReadError) -> Step {
    do {
      while true {
        scanner.position = position
        scanner.passedWhitespace = false
        scanner.skipWhitespace()
        if state == .betweenDocuments && scanner.isAtEnd {
          position = scanner.position
          return .ended
        }
        if let element = try step(&scanner, &fields) {
          // A number that touches the end might go on behind it.
          if !isLast && scanner.isAtEnd { return .ended }
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
    _ scanner: inout JSONScanner, _ fields: inout RecordFields
  ) throws -> Element? {
    switch state {
    case .betweenDocuments: return try startDocument(&scanner, &fields)
    case .arrayStart:
      if try scanner.peek() == 0x5D {
        scanner.position += 1
        endArray()
      } else {
        state = .elementStart
      }
      return nil
    case .elementStart:
      if shape == .aggregated, try scanner.peek() == 0x5B {
        scanner.position += 1
        innerArrayCount += 1
        state = .arrayStart
        return nil
      }
      return try element(&scanner, &fields)
    case .elementEnd:
      let byte = try scanner.peek()
      guard byte == 0x2C || byte == 0x5D else {
        throw JSONSyntaxError.unexpected(offset: scanner.position, expected: .commaOrBracket)
      }
      scanner.position += 1
      if byte == 0x2C { state = .elementStart } else { endArray() }
      return nil
    case .memberEnd:
      let byte = try scanner.peek()
      guard byte == 0x2C || byte == 0x7D else {
        throw JSONSyntaxError.unexpected(offset: scanner.position, expected: .commaOrBrace)
      }
      scanner.position += 1
      state = byte == 0x2C ? .memberStart : .betweenDocuments
      return nil
    case .memberStart:
      let start = scanner.position
      let (key, isEscaped) = try scanner.skipKey()
      if shape.holdsRecords(key, isEscaped, scanner.bytes) {
        throw ReadError.secondRecords(offset: start)
      }
      try scanner.skipValue()
      if scanner.isAtEnd { _ = try scanner.peek() }
      state = .memberEnd
      return nil
    }
  }

  private mutating func startDocument(
    _ scanner: inout JSONScanner, _ fields: inout RecordFields
  ) throws -> Element? {
    let start = scanner.position
    if shape != .loose && documentCount > 0 { throw ReadError.secondDocument(offset: start) }
    let byte = try scanner.peek()
    if byte == 0x5B && shape != .log {
      scanner.position += 1
      documentCount += 1
      isControlMessage = false
      isInObject = false
      state = .arrayStart
      return nil
    }
    guard byte == 0x7B else {
      try scanner.skipValue()
      if shape == .log { throw ReadError.noRecords(offset: start) }
      return Element(range: start..<scanner.position, isObject: false, hasWhitespace: false)
    }
    scanner.passedWhitespace = false
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
      return Element(
        range: start..<scanner.position, isObject: true, hasWhitespace: scanner.passedWhitespace)
    }
  }

  @inline(__always)
  private mutating func element(
    _ scanner: inout JSONScanner, _ fields: inout RecordFields
  ) throws -> Element {
    let start = scanner.position
    scanner.passedWhitespace = false
    let isObject = try scanner.peek() == 0x7B
    if isObject {
      _ = try fields.capture(&scanner, shape: nil)
    } else {
      try scanner.skipValue()
    }
    return Element(
      range: start..<scanner.position, isObject: isObject,
      hasWhitespace: scanner.passedWhitespace)
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
