import Bytes
import Testing

struct TextLinesTests {
  @Test(
    "gives each line, and says whether it is ended",
    arguments: [
      ("", []), ("\n", ["|"]), ("a", ["a"]), ("a\n", ["a|"]), ("a\n\nb", ["a|", "|", "b"]),
      ("a\r\n", ["a\r|"]),
    ])
  func lines(text: String, expected: [String]) {
    let bytes = Array(text.utf8)
    var lines = TextLines(bytes)
    var found: [String] = []
    while let line = lines.next() {
      found.append(String(decoding: bytes[line.range], as: UTF8.self) + (line.isEnded ? "|" : ""))
    }
    #expect(found == expected)
  }
}
