import Bytes

/// What the sheet of a partition is called.
///
/// It is the values in the partition's folder, as in `012345678910 2026-11-19`. Folder names have
/// everything percent-encoded that Excel forbids: `[ ] : * ? / \ '`. A name has at most 31 UTF-16 units,
/// so of a longer one the end is kept, which has the day. A single value that has only letters,
/// digits, `_` and `.` follows its key, as in `account 012345678910`: LibreOffice drops references to a
/// sheet that is named like a number unless the name is in quotes, as one with a space always is. So
/// none is called `History`, which Excel keeps for itself.
enum XLSXSheetName {
  private static let maximumUnits = 31

  /// The name.
  ///
  /// `folder`: The partition's folder below the dataset, as in `xlsx/dt=2026-11-19`.
  static func name(of folder: Path) -> String {
    let parts = folder.bytes.split(separator: ASCII.slash).compactMap { part in
      part.firstIndex(of: ASCII.equals).map { (key: part[..<$0], value: part[($0 + 1)...]) }
    }
    if let only = parts.first, parts.count == 1, only.value.allSatisfy(isPlain) {
      let long = "\(only.key.span.text()) \(only.value.span.text())"
      return long.utf8.count <= maximumUnits ? long : shortened("…" + only.value.span.text())
    }
    var text = ByteBuffer()
    var changes = XLSXText.Changes()
    XLSXText.append(
      Array(parts.map(\.value).joined(separator: [ASCII.space])).span, to: &text, noting: &changes)
    let name = text.bytes.text()
    return name.isEmpty ? "CloudTrail" : shortened(name)
  }

  /// The end of a name that is too long.
  private static func shortened(_ name: String) -> String {
    if name.utf16.count <= maximumUnits { return name }
    var end = name
    while end.utf16.count >= maximumUnits { end.unicodeScalars.removeFirst() }
    return "…" + end
  }

  /// Whether libxlsxwriter may leave a name of such characters without quotes.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    default: ASCII.digits.contains(byte) || byte == ASCII.underscore || byte == ASCII.dot
    }
  }
}
