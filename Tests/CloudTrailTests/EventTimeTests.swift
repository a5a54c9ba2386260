import Bytes
import CloudTrail
import TestSupport
import Testing

/// Times against the grammar as a regular expression, and against counting by hand.
struct EventTimeTests {
  private func time(_ text: String) -> EventTime? { EventTime(text.utf8.span) }

  /// Made once for many texts: it is compiled when it is first used.
  private let grammar =
    /(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?(?:Z|[+-](\d{2})(?::?(\d{2}))?)?/
    .asciiOnlyDigits()

  /// Whether the grammar allows a text, slow and by the book.
  private func allows(_ text: String) -> Bool {
    guard let match = text.wholeMatch(of: grammar),
      let year = Int32(match.1), let month = Int32(match.2), let day = Int32(match.3),
      let hour = Int(match.4), let minute = Int(match.5), let second = Int(match.6)
    else { return false }
    let offsetHour = match.7.flatMap { Int($0) } ?? 0
    let offsetMinute = match.8.flatMap { Int($0) } ?? 0
    return CivilDate(year: year, month: month, day: day) != nil && hour < 24 && minute < 60
      && second < 60 && offsetHour < 24 && offsetMinute < 60
  }

  private static let texts = [
    "2026-11-19T08:30:59Z", "2026-11-19 08:30:59", "2026-02-28T23:59:59.123456789+05:30",
    "2024-02-29T00:00:00-0330", "2026-12-31T12:00:00.5-11", "2026-01-01T00:00:00.000Z",
  ]

  @Test(arguments: texts)
  func `of all texts that differ in one byte those are times that the grammar allows`(
    text: String
  ) {
    let bytes = Array(text.utf8)
    #expect(
      faults("place", in: bytes.indices) { place in
        for byte in UInt8(0)..<0x80 {
          var changed = bytes
          changed[place] = byte
          let text = String(decoding: changed, as: UTF8.self)
          if (time(text) != nil) != allows(text) {
            return "“\(text)” is \(time(text)?.text ?? "no time")"
          }
        }
        return nil
      } == [])
  }

  @Test(arguments: texts)
  func `what is cut off or goes on is a time only if the grammar allows it`(text: String) {
    let cut = (0...text.count).map { String(text.prefix($0)) }
    let longer = [" ", "Z", "0", "+", "+1", "+01", "\u{0}", ":", ".5", "-00:00"].map { text + $0 }
    #expect(
      faults("text", in: cut + longer) { text in
        (time(text) != nil) == allows(text) ? nil : "is \(time(text)?.text ?? "no time")"
      } == [])
  }

  @Test(arguments: [
    ("2026-11-19T00:15:00+01:00", "2026-11-18T23:15:00Z"),
    ("2026-12-31T23:00:00-02", "2027-01-01T01:00:00Z"),
    ("2024-03-01T04:00:00.250+0530", "2024-02-29T22:30:00.25Z"),
    ("1970-01-01T00:00:00+00:01", "1969-12-31T23:59:00Z"),
    ("2026-11-19 08:00:00", "2026-11-19T08:00:00Z"),
    ("2026-11-19T08:00:00.100000000", "2026-11-19T08:00:00.1Z"),
    ("2026-11-19T08:00:00-00:00", "2026-11-19T08:00:00Z"),
  ])
  func `times of other zones and forms are the same instants in UTC`(text: String, utc: String) {
    #expect(time(text)?.text == utc)
    #expect(time(text) == time(utc))
  }

  @Test func `each instant is written so that it comes back, and instants have the order of texts`()
  {
    #expect(
      faults("seed", in: UInt64(0)..<2_000) { seed in
        var random = SeededGenerator(seed: seed)
        let times = (0..<2).map { _ in
          EventTime(
            seconds: Int64(random.within(-62_000_000_000...253_000_000_000)),
            nanoseconds: UInt32(random.pick([0, 1, 500_000_000, 999_999_999, 120])))
        }
        for instant in times where time(instant.text) != instant {
          return "\(instant.text) comes back as \(time(instant.text)?.text ?? "no time")"
        }
        // Seconds have one width; without the Z a fraction comes after what has none.
        let (left, right) = (times[0].text.dropLast(), times[1].text.dropLast())
        return (times[0] < times[1]) == (left < right) ? nil : "\(left) and \(right) change places"
      } == [])
  }

  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0, 0), ("1969-12-31T23:59:59.9Z", -1, 23),
    ("1969-12-31T00:00:00Z", -1, 0), ("2026-11-19T23:59:59Z", 20_776, 23),
    ("2026-11-19T00:00:00.000000001Z", 20_776, 0), ("0001-01-01T12:00:00Z", -719_162, 12),
  ])
  func `day and hour are those of UTC, before 1970 too`(text: String, day: Int32, hour: Int) {
    #expect(time(text)?.day.daysSince1970 == day)
    #expect(time(text)?.hour == hour)
  }
}
