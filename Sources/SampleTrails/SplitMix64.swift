/// The generator behind every choice in a sample tree: same seed, same tree, on every machine.
///
/// SplitMix64 as published by Steele, Lea and Flood ("Fast Splittable Pseudorandom Number
/// Generators", 2014). The standard library's generic helpers are avoided on purpose: how they use
/// a generator is not promised to stay the same between Swift versions.
struct SplitMix64: Sendable {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  /// A generator of its own for one part of the tree, so that parts do not depend on their order.
  init(seed: UInt64, part: UInt64, _ subpart: UInt64 = 0) {
    var mixer = SplitMix64(seed: seed)
    mixer.state = mixer.next() ^ (part &* 0x9FB2_1C65_1E98_DF25)
    mixer.state = mixer.next() ^ (subpart &* 0xD6E8_FEB8_6659_FD93)
    state = mixer.next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 up to, not including, `bound`, which is at least 1.
  mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  mutating func within(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + below(range.count)
  }

  /// True for about `share` (0 to 1) of the calls.
  mutating func chance(_ share: Double) -> Bool {
    unit() < share
  }

  /// A number from 0 up to, not including, 1.
  mutating func unit() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// One of `items`, which is not empty.
  mutating func pick<Item>(_ items: [Item]) -> Item {
    items[below(items.count)]
  }

  /// Reorders `items` (Fisher and Yates).
  mutating func shuffle<Item>(_ items: inout [Item]) {
    var count = items.count
    while count > 1 {
      items.swapAt(count - 1, below(count))
      count -= 1
    }
  }
}

// MARK: - Identifiers

extension SplitMix64 {
  /// `count` characters of `alphabet`.
  mutating func text(_ count: Int, of alphabet: Alphabet) -> String {
    let letters = alphabet.letters
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for _ in 0..<count { bytes.append(letters[below(letters.count)]) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A random UUID (version 4, RFC 9562) in lower case.
  mutating func uuid() -> String {
    var bits = next()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(36)
    for digit in 0..<32 {
      if digit == 16 { bits = next() }
      switch digit {
      case 8, 12, 16, 20: bytes.append(UInt8(ascii: "-"))
      default: break
      }
      let value =
        switch digit {
        case 12: 4
        case 16: 8 + Int(bits & 3)
        default: Int(bits & 15)
        }
      bytes.append(Alphabet.hex.letters[value])
      bits >>= 4
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The characters that AWS identifiers are made of.
struct Alphabet: Sendable {
  let letters: [UInt8]

  private init(_ letters: String) {
    self.letters = Array(letters.utf8)
  }

  static let hex = Alphabet("0123456789abcdef")
  static let digits = Alphabet("0123456789")
  /// Access keys, principal ids and S3 request ids.
  static let upper = Alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
  static let alphanumeric = Alphabet(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
  static let base64 = Alphabet(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
}
