import Bytes

/// The members of a record's top level that no column shows, each key once.
struct OtherMembers: Sendable {
  private struct Member {
    /// Between the quotes of the key.
    let key: Range<Int>
    /// After the value.
    let end: Int
  }

  private var members: [Member] = []

  mutating func removeAll() {
    members.removeAll(keepingCapacity: true)
  }

  /// Adds a member, unless one of the same key is there: the first counts.
  mutating func insert(key: Range<Int>, end: Int, in record: Span<UInt8>) {
    for member in members where Self.isSame(member.key, key, in: record) { return }
    members.append(Member(key: key, end: end))
  }

  /// Appends all as a JSON object, in the order of the record.
  func append(from record: Span<UInt8>, to output: inout ByteBuffer) {
    output.append(ASCII.openBrace)
    for (place, member) in members.enumerated() {
      if place > 0 { output.append(ASCII.comma) }
      output.append(record.extracting((member.key.lowerBound - 1)..<member.end))
    }
    output.append(ASCII.closeBrace)
  }

  private static func isSame(_ one: Range<Int>, _ other: Range<Int>, in record: Span<UInt8>) -> Bool
  {
    let first = record.extracting(one)
    let second = record.extracting(other)
    if first.isEqual(to: second) { return true }
    // Without an escape in either, different bytes are different keys.
    let isEscaped =
      ByteSearch.first(ASCII.backslash, in: first) < first.count
      || ByteSearch.first(ASCII.backslash, in: second) < second.count
    guard isEscaped else { return false }
    var plainFirst = ByteBuffer()
    var plainSecond = ByteBuffer()
    JSONText.appendDecoded(first, to: &plainFirst, loneSurrogates: .encoded)
    JSONText.appendDecoded(second, to: &plainSecond, loneSurrogates: .encoded)
    return plainFirst.bytes.isEqual(to: plainSecond.bytes)
  }
}
