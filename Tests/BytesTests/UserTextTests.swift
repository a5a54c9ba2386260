import Bytes
import Testing

struct UserTextTests {
  @Test(
    "a text is the same in every encoding that is read",
    arguments: ["{\"a\": 1}", "", "é", "name: \u{1F600}\r\n", "\u{FEFF}x"])
  func encodings(text: String) throws {
    let mark: [UInt16] = [0xFEFF]
    let units = mark + Array(text.utf16)
    let little = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let big = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    let encoded = [[0xEF, 0xBB, 0xBF] + Array(text.utf8), little, big]
    for bytes in encoded {
      #expect(try UserText.utf8(bytes, decodesUTF16: true) == Array(text.utf8))
    }
    #expect(throws: UserTextError.utf16) { try UserText.utf8(little) }
    #expect(throws: UserTextError.utf16) { try UserText.utf8(big) }
  }

  @Test("UTF-16 without a mark is known by its NULs")
  func withoutMark() throws {
    #expect(try UserText.utf8([0x7B, 0, 0x7D, 0], decodesUTF16: true) == Array("{}".utf8))
    #expect(try UserText.utf8([0, 0x7B, 0, 0x7D], decodesUTF16: true) == Array("{}".utf8))
  }

  @Test("the first line that is not UTF-8 is named")
  func invalid() {
    #expect(throws: UserTextError.notUTF8(line: 1)) { try UserText.utf8([0xE9]) }
    #expect(throws: UserTextError.notUTF8(line: 3)) {
      try UserText.utf8([0x61, 0x0A, 0xC3, 0xA9, 0x0A, 0x61, 0xC3])
    }
    #expect(throws: UserTextError.utf32) { try UserText.utf8([0, 0, 0xFE, 0xFF, 0, 0, 0, 0x7B]) }
  }
}
