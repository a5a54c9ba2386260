import Bytes
import CloudTrail

/// A rule whose fields have their places in a tree, so that one walk over a record finds them all.
struct FieldRule {
  let conditions: [FieldCondition]

  init(_ rule: RecordRule, in tree: inout FieldTree) {
    conditions = rule.conditions.map { FieldCondition($0, in: &tree) }
  }
}

/// One field of a rule and the globs of which one must match its text.
struct FieldCondition {
  private let field: FieldTree.Field
  /// What leads to the field, from the inside out, each with the steps that are then left: where one
  /// is an array that the path does not index, the search goes on in its elements.
  private let stages: [(field: FieldTree.Field, steps: ArraySlice<FieldPath.Step>)]
  private let globs: [Glob]

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
    globs = condition.globs
  }

  /// Whether the condition holds in the record that `capture` has just read.
  func matches(
    _ record: Span<UInt8>, _ capture: borrowing FieldCapture, _ scratch: inout ByteBuffer
  ) -> Bool {
    let value = capture[field]
    switch value.kind {
    case .absent: break
    case .null, .object: return false
    case .string, .number, .boolean: return globs.anyMatches(record.extracting(value.range))
    case .escapedString: return matches(escaped: record.extracting(value.range), &scratch)
    case .array: return matchesElement(record, at: value.range.lowerBound, [], &scratch)
    }
    for stage in stages {
      let value = capture[stage.field]
      if value.kind == .absent { continue }
      guard value.kind == .array else { return false }
      return matchesElement(record, at: value.range.lowerBound, stage.steps, &scratch)
    }
    return false
  }

  /// Looks for the value that `steps` lead to from any element of the array at `start`.
  private func matchesElement(
    _ bytes: Span<UInt8>, at start: Int, _ steps: ArraySlice<FieldPath.Step>,
    _ scratch: inout ByteBuffer
  ) -> Bool {
    if case .index? = steps.first { return false }
    var position = start + 1
    while position < bytes.count, bytes[position] != 0x5D {
      // Arrays right inside arrays do not occur, and following them would let a record decide how
      // deep this function calls itself.
      if bytes[position] != 0x5B, matches(bytes, at: position, steps, &scratch) { return true }
      position = CompactJSON.endOfValue(bytes, at: position) + 1
    }
    return false
  }

  private func matches(
    _ bytes: Span<UInt8>, at start: Int, _ steps: ArraySlice<FieldPath.Step>,
    _ scratch: inout ByteBuffer
  ) -> Bool {
    switch bytes[start] {
    case 0x7B:
      guard case .key(let name)? = steps.first,
        let value = FieldCondition.member(name, ofObjectAt: start, in: bytes)
      else { return false }
      return matches(bytes, at: value, steps.dropFirst(), &scratch)
    case 0x5B:
      guard case .index(let index)? = steps.first else {
        return matchesElement(bytes, at: start, steps, &scratch)
      }
      guard let value = FieldCondition.element(index, ofArrayAt: start, in: bytes) else {
        return false
      }
      return matches(bytes, at: value, steps.dropFirst(), &scratch)
    case 0x22:
      guard steps.isEmpty else { return false }
      let end = CompactJSON.endOfString(bytes, from: start + 1).end
      return matches(escaped: bytes.extracting((start + 1)..<end), &scratch)
    case 0x6E: return false
    default:
      let end = CompactJSON.endOfScalar(bytes, at: start)
      return steps.isEmpty && globs.anyMatches(bytes.extracting(start..<end))
    }
  }

  private func matches(escaped content: Span<UInt8>, _ scratch: inout ByteBuffer) -> Bool {
    scratch.removeAll()
    JSONText.appendDecoded(content, to: &scratch)
    return globs.anyMatches(scratch.bytes)
  }

  /// Where the value of the first member called `name` begins.
  private static func member(
    _ name: [UInt8], ofObjectAt start: Int, in bytes: Span<UInt8>
  ) -> Int? {
    var position = start + 1
    var decoded = ByteBuffer()
    while position < bytes.count, bytes[position] == 0x22 {
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
      guard position < bytes.count, bytes[position] != 0x5D else { return nil }
      let end = CompactJSON.endOfValue(bytes, at: position)
      guard end < bytes.count, bytes[end] == 0x2C else { return nil }
      position = end + 1
    }
    return position < bytes.count && bytes[position] != 0x5D ? position : nil
  }
}
