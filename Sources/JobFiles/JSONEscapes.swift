/// The escapes of JSON that YAML does not have: a scalar above U+FFFF as two halves, `\ud83d\ude00`.
enum JSONEscapes {
  /// A JSON text with such escapes as YAML has them, `\U0001f600`; any other text as it is.
  static func joined(in text: String) -> String {
    let bytes = Array(text.utf8)
    guard bytes.first(where: { !isSpace($0) }) == UInt8(ascii: "{") else { return text }
    var result: [UInt8] = []
    var place = 0
    var isInString = false
    while place < bytes.count {
      let byte = bytes[place]
      if byte == UInt8(ascii: "\"") { isInString.toggle() }
      guard isInString, byte == UInt8(ascii: "\\") else {
        result.append(byte)
        place += 1
        continue
      }
      if let scalar = pair(bytes[place...]) {
        result += Array(YAMLText.escape(scalar).utf8)
        place += 12
      } else {
        result += bytes[place...].prefix(2)
        place += 2
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The scalar whose two halves begin a text.
  private static func pair(_ text: ArraySlice<UInt8>) -> Unicode.Scalar? {
    guard let high = unit(text), let low = unit(text.dropFirst(6)),
      UTF16.isLeadSurrogate(high), UTF16.isTrailSurrogate(low)
    else { return nil }
    return String(decoding: [high, low], as: UTF16.self).unicodeScalars.first
  }

  /// The UTF-16 unit whose escape begins a text.
  private static func unit(_ text: ArraySlice<UInt8>) -> UInt16? {
    let digits = text.dropFirst(2).prefix(4)
    guard text.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]), digits.count == 4,
      digits.first != UInt8(ascii: "+"), digits.first != UInt8(ascii: "-")
    else { return nil }
    return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
  }

  private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
}
