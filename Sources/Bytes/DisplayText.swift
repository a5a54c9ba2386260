// How numbers and names from files are shown to people.

/// A number with a comma every three digits.
public func grouped(_ number: Int) -> String {
  var groups: [Substring] = []
  var rest = Substring(String(abs(number)))
  while rest.count > 3 {
    groups.insert(rest.suffix(3), at: 0)
    rest = rest.dropLast(3)
  }
  return (number < 0 ? "-" : "") + ([rest] + groups).joined(separator: ",")
}

/// A number of things in words: `1 file`, `1,200 files`.
///
/// Without a `plural` it is the noun with an s.
public func counted(_ number: Int, _ noun: String, plural: String? = nil) -> String {
  "\(grouped(number)) \(number == 1 ? noun : plural ?? noun + "s")"
}

/// Bytes as megabytes, small numbers with a decimal.
public func megabytes(_ byteCount: Int) -> String {
  let tenths = (byteCount + 50_000) / 100_000
  return tenths < 100 ? "\(tenths / 10).\(tenths % 10) MB" : "\(grouped(tenths / 10)) MB"
}

/// A number of at least 0 with some decimals, without Foundation.
public func decimal(_ number: Double, digits: Int = 1) -> String {
  let factor = (0..<digits).reduce(1) { factor, _ in factor * 10 }
  let scaled = Int((number * Double(factor)).rounded())
  return "\(scaled / factor)." + String(factor + scaled % factor).dropFirst()
}

/// Text that is safe to print: names come from files, and a terminal obeys what it is sent.
///
/// Control characters, and the marks that turn the direction of writing, become `\xNN` for each of
/// their bytes; so do bytes that are not UTF-8. A backslash stays as it is: this is for people, not
/// for reading back.
public func printable(bytes: [UInt8]) -> String {
  var output = ByteBuffer(capacity: bytes.count)
  let text = bytes.span
  var position = 0
  while position < text.count {
    let length = UTF8Text.validLength(text, at: position)
    let end = position + max(length, 1)
    if length > 0, !isControl(text.extracting(position..<end).text()) {
      output.append(text.extracting(position..<end))
    } else {
      for offset in position..<end {
        output.append("\\x")
        JSONText.appendHex(text[offset], to: &output)
      }
    }
    position = end
  }
  return output.bytes.text()
}

/// Text that is safe to print.
public func printable(_ text: String) -> String {
  printable(bytes: Array(text.utf8))
}

/// A path that is safe to print.
public func printable(_ path: Path) -> String {
  printable(bytes: path.bytes)
}

private func isControl(_ character: String) -> Bool {
  character.unicodeScalars.contains { scalar in
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
