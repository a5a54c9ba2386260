import Bytes
import CloudTrail
import Reading
import TestSupport
import Testing

/// Records that strict readers refuse: kept, and counted.
struct TextFlawsTests {
  private func flaws(_ bytes: [UInt8], _ name: String = "x.json") throws -> TextFlaws {
    try ReadTree([TreeFile(path: name, bytes: bytes)]).textFlaws
  }

  private func record(_ id: String, _ more: [UInt8]) -> [UInt8] {
    Array(#"{"eventID":"\#(id)","eventTime":"2026-11-19T08:00:00Z","#.utf8) + more
      + Array("}".utf8)
  }

  @Test(arguments: [
    #""a":"\ud83d""#, #""a":"\uDE00x""#, #""a":["\ude00\ud83d"]"#, #""\ud800":1"#,
    #""a":{"b\udfff":{}}"#, #""a":"\ud83d\n\ude00""#,
  ])
  func `half a surrogate pair counts, in keys too`(member: String) throws {
    let bytes =
      record("1", Array(#""b":"\ud83d\ude00 \\ud800 \u00e9""#.utf8))
      + record("2", Array(member.utf8))
    let flaws = try flaws(bytes)
    #expect(flaws.counts.recordCount == 1 && flaws.counts.loneSurrogateCount == 1)
    #expect(flaws.counts.invalidUTF8Count == 0)
    #expect(flaws.examples.map(\.index) == [1])
    #expect(flaws.examples.map(\.eventID) == [Array("2".utf8)])
  }

  @Test(
    arguments: [
      [0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82],
      [0x80],
    ] as [[UInt8]])
  func `bytes that are not UTF-8 count, in keys too`(bytes: [UInt8]) throws {
    let good = record("1", Array("\"é\":\"日本 🦀\"".utf8))
    let value = good + record("2", Array("\"a\":\"".utf8) + bytes + Array("\"".utf8))
    let key = good + record("2", Array("\"".utf8) + bytes + Array("\":1".utf8))
    for text in [value, key] {
      let flaws = try flaws(text)
      #expect(flaws.counts.invalidUTF8Count == 1 && flaws.counts.loneSurrogateCount == 0)
      #expect(flaws.examples.map(\.index) == [1])
    }
  }

  @Test func `what is not taken does not count`() throws {
    let flaw = Array(#""a":"\ud83d""#.utf8)
    let rejected = Array(#"{"eventID":"1","a":"\ud83d"}"#.utf8)
    #expect(try flaws(record("1", Array(#""a":1"#.utf8)) + rejected).counts.recordCount == 0)
    #expect(try flaws(record("1", flaw) + Array("x".utf8)).counts.recordCount == 0)
    let filtered = try ReadTree(String(decoding: record("1", flaw), as: UTF8.self)) {
      $0.from = 1_900_000_000
    }
    #expect(filtered.textFlaws.counts.recordCount == 0)
  }

  @Test func `an envelope hands the escape on as it is`() throws {
    let inside = #"{"eventID":"1","eventTime":"2026-11-19T08:00:00Z","a":"\ud800 \ud83d\ude00"}"#
    for escape in [#"\\ud800 \\ud83d\\ude00"#, #"\ud800 \ud83d\ude00"#] {
      let text = #"{\"eventID\":\"1\",\"eventTime\":\"2026-11-19T08:00:00Z\",\"a\":\"\#(escape)\"}"#
      let tree = try ReadTree(#"{"CloudTrailEvent":"\#(text)"}"#)
      #expect(tree.records.count == 1)
      #expect(tree.records.first?.hasPrefix(#"{"eventID":"1""#) == true)
      #expect(tree.records.first?.contains(#"\ud800"#) == true)
      #expect(tree.textFlaws.counts.loneSurrogateCount == 1, "\(inside)")
    }
  }

  @Test(arguments: [64, 400, 5_000, 300_000])
  func `are found wherever a batch ends`(batchSize: Int) throws {
    var bytes: [UInt8] = []
    for number in 0..<3_000 {
      let flaw: [UInt8] =
        number % 7 == 0 ? [0xFF] : Array(number % 11 == 0 ? #"\ud800"#.utf8 : "é".utf8)
      bytes += record("\(number)", Array("\"a\":\"".utf8) + flaw + Array("\"".utf8))
    }
    let file = TreeFile(path: "x.json", bytes: bytes)
    let flaws = try ReadTree([file], batchSize: batchSize).textFlaws
    let invalid = (0..<3_000).count { $0 % 7 == 0 }
    let lone = (0..<3_000).count { $0 % 7 != 0 && $0 % 11 == 0 }
    #expect(flaws.counts.invalidUTF8Count == invalid && flaws.counts.loneSurrogateCount == lone)
    #expect(flaws.counts.recordCount == invalid + lone)
    #expect(flaws.examples.map(\.index) == [0, 7, 11])
  }
}
