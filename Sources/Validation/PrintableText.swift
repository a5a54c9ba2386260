import Bytes

/// Text that is safe to print: names come from files, and a terminal obeys what it is sent.
///
/// Control characters, and the marks that turn the direction of writing, become `\xNN` for each of
/// their bytes; so do bytes that are not UTF-8. A backslash stays as it is: this is for people, not
/// for reading back.
func printable(_ bytes: [UInt8]) -> String {
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

func printable(_ text: String) -> String {
  // The type is written out: Bytes has a function of this name that takes arrays as well.
  let bytes: [UInt8] = Array(text.utf8)
  return printable(bytes)
}

private func isControl(_ character: String) -> Bool {
  character.unicodeScalars.contains { scalar in
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
