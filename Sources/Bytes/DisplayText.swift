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

/// Bytes as megabytes, small numbers with a decimal.
public func megabytes(_ byteCount: Int) -> String {
  let tenths = (byteCount + 50_000) / 100_000
  return tenths < 100 ? "\(tenths / 10).\(tenths % 10) MB" : "\(grouped(tenths / 10)) MB"
}

/// Seconds with one decimal.
public func decimal(_ seconds: Double) -> String {
  let tenths = Int((seconds * 10).rounded())
  return "\(tenths / 10).\(tenths % 10)"
}

/// Text from files and records made safe for a terminal: control characters as `\xNN`, and the
/// marks that turn the direction of writing as `\u{…}`.
public func printable(_ text: some CustomStringConvertible) -> String {
  var safe = ""
  for scalar in text.description.unicodeScalars {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0:
      let hex = String(scalar.value, radix: 16)
      safe += "\\x" + (hex.count < 2 ? "0" : "") + hex
    case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069:
      safe += "\\u{\(String(scalar.value, radix: 16))}"
    default: safe.unicodeScalars.append(scalar)
    }
  }
  return safe
}
