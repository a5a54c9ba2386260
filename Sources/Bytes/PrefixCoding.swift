/// Writes texts that begin as the one before: of each only what is new.
public struct PrefixWriter: Sendable {
  private var last: [UInt8] = []

  public init() {}

  /// Forgets the last text, so that reading can begin with the next.
  public mutating func restart() { last.removeAll(keepingCapacity: true) }

  public mutating func append(_ text: [UInt8], to output: inout ByteBuffer) {
    let shared = PrefixWriter.sharedCount(last.span, text.span)
    output.append(varint: shared)
    output.append(varint: text.count - shared)
    output.append(text.span.extracting(shared..<text.count))
    last = text
  }

  private static func sharedCount(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int {
    let limit = min(left.count, right.count)
    var count = 0
    while count + 8 <= limit,
      left.number(at: count, as: UInt64.self) == right.number(at: count, as: UInt64.self)
    {
      count += 8
    }
    while count < limit, left[count] == right[count] { count += 1 }
    return count
  }
}

/// Reads what a `PrefixWriter` wrote.
public struct PrefixReader: Sendable {
  /// The last text that was read.
  public private(set) var text: [UInt8] = []

  public init() {}

  public mutating func next(_ row: inout RowReader) {
    let shared = row.varint()
    let count = row.varint()
    text.removeLast(max(0, text.count - max(0, shared)))
    text += row.bytes(count)
  }
}
