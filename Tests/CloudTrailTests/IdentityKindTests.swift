import Bytes
import CloudTrail
import TestSupport
import Testing

/// Identities of UUIDs, of other texts and of contents are never equal, nor those of different texts.
struct IdentityKindTests {
  private func identity(_ text: String) -> RecordIdentity {
    RecordIdentity(eventID: Array(text.utf8).span)
  }

  private func content(_ text: String) -> RecordIdentity {
    RecordIdentity(hashing: Array(text.utf8).span, kind: .content)
  }

  /// The text of a UUID with these bits.
  private func uuid(_ identity: RecordIdentity) -> String {
    func hex(_ number: UInt64) -> String {
      let digits = String(number, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    let digits = Array(hex(identity.high) + hex(identity.low))
    return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
      .joined(separator: "-")
  }

  @Test func `a UUID with the bits of a hash is another identity`() {
    for number in 0..<2_000 {
      for hash in [identity("id-\(number)"), content("{\"a\":\(number)}")] {
        let text = uuid(hash)
        #expect(identity(text) != hash, "\(text)")
        #expect(hash.kind != .uuid)
      }
      #expect(identity("id-\(number)") != content("id-\(number)"))
    }
  }

  @Test func `only lower-case UUIDs of a known version are their own identity`() {
    for version in 0...15 {
      let digit = String(version, radix: 16)
      let text = "01234567-89ab-\(digit)def-8123-456789abcdef"
      let isKnown = (1...8).contains(version)
      #expect(identity(text).kind == (isKnown ? .uuid : .otherText), "\(text)")
      #expect((uuid(identity(text)) == text) == isKnown, "\(text)")
      if version != 0 { #expect(identity(text.uppercased()).kind == .otherText) }
    }
    for text in [
      "", "x", "01234567-89ab-4def-8123-456789abcde", "01234567-89ab-4def-8123-456789abcdeg",
    ] {
      #expect(identity(text).kind == .otherText)
    }
    #expect(content("x").kind == .content)
  }

  @Test func `UUIDs of one version are in the order of their texts`() {
    var random = SeededGenerator(seed: 1)
    let identities = (0..<500).map { _ in
      identity(uuid(RecordIdentity(high: random.next() & ~0xF000 | 0x4000, low: random.next())))
    }
    let byText = identities.map(uuid).sorted()
    #expect(identities.sorted().map(uuid) == byText)
  }

  @Test func `different escapes of half a surrogate pair are different ids`() {
    var identities: Set<RecordIdentity> = []
    let escapes = [
      #"\ud800"#, #"\ud801"#, #"\udc00"#, #"\ufffd"#, #"\ud800\udc00"#, #"\udc00\ud800"#,
    ]
    for escape in escapes {
      let record = Array(#"{"eventID":"\#(escape)","eventTime":"2026-11-19T08:00:00Z"}"#.utf8)
      identities.insert(key(record).identity)
      // The case of digits is no difference.
      let upper = String(decoding: record, as: UTF8.self).replacing(escape, with: upper(escape))
      identities.insert(key(Array(upper.utf8)).identity)
    }
    #expect(identities.count == escapes.count)
  }

  private func upper(_ escape: String) -> String {
    String(escape.map { $0 == "u" ? "u" : Character($0.uppercased()) })
  }

  private func key(_ record: [UInt8]) -> RecordKey {
    var fields = RecordFields()
    var scanner = JSONScanner(record.span)
    _ = try? fields.capture(&scanner, shape: nil)
    return RecordKey(record.span, 0..<record.count, fields) ?? RecordKey(contentOf: record.span)
  }
}
