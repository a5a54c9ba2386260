/// Goes through a text line by line.
public struct TextLines: IteratorProtocol {
  private let text: [UInt8]
  private var start = 0

  public init(_ text: [UInt8]) {
    self.text = text
  }

  /// The next line, without its line feed, and whether it has one: only the last may have none.
  public mutating func next() -> (range: Range<Int>, isEnded: Bool)? {
    guard start < text.count else { return nil }
    let end = ByteSearch.first(ASCII.lineFeed, in: text.span, from: start)
    defer { start = end + 1 }
    return (start..<end, end < text.count)
  }
}
