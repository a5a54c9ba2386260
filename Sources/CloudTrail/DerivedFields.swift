public import Bytes

/// The fields that derived columns look at, and the columns' texts.
public struct DerivedFields: Sendable {
  private let actor: Actor
  private let credentials: Credentials
  private let outcome: Outcome

  /// Adds what it needs to `tree`, as fields that are not shown.
  public init(in tree: inout FieldTree) {
    actor = Actor(in: &tree)
    credentials = Credentials(in: &tree)
    outcome = Outcome(in: &tree)
  }

  /// Appends the column's decoded text for the record that `capture` read last.
  public func append(
    _ column: DerivedColumn, of record: Span<UInt8>, from capture: borrowing FieldCapture,
    to output: inout ByteBuffer
  ) {
    switch column {
    case .actor:
      actor.appendName(of: record, from: capture, to: &output)
    case .actorType:
      actor.appendType(of: record, from: capture, to: &output)
    case .usedRoot:
      append(credentials.areRoot(in: record, capture), to: &output)
    case .usedTemporaryCredentials:
      append(credentials.areTemporary(in: record, capture), to: &output)
    case .outcome:
      outcome.append(of: record, from: capture, to: &output)
    }
  }

  private func append(_ answer: Bool, to output: inout ByteBuffer) {
    if answer { output.append("true") } else { output.append("false") }
  }
}

extension FieldCapture {
  /// Appends the decoded text of a string or the bytes of any other value.
  ///
  /// - Returns: Whether there was something to append.
  @discardableResult
  func appendText(
    _ field: FieldTree.Field, of record: Span<UInt8>, to output: inout ByteBuffer
  ) -> Bool {
    let value = self[field]
    if value.isEmpty { return false }
    let bytes = record.extracting(value.range)
    if value.kind == .escapedString {
      JSONText.appendDecoded(bytes, to: &output)
    } else {
      output.append(bytes)
    }
    return true
  }

  /// Whether the field is a string of this text, or that very literal.
  func holds(_ field: FieldTree.Field, _ text: StaticString, in record: Span<UInt8>) -> Bool {
    let value = self[field]
    if value.kind != .escapedString { return record.equals(value.range, text) }
    var decoded = ByteBuffer(capacity: value.range.count)
    appendText(field, of: record, to: &decoded)
    return decoded.bytes.equals(0..<decoded.count, text)
  }
}
