import Bytes
import TestSupport
import Testing

/// Looking for bytes that are not ASCII, and for those that are not UTF-8.
struct TextCheckTests {
  @Test func `the scanner notes one byte that is not ASCII, wherever it is in a string`() throws {
    for count in 0..<40 {
      for place in 0..<max(count, 1) {
        var json = [0x22] + [UInt8](repeating: 0x7F, count: count) + Array("\"  ".utf8)
        var scanner = JSONScanner(json.span)
        try scanner.skipValue()
        let isPlain = !scanner.passedDoubtfulText
        #expect(isPlain, "\(count) bytes")
        guard count > 0 else { continue }
        json[1 + place] = 0x80
        scanner = JSONScanner(json.span)
        try scanner.skipValue()
        let isDoubtful = scanner.passedDoubtfulText
        #expect(isDoubtful, "byte \(place) of \(count)")
        scanner.forgetText()
        let isForgotten = !scanner.passedDoubtfulText
        #expect(isForgotten)
      }
    }
  }

  @Test func `UTF-8 is valid when Swift says so`() {
    var random = SeededGenerator(seed: 8)
    let pieces: [[UInt8]] = [
      Array("plain text".utf8), Array("é".utf8), Array("日本".utf8), Array("\u{1F980}".utf8),
      Array("\u{10FFFF}\u{D7FF}\u{E000}".utf8), [0x80], [0xC0, 0x80], [0xED, 0xA0, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0xFF], Array("12345678".utf8),
    ]
    for _ in 0..<5_000 {
      var text = (0..<random.within(0...6)).flatMap { _ in random.pick(pieces) }
      if random.oneIn(4), !text.isEmpty { text.removeLast() }
      let isValid = String(validating: text, as: UTF8.self) != nil
      let answer = UTF8Text.isValid(text.span)
      #expect(answer == isValid, "\(text)")
    }
  }

  @Test func `a gap moves what follows and nothing else`() {
    for (count, place, gap) in [(0, 0, 0), (5, 5, 3), (5, 0, 200), (100, 40, 1), (64, 32, 64)] {
      let bytes = (0..<count).map { UInt8($0) }
      var buffer = ByteBuffer(capacity: 1)
      buffer.append(bytes)
      buffer.insertGap(gap, at: place)
      let found = buffer.bytes.copied()
      #expect(Array(found[..<place]) == Array(bytes[..<place]))
      #expect(Array(found[(place + gap)...]) == Array(bytes[place...]))
    }
  }
}
