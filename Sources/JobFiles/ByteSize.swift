/// Sizes in bytes as people write them: `512MiB`, `1.5 GB`, `1048576`.
enum ByteSize {
  /// The number of bytes that a text says, or `nil` when it says none or too many.
  ///
  /// `MB` is 10⁶ bytes, `MiB` and `M` are 2²⁰; upper and lower case are the same, and blanks may
  /// come before the unit.
  static func bytes(_ text: String) -> Int? {
    let number = text.prefix { $0.isASCII && $0.isNumber || $0 == "." }
    let unit = text.dropFirst(number.count).drop { $0 == " " }.lowercased()
    let parts = number.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let count = Int(parts[0]), let factor = factors[unit],
      let fraction = parts.count == 1 ? 0 : fraction(parts[1], of: factor)
    else { return nil }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: factor)
    return overflow || bytes > Int.max - fraction ? nil : bytes + fraction
  }

  /// What the digits after the point say of a unit, in bytes; the rest of a byte is dropped.
  private static func fraction(_ digits: Substring, of factor: Int) -> Int? {
    guard (1...6).contains(digits.count), let count = Int(digits) else { return nil }
    return count * factor / digits.reduce(1) { power, _ in power * 10 }
  }

  /// The size in the greatest binary unit that says it exactly.
  static func text(_ bytes: Int) -> String {
    for (unit, shift) in [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)]
    where bytes != 0 && bytes % (1 << shift) == 0 {
      return "\(bytes >> shift)\(unit)"
    }
    return String(bytes)
  }

  private static let factors = [
    "": 1, "b": 1,
    "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000, "tb": 1_000_000_000_000,
    "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40,
    "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
  ]
}
