public import Bytes

/// Finds the fields of a `FieldTree` in one record after the other, each in one walk.
///
/// Records must have been validated and be compact. Of keys that occur twice the first counts; keys
/// are compared after unescaping, and case counts. Nothing is allocated per record.
///
/// ```swift
/// var tree = FieldTree()
/// let name = tree.insert(try FieldPath(parsing: "userIdentity.userName"), isShown: true)
/// var capture = FieldCapture(tree)
/// capture.read(record)
/// capture[name]          // FieldValue(kind: .string, range: 97..<102)
/// ```
public struct FieldCapture: ~Copyable {
  private let nodes: [FieldTree.Node]
  private let keys: KeyTable
  @usableFromInline internal private(set) var values: [FieldValue]
  private let wantsOtherFields: Bool
  private var otherMembers = OtherMembers()
  private var unescapedKey = ByteBuffer()

  /// Makes a capture for the fields of `tree`.
  ///
  /// - Parameters:
  ///   - tree: The fields to find.
  ///   - wantsOtherFields: Whether `appendOtherFields` will be called.
  public init(_ tree: FieldTree, wantsOtherFields: Bool = false) {
    nodes = tree.nodes
    keys = KeyTable(tree)
    values = Array(repeating: .absent, count: tree.nodes.count)
    self.wantsOtherFields = wantsOtherFields
  }

  /// The field's value in the record that was read last.
  @inlinable @inline(__always)
  public subscript(field: FieldTree.Field) -> FieldValue { values[field.node] }

  /// Reads a record; what was captured from the one before is forgotten.
  ///
  /// - Complexity: O(`record.count`).
  public mutating func read(_ record: Span<UInt8>) {
    for index in values.indices { values[index] = .absent }
    otherMembers.removeAll()
    guard record.count > 0, record.byte(at: 0) == ASCII.openBrace else { return }
    _ = walkObject(record, node: 0, at: 0)
  }

  /// Appends the JSON object of the top-level fields that nobody shows, as they are in `record`.
  public func appendOtherFields(of record: Span<UInt8>, to output: inout ByteBuffer) {
    otherMembers.append(from: record, to: &output)
  }

  // MARK: The walk

  /// Walks the object that opens at `start`; returns the position after it.
  private mutating func walkObject(_ bytes: Span<UInt8>, node: Int, at start: Int) -> Int {
    var position = start &+ 1
    while position < bytes.count, bytes.byte(at: position) == ASCII.quote {
      let key = CompactJSON.endOfString(bytes, from: position &+ 1)
      let valueStart = key.end &+ 2
      guard valueStart < bytes.count else { return bytes.count }
      let child = child(of: node, bytes, (position &+ 1)..<key.end, escaped: key.escaped)
      let isFirst = child >= 0 && values[child].kind == .absent
      let end =
        isFirst
        ? capture(bytes, node: child, at: valueStart)
        : CompactJSON.endOfValue(bytes, at: valueStart)
      if wantsOtherFields, node == 0, child < 0 || (isFirst && !nodes[child].isShown) {
        otherMembers.insert(key: (position &+ 1)..<key.end, end: end, in: bytes)
      }
      guard end < bytes.count, bytes.byte(at: end) == ASCII.comma else { return end &+ 1 }
      position = end &+ 1
    }
    return position &+ 1
  }

  @inline(__always)
  private mutating func child(
    of node: Int, _ bytes: Span<UInt8>, _ key: Range<Int>, escaped: Bool
  ) -> Int {
    if !escaped { return keys.child(of: node, bytes, key) }
    unescapedKey.removeAll()
    JSONText.appendDecoded(bytes.extracting(key), to: &unescapedKey, loneSurrogates: .encoded)
    return keys.child(of: node, unescapedKey.bytes, 0..<unescapedKey.count)
  }

  /// Remembers the value at `start` and looks for wanted fields in it; returns its end.
  @inline(__always)
  private mutating func capture(_ bytes: Span<UInt8>, node: Int, at start: Int) -> Int {
    let kind: FieldValue.Kind
    let end: Int
    switch bytes.byte(at: start) {
    case ASCII.quote:
      let string = CompactJSON.endOfString(bytes, from: start &+ 1)
      values[node] = FieldValue(
        kind: string.escaped ? .escapedString : .string, range: (start &+ 1)..<string.end)
      return min(string.end &+ 1, bytes.count)
    case ASCII.openBrace:
      kind = .object
      end =
        nodes[node].keys.isEmpty
        ? CompactJSON.endOfContainer(bytes, at: start) : walkObject(bytes, node: node, at: start)
    case ASCII.openBracket:
      kind = .array
      end =
        nodes[node].elements.isEmpty
        ? CompactJSON.endOfContainer(bytes, at: start) : walkArray(bytes, node: node, at: start)
    case let first:
      kind =
        first == UInt8(ascii: "n")
        ? .null : first == UInt8(ascii: "t") || first == UInt8(ascii: "f") ? .boolean : .number
      end = CompactJSON.endOfScalar(bytes, at: start)
    }
    values[node] = FieldValue(kind: kind, range: start..<min(end, bytes.count))
    return min(end, bytes.count)
  }

  /// Walks the array that opens at `start`; returns the position after it.
  private mutating func walkArray(_ bytes: Span<UInt8>, node: Int, at start: Int) -> Int {
    var position = start &+ 1
    var index = 0
    var next = 0
    while position < bytes.count, bytes.byte(at: position) != ASCII.closeBracket {
      if next < nodes[node].elements.count, nodes[node].elements[next].index == index {
        position = capture(bytes, node: nodes[node].elements[next].node, at: position)
        next &+= 1
      } else {
        position = CompactJSON.endOfValue(bytes, at: position)
      }
      guard position < bytes.count, bytes.byte(at: position) == ASCII.comma else { break }
      position &+= 1
      index &+= 1
    }
    return position &+ 1
  }
}
