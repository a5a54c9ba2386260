import Bytes
import TestSupport
import Testing

/// The scanner against RFC 8259: every short text, and the cases that parsers are known to get
/// wrong.
struct JSONScannerTests {
  // MARK: Every short text

  @Test func `of all texts of two bytes those pass that the grammar allows`() {
    let texts = (0..<256).flatMap { first in
      [[UInt8(first)]] + (0..<256).map { [UInt8(first), UInt8($0)] }
    }
    #expect(faults("bytes", in: texts + [[]], fault) == [])
  }

  @Test func `of all texts of five tokens those pass that the grammar allows`() {
    let tokens = ["{", "}", "[", "]", ",", ":", #""a""#, "1", " "]
    #expect(faults("text", in: texts(of: tokens, upTo: 5), fault) == [])
  }

  @Test func `of all ways to write a number those pass that the grammar allows`() {
    let characters = ["-", "+", "0", "7", ".", "e", "E"]
    #expect(faults("number", in: texts(of: characters, upTo: 5), fault) == [])
  }

  @Test func `of all ways to write a string those pass that the grammar allows`() {
    let characters = ["\"", "\\", "u", "0", "aBc", "n", "é", "\n"]
    let strings = texts(of: characters, upTo: 5).map { "\"" + $0 + "\"" }
    #expect(faults("string", in: strings, fault) == [])
  }

  /// A word of eight bytes is looked at in one step: the byte that ends a string must be found at
  /// each place of it.
  @Test func `a raw control character is found wherever it is in a string`() {
    #expect(
      faults("byte", in: UInt8(0)..<0x20) { byte in
        for length in 1...20 {
          for place in 0..<length {
            var text = [0x22] + [UInt8](repeating: 0x61, count: length) + [0x22]
            text[1 + place] = byte
            if let fault = refusal(of: text, at: 1 + place, expecting: .noControl) {
              return "in place \(place) of \(length): \(fault)"
            }
          }
        }
        return nil
      } == [])
  }

  @Test func `bytes that are not UTF-8 pass in a string and nowhere else`() {
    #expect(
      faults("byte", in: UInt8(0x80)...0xFF) { byte in
        if !accepts([0x22, byte, 0x22]) { return "refused in a string" }
        return accepts([byte]) || accepts([0x5B, byte, 0x5D]) ? "taken for a value" : nil
      } == [])
  }

  // MARK: Depth

  @Test func `each level is closed by its own bracket, however deep it is`() {
    #expect(
      faults("seed", in: UInt64(0)..<20) { seed in
        var random = SeededGenerator(seed: seed)
        let isObject = (0..<200).map { _ in random.oneIn(2) }
        let opening = isObject.map { $0 ? #"{"k":"# : "[" }.joined() + "0"
        let closing = isObject.reversed().map { $0 ? "}" : "]" }
        if !accepts(Array((opening + closing.joined()).utf8)) { return "refused" }
        for level in closing.indices {
          var wrong = closing
          wrong[level] = closing[level] == "}" ? "]" : "}"
          let text = Array((opening + wrong.joined()).utf8)
          let expected: JSONSyntaxError.Expectation =
            closing[level] == "}" ? .commaOrBrace : .commaOrBracket
          if let fault = refusal(of: text, at: opening.utf8.count + level, expecting: expected) {
            return "wrong bracket \(level) of 200: \(fault)"
          }
        }
        return nil
      } == [])
  }

  @Test func `a hundred thousand levels need no call stack`() {
    let levels = 100_000
    let open = [UInt8](repeating: 0x5B, count: levels)
    let close = [UInt8](repeating: 0x5D, count: levels)
    #expect(accepts(open + close))
    #expect(!accepts(open + close.dropLast()))
    #expect(!accepts(open + close + [0x5D]))
  }

  // MARK: Helpers

  /// All texts of one to `count` of the pieces, the empty text too.
  private func texts(of pieces: [String], upTo count: Int) -> [String] {
    var all = [""]
    var longest = [""]
    for _ in 0..<count {
      longest = longest.flatMap { text in pieces.map { text + $0 } }
      all += longest
    }
    return all
  }

  private func fault(_ text: String) -> String? { fault(Array(text.utf8)) }

  /// Where the scanner and the slow parser disagree.
  private func fault(_ text: [UInt8]) -> String? {
    let isValid = (try? OracleJSON(text)) != nil
    guard accepts(text) != isValid else { return nil }
    return isValid ? "refused, though RFC 8259 allows it" : "passed, though RFC 8259 forbids it"
  }
}
