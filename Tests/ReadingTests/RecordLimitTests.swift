import Reading
import TestSupport
import Testing

/// The largest record, counted as it is in the input.
struct RecordLimitTests {
  private let limit = 1_000

  /// A record of `byteCount` bytes with `spaces` inside.
  private func record(_ byteCount: Int, spaces: Int = 0) -> String {
    let start =
      #"{"eventID":"1","eventTime":"2026-11-19T08:00:00Z","#
      + String(repeating: " ", count: spaces) + #""a":""#
    return start + String(repeating: "x", count: byteCount - start.utf8.count - 2) + "\"}"
  }

  private func outcome(_ text: String, _ name: String = "x.json", batchSize: Int) throws
    -> FileOutcome?
  {
    var options = ReadingOptions()
    options.maxRecord = limit
    options.salvage = true
    return try ReadTree(text, name: name, batchSize: batchSize, options: options).outcome
  }

  private let small = #"{"eventID":"0","eventTime":"2026-11-19T08:00:00Z"}"#

  @Test(arguments: [100, 1_000, 1_001, 4_000, 1 << 20])
  func `is exact, whatever the batch`(batchSize: Int) throws {
    for spaces in [0, 700] {
      let (longest, tooLong) = (record(limit, spaces: spaces), record(limit + 1, spaces: spaces))
      for (head, tail) in [("", ""), ("[", "]"), (#"{"Records":["#, "]}")] {
        let good = "\(head)\(small),\(longest),\(small)\(tail)"
        let bad = "\(head)\(small),\(tooLong),\(small)\(tail)"
        let separator = head.isEmpty ? "\n" : ","
        let (goodText, badText) = (
          good.replacing("},{", with: "}\(separator){"),
          bad.replacing("},{", with: "}\(separator){")
        )
        #expect(try outcome(goodText, batchSize: batchSize)?.recordCount == 3)
        let failed = try outcome(badText, batchSize: batchSize)
        #expect(
          failed?.error
            == .recordTooLarge(
              offset: head.utf8.count + small.utf8.count + separator.utf8.count, limit: limit))
        #expect(failed?.recordCount == 1, "what comes before is salvaged")
      }
    }
  }

  @Test(arguments: [100, 1 << 20])
  func `an envelope counts with what it carries`(batchSize: Int) throws {
    let inside = quoted(small)
    func envelope(_ byteCount: Int) -> String {
      let rest = byteCount - #"{"CloudTrailEvent":,"x":""}"#.utf8.count - inside.utf8.count
      return #"{"CloudTrailEvent":\#(inside),"x":"\#(String(repeating: "y", count: rest))"}"#
    }
    #expect(try outcome(envelope(limit), batchSize: batchSize)?.error == nil)
    #expect(try outcome(envelope(limit + 1), batchSize: batchSize)?.error != nil)
  }

  @Test(arguments: [100, 1 << 20])
  func `so do the other members of a document, and no white space between them`(
    batchSize: Int
  ) throws {
    let (long, tooLong) = (String(repeating: "x", count: 900), String(repeating: "x", count: 1_001))
    let spaces = String(repeating: " \n", count: 5_000)
    let records =
      #""Records"\#(spaces.prefix(9)):[\#(small)\#(spaces),\#(spaces)\#(small)\#(spaces)]"#
    let good = [
      "{\"a\":\"\(long)\",\(records)}", "{\(records)\(spaces),\(spaces)\"a\":\"\(long)\"}",
      "\(spaces){\(records)}\(spaces)", "{\(records),\"a\":\"\(long)\",\"b\":\"\(long)\"}",
    ]
    for text in good { #expect(try outcome(text, batchSize: batchSize)?.error == nil) }
    let head = try outcome("{\"a\":\"\(tooLong)\",\(records)}", batchSize: batchSize)
    #expect(head?.error == .recordTooLarge(offset: 0, limit: limit))
    let tail = try outcome("{\(records),\"a\":\"\(tooLong)\"}", batchSize: batchSize)
    #expect(tail?.error == .recordTooLarge(offset: records.utf8.count + 2, limit: limit))
    #expect(tail?.recordCount == 2)
  }
}
