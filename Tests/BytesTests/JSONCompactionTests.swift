import Bytes
import TestSupport
import Testing

struct JSONCompactionTests {
  @Test func `white space between tokens goes, and nothing else`() {
    #expect(
      faults("seed", in: UInt64(0)..<300) { seed in
        var made = MadeJSON(seed: seed)
        let tokens = made.value(depth: 4)
        return difference(
          of: compacted(made.spaced(tokens)), from: Array(tokens.joined().utf8))
      } == [])
  }

  @Test(arguments: [
    (#"{ "a b" : " \" c " }"#, #"{"a b":" \" c "}"#), (#"[ " \\" , " " ]"#, #"[" \\"," "]"#),
    ("[\r\n\t 1 ,\n\n2 ]", "[1,2]"), ("[]", "[]"), (" 1 ", "1"), ("   ", ""), ("", ""),
  ])
  func `white space in strings stays, whatever is escaped there`(text: String, compact: String) {
    #expect(difference(of: compacted(Array(text.utf8)), from: Array(compact.utf8)) == nil)
  }

  @Test func `what is around the range stays as it is`() {
    var buffer = ByteBuffer()
    buffer.append(utf8: #"{ "x" : 1 }[ 1 , 2 ]{ "y" : 2 }"#)
    #expect(buffer.compactJSON(in: 11..<20) == 16)
    #expect(buffer.bytes.extracting(0..<16).text() == #"{ "x" : 1 }[1,2]"#)
    #expect(buffer.bytes.extracting(20..<31).text() == #"{ "y" : 2 }"#)
    #expect(buffer.count == 31)
  }

  private func compacted(_ text: [UInt8]) -> [UInt8] {
    var buffer = ByteBuffer()
    buffer.append(text)
    let end = buffer.compactJSON(in: 0..<buffer.count)
    return buffer.bytes.extracting(0..<end).copied()
  }
}
