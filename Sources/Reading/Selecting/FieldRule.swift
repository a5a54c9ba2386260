import Bytes
import CloudTrail

/// A rule whose fields have their places in a tree, so that one walk over a record finds them all.
struct FieldRule {
  let conditions: [FieldCondition]

  init(_ rule: RecordRule, in tree: inout FieldTree) {
    conditions = rule.conditions.map { FieldCondition($0, in: &tree) }
  }
}

/// One field of a rule, and the test that its value must pass.
struct FieldCondition {
  private let field: FieldTree.Field
  /// What leads to the field, from the inside out, each with the steps that are then left: where one
  /// is an array that the path does not index, the search goes on in its elements.
  private let stages: [(field: FieldTree.Field, steps: ArraySlice<FieldPath.Step>)]
  private let test: RecordRule.Test

  init(_ condition: RecordRule.Condition, in tree: inout FieldTree) {
    field = tree.insert(condition.path, isShown: false)
    var stages: [(field: FieldTree.Field, steps: ArraySlice<FieldPath.Step>)] = []
    var parent = condition.path.parent
    while let path = parent {
      let steps = condition.path.steps[path.steps.count...]
      stages.append((tree.insert(path, isShown: false), steps))
      parent = path.parent
    }
    self.stages = stages
    test = condition.test
  }

  /// Whether the condition holds in the record that `capture` has just read.
  func matches(
    _ record: Span<UInt8>, _ capture: borrowing FieldCapture, _ scratch: inout ByteBuffer
  ) -> Bool {
    let isFound = findsValue(record, capture, &scratch)
    return if case .isAbsent = test { !isFound } else { isFound }
  }

  /// Whether the path leads to a value that the test asks for; to `isAbsent`, any but null is one.
  private func findsValue(
    _ record: Span<UInt8>, _ capture: borrowing FieldCapture, _ scratch: inout ByteBuffer
  ) -> Bool {
    let value = capture[field]
    if value.kind != .absent {
      return accepts(record, at: value.start, &scratch)
    }
    for stage in stages {
      let value = capture[stage.field]
      if value.kind == .absent { continue }
      guard value.kind == .array else { return false }
      return findsInElement(record, at: value.range.lowerBound, stage.steps, &scratch)
    }
    return false
  }

  /// Looks for the value that `steps` lead to from the value at `start`.
  private func finds(
    _ bytes: Span<UInt8>, at start: Int, _ steps: ArraySlice<FieldPath.Step>,
    _ scratch: inout ByteBuffer
  ) -> Bool {
    switch (steps.first, bytes[start]) {
    case (nil, _):
      return accepts(bytes, at: start, &scratch)
    case (.key(let name)?, ASCII.openBrace):
      guard let value = FieldCondition.member(name, ofObjectAt: start, in: bytes) else {
        return false
      }
      return finds(bytes, at: value, steps.dropFirst(), &scratch)
    case (.index(let index)?, ASCII.openBracket):
      guard let value = FieldCondition.element(index, ofArrayAt: start, in: bytes) else {
        return false
      }
      return finds(bytes, at: value, steps.dropFirst(), &scratch)
    case (.key?, ASCII.openBracket):
      return findsInElement(bytes, at: start, steps, &scratch)
    default:
      return false
    }
  }

  /// Looks for the value that `steps` lead to from any element of the array at `start`.
  private func findsInElement(
    _ bytes: Span<UInt8>, at start: Int, _ steps: ArraySlice<FieldPath.Step>,
    _ scratch: inout ByteBuffer
  ) -> Bool {
    if case .index? = steps.first { return false }
    var position = start + 1
    while position < bytes.count, bytes[position] != ASCII.closeBracket {
      // Arrays right inside arrays do not occur, and following them would let a record decide how
      // deep this function calls itself.
      if bytes[position] != ASCII.openBracket, finds(bytes, at: position, steps, &scratch) {
        return true
      }
      let end = CompactJSON.endOfValue(bytes, at: position)
      guard end < bytes.count, bytes[end] == UInt8(ascii: ",") else { return false }
      position = end + 1
    }
    return false
  }

  /// Whether the test asks for the value at `start`, at the end of the path.
  private func accepts(
    _ bytes: Span<UInt8>, at start: Int, _ scratch: inout ByteBuffer
  ) -> Bool {
    let isNull = bytes[start] == UInt8(ascii: "n")
    guard case .matches(let globs) = test else { return !isNull }
    switch bytes[start] {
    case ASCII.openBrace: return false
    case ASCII.openBracket: return findsInElement(bytes, at: start, [], &scratch)
    case ASCII.quote:
      let string = CompactJSON.endOfString(bytes, from: start + 1)
      let content = bytes.extracting((start + 1)..<string.end)
      guard string.escaped else { return globs.anyMatches(content) }
      scratch.removeAll()
      JSONText.appendDecoded(content, to: &scratch)
      return globs.anyMatches(scratch.bytes)
    default:
      let end = CompactJSON.endOfScalar(bytes, at: start)
      return !isNull && globs.anyMatches(bytes.extracting(start..<end))
    }
  }

  /// Where the value of the first member called `name` begins.
  private static func member(
    _ name: [UInt8], ofObjectAt start: Int, in bytes: Span<UInt8>
  ) -> Int? {
    var position = start + 1
    var decoded = ByteBuffer()
    while position < bytes.count, bytes[position] == ASCII.quote {
      let key = CompactJSON.endOfString(bytes, from: position + 1)
      decoded.removeAll()
      JSONText.appendDecoded(bytes.extracting((position + 1)..<key.end), to: &decoded)
      let value = key.end + 2
      guard value < bytes.count else { return nil }
      if decoded.bytes.isEqual(to: name.span) { return value }
      position = CompactJSON.endOfValue(bytes, at: value) + 1
    }
    return nil
  }

  /// Where the element with `index` begins.
  private static func element(
    _ index: Int, ofArrayAt start: Int, in bytes: Span<UInt8>
  ) -> Int? {
    var position = start + 1
    for _ in 0..<index {
      guard position < bytes.count, bytes[position] != ASCII.closeBracket else { return nil }
      let end = CompactJSON.endOfValue(bytes, at: position)
      guard end < bytes.count, bytes[end] == ASCII.comma else { return nil }
      position = end + 1
    }
    return position < bytes.count && bytes[position] != ASCII.closeBracket ? position : nil
  }
}
