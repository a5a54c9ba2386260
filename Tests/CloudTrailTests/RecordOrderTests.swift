import Bytes
import CloudTrail
import Segments
import TestSupport
import Testing

/// The order of every output: the time, the decoded eventID, the bytes of the record.
struct RecordOrderTests {
  private struct Made {
    var seconds: Int
    var id: [UInt8]
    var record: [UInt8]
    var entry: Entry
  }

  /// Texts of eventIDs in JSON, and their bytes.
  private static let ids: [(json: String, bytes: String)] = [
    (#""01234567-89ab-4def-9012-3456789abcde""#, "01234567-89ab-4def-9012-3456789abcde"),
    (#""\u003001234567-89ab-4def-9012-3456789abcde""#, "001234567-89ab-4def-9012-3456789abcde"),
    (#""01234567\u002d89ab-4def-9012-3456789abcde""#, "01234567-89ab-4def-9012-3456789abcde"),
    (#""f1234567-89ab-4def-9012-3456789abcde""#, "f1234567-89ab-4def-9012-3456789abcde"),
    (#""F1234567-89ab-4def-9012-3456789abcde""#, "F1234567-89ab-4def-9012-3456789abcde"),
    (#""0""#, "0"), (#""01234567""#, "01234567"), (#""g""#, "g"), (#""\u00e9""#, "é"),
    (#""é""#, "é"), (#""~""#, "~"), ("null", ""), (#""""#, ""), ("1", ""),
  ]

  private static func made(_ random: inout SeededGenerator) throws -> Made? {
    let second = random.within(0...1)
    let id = random.pick(ids)
    let text =
      #"{"eventTime":"2026-11-19T00:00:0\#(second)Z","eventID":\#(id.json),"n":"#
      + random.pick(["1", "10", "2", #""""#]) + "}"
    let record = Array(text.utf8)
    var scanner = JSONScanner(record.span)
    var fields = RecordFields()
    _ = try fields.capture(&scanner, shape: nil)
    guard let key = RecordKey(record.span, 0..<record.count, fields) else { return nil }
    return Made(
      seconds: second, id: Array(id.bytes.utf8), record: record,
      entry: Entry(key, cell: 0, range: 0..<record.count, source: 0, index: 0))
  }

  private static func order(_ left: Made, _ right: Made) -> Int {
    RecordOrder.compare(left.entry, left.record.span, right.entry, right.record.span).signum()
  }

  /// By the book.
  private static func expected(_ left: Made, _ right: Made) -> Int {
    if left.seconds != right.seconds { return left.seconds < right.seconds ? -1 : 1 }
    if left.id != right.id { return left.id.lexicographicallyPrecedes(right.id) ? -1 : 1 }
    if left.record == right.record { return 0 }
    return left.record.lexicographicallyPrecedes(right.record) ? -1 : 1
  }

  @Test func `two records are in the order of time, eventID and bytes, of whatever kind they are`()
  {
    #expect(
      faults("seed", in: UInt64(0)..<4_000) { seed in
        var random = SeededGenerator(seed: seed)
        guard let left = try Self.made(&random), let right = try Self.made(&random) else {
          return "a record has no key"
        }
        let (order, expected) = (Self.order(left, right), Self.expected(left, right))
        if order != expected {
          return "\(left.record.span.text()) and \(right.record.span.text()) compare as \(order), "
            + "expected \(expected)"
        }
        return Self.order(right, left) == -order ? nil : "the other way round it is not the reverse"
      } == [])
  }
}
