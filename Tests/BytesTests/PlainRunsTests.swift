import Bytes
import Testing

struct PlainRunsTests {
  /// Every length around a word, every place of the byte that ends the run.
  @Test func `a plain run ends at the first byte that a bare cell may not hold`() {
    for stop: UInt8 in [0x00, 0x09, 0x1F, 0x22, 0x2C, 0x5C, 0x7F, 0x80, 0xC3, 0xFF] {
      for length in 1...40 {
        for place in 0..<length {
          var text = [UInt8](repeating: 0x61, count: length)
          text[place] = stop
          var output = ByteBuffer()
          let end = output.appendPlainRun(text.span, in: 0..<length)
          #expect(end == place)
          #expect(output.bytes.copied() == Array(text[..<place]))
        }
      }
    }
  }

  @Test func `a plain run stays within its range`() {
    let text = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
    for start in 0...text.count {
      for end in start...text.count {
        var output = ByteBuffer()
        output.append("<")
        #expect(output.appendPlainRun(text.span, in: start..<end) == end)
        #expect(output.bytes.copied() == [0x3C] + text[start..<end])
      }
    }
  }

  @Test(arguments: ["", "\"", "\"\"\"\"\"\"\"\"\"", #"{"a":"b","longer key":[1,2,{}]}"#])
  func `quotes are doubled`(text: String) {
    let bytes = Array(text.utf8)
    var output = ByteBuffer()
    #expect(output.appendDoublingQuotes(bytes.span, in: 0..<bytes.count) == bytes.count)
    let doubled = bytes.flatMap { $0 == 0x22 ? [$0, $0] : [$0] }
    #expect(output.bytes.copied() == doubled)
  }

  @Test func `doubling quotes ends at a control character or what is not ASCII`() {
    for stop: UInt8 in [0x00, 0x0A, 0x7F, 0xC3] {
      for place in 0..<24 {
        var text = Array("\"ab\"cdef\"\"gh,ijkl\\mnop\"q".utf8.prefix(24))
        text[place] = stop
        var output = ByteBuffer()
        #expect(output.appendDoublingQuotes(text.span, in: 0..<text.count) == place)
        #expect(output.bytes.copied() == text[..<place].flatMap { $0 == 0x22 ? [$0, $0] : [$0] })
      }
    }
  }
}
