import Bytes

/// How wide the columns of a sheet are: as the header and the first rows need, within limits.
///
/// A function of what is in the file, like all in it.
struct XLSXWidths {
  /// In characters.
  private(set) var all: [Double]
  private var rows = 0

  private static let rowLimit = 200
  private static let narrowest = 8.0
  private static let widest = 50.0
  /// The arrow of the filter.
  private static let arrow = 3.0

  init(_ columns: Int) {
    all = Array(repeating: XLSXWidths.narrowest, count: columns)
  }

  /// Notes a header, which is never cut short.
  mutating func note(header: borrowing ByteBuffer, at column: Int) {
    widen(column, to: XLSXWidths.characters(header.bytes, limit: 100) * 1.1 + XLSXWidths.arrow)
  }

  mutating func note(_ text: borrowing ByteBuffer, at column: Int) {
    guard rows < XLSXWidths.rowLimit else { return }
    let characters = XLSXWidths.characters(text.bytes, limit: Int(XLSXWidths.widest))
    widen(column, to: min(characters + 1, XLSXWidths.widest))
  }

  mutating func noteDate(showsMilliseconds: Bool, at column: Int) {
    widen(column, to: showsMilliseconds ? 24 : 20)
  }

  mutating func endRow() { rows += 1 }

  private mutating func widen(_ column: Int, to width: Double) {
    all[column] = max(all[column], width)
  }

  /// How many characters a text has, up to `limit` bytes of it or a line feed.
  private static func characters(_ text: Span<UInt8>, limit: Int) -> Double {
    var count = 0
    for position in 0..<min(text.count, limit) {
      let byte = text[position]
      if byte == ASCII.lineFeed { break }
      if byte & 0xC0 != 0x80 { count += 1 }
    }
    return Double(count)
  }
}
