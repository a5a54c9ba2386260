/// The XML of texts that a sheet's plain text cannot hold (ECMA-376 part 1, 18.4).
///
/// Programs read `_x0041_` as `A` (22.9.2.19, ST_Xstring), but not all of them everywhere: so no run of
/// text has an escape from its beginning to its end, and the field's text is that of its runs. A
/// carriage return in XML would be read as a line feed; as a character reference it stays.
enum WorkbookRuns {
  /// Whether a text needs runs.
  static func isNeeded(for text: Span<UInt8>) -> Bool {
    if ByteSearch.first(ASCII.carriageReturn, in: text) < text.count { return true }
    var position = 0
    while true {
      position = ByteSearch.first(ASCII.underscore, in: text, from: position)
      if position == text.count { return false }
      if isEscape(text, at: position) { return true }
      position += 1
    }
  }

  /// Whether an underscore begins `_xHHHH_`.
  private static func isEscape(_ text: Span<UInt8>, at position: Int) -> Bool {
    guard position + 7 <= text.count, text[position] == ASCII.underscore,
      text[position + 1] | 0x20 == UInt8(ascii: "x"), text[position + 6] == ASCII.underscore
    else { return false }
    return (2...5).allSatisfy { offset in
      switch text[position + offset] {
      case ASCII.digits, UInt8(ascii: "a")...UInt8(ascii: "f"),
        UInt8(ascii: "A")...UInt8(ascii: "F"):
        true
      default: false
      }
    }
  }

  /// Appends a text as one run or several.
  static func append(_ text: Span<UInt8>, to xml: inout ByteBuffer) {
    let (begin, end) = ("<r><t xml:space=\"preserve\">" as StaticString, "</t></r>" as StaticString)
    xml.append(begin)
    for position in 0..<text.count {
      switch text[position] {
      case UInt8(ascii: "&"): xml.append("&amp;")
      case UInt8(ascii: "<"): xml.append("&lt;")
      case UInt8(ascii: ">"): xml.append("&gt;")
      case ASCII.carriageReturn: xml.append("&#13;")
      case let byte: xml.append(byte)
      }
      if isEscape(text, at: position) {
        xml.append(end)
        xml.append(begin)
      }
    }
    xml.append(end)
  }
}
