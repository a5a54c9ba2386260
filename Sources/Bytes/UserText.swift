/// The text of a file that a user wrote, with whatever editor or shell on whatever system.
public enum UserText {
  /// The text as UTF-8, without a byte order mark.
  ///
  /// UTF-16 is known by its mark, or by a NUL beside the first character: what PowerShell's `>` and
  /// Notepad's "Unicode" write.
  ///
  /// - Parameters:
  ///   - bytes: The file's content.
  ///   - decodesUTF16: Whether UTF-16 is decoded; if not, it is an error.
  /// - Returns: Valid UTF-8.
  /// - Throws: `UserTextError` when the bytes are in another encoding.
  public static func utf8(
    _ bytes: [UInt8], decodesUTF16: Bool = false
  ) throws(UserTextError) -> [UInt8] {
    let text: [UInt8]
    let start = bytes.prefix(4)
    if start.elementsEqual([0xFF, 0xFE, 0, 0]) || start.elementsEqual([0, 0, 0xFE, 0xFF]) {
      throw .utf32
    } else if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) {
      let isBigEndian = start.first == 0xFE
      return try decoded(bytes.dropFirst(2), isBigEndian: isBigEndian, decodesUTF16)
    } else if start.count > 1, (start[0] == 0) != (start[1] == 0) {
      return try decoded(bytes[...], isBigEndian: start[0] == 0, decodesUTF16)
    } else {
      text = start.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    }
    guard let line = firstInvalidLine(text.span) else { return text }
    throw .notUTF8(line: line)
  }

  private static func decoded(
    _ bytes: ArraySlice<UInt8>, isBigEndian: Bool, _ isWanted: Bool
  ) throws(UserTextError) -> [UInt8] {
    guard isWanted else { throw .utf16 }
    let units = stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map { place in
      let (first, second) = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
      return isBigEndian ? first << 8 | second : second << 8 | first
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }

  /// The line of the first byte that is not UTF-8, counted from 1; nil if all are.
  private static func firstInvalidLine(_ text: Span<UInt8>) -> Int? {
    var line = 1
    var position = 0
    while position < text.count {
      let length = UTF8Text.validLength(text, at: position)
      if length == 0 { return line }
      if text[position] == UInt8(ascii: "\n") { line += 1 }
      position += length
    }
    return nil
  }
}

/// A text in an encoding that is not read.
public enum UserTextError: Error, Equatable, CustomStringConvertible {
  case utf16, utf32
  /// In the encoding of an older system, or damaged.
  case notUTF8(line: Int)

  public var description: String {
    switch self {
    case .utf16: "UTF-16: save it as UTF-8"
    case .utf32: "UTF-32: save it as UTF-8"
    case .notUTF8(let line): "line \(line) is not UTF-8: save it as UTF-8"
    }
  }
}
