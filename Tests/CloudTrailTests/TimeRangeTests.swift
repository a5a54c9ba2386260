import CloudTrail
import TestSupport
import Testing

/// Times at the ends of what four-digit years can say, and texts that are nearly times.
struct TimeRangeTests {
  private func time(_ text: String) -> EventTime? { EventTime(Array(text.utf8).span) }

  @Test(arguments: [
    ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"),
    ("0000-01-01T00:00:00+00:01", nil), ("0000-01-01T00:00:00+23:59", nil),
    ("0000-01-01T23:59:00+23:59", "0000-01-01T00:00:00Z"),
    ("0000-01-01T00:00:00.000000001-23:59", "0000-01-01T23:59:00.000000001Z"),
    ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"),
    ("9999-12-31T23:59:59-00:01", nil), ("9999-12-31T23:59:59-23:59", nil),
    ("9999-12-31T23:59:59+23:59", "9999-12-31T00:00:59Z"),
    ("0000-02-29T00:00:00Z", "0000-02-29T00:00:00Z"), ("0000-00-00T00:00:00Z", nil),
    ("9999-12-32T00:00:00Z", nil),
  ])
  func `the ends are exact`(text: String, expected: String?) {
    #expect(time(text)?.text == expected)
  }

  @Test func `every second that is read is written as it was`() {
    var random = SeededGenerator(seed: 3)
    let range = EventTime.representable
    for _ in 0..<20_000 {
      let ends = [range.lowerBound, range.upperBound - 1, -1, 0, 86_399]
      let near = random.pick(ends) + Int64(random.within(-100_000...100_000))
      let far = Int64(bitPattern: random.next()) % 260_000_000_000
      let seconds = min(max(random.oneIn(2) ? near : far, range.lowerBound), range.upperBound - 1)
      let nanoseconds = random.oneIn(2) ? 0 : UInt32(random.within(0...999_999_999))
      let original = EventTime(seconds: seconds, nanoseconds: nanoseconds)
      #expect(time(original.text) == original, "\(seconds) s, \(nanoseconds) ns: \(original.text)")
      #expect((0..<24).contains(original.hour))
      #expect(Day(original.day.date) == original.day)
    }
  }

  @Test func `no text is a time that cannot be written`() {
    var random = SeededGenerator(seed: 4)
    let starts = ["0000-01-01", "9999-12-31", "1970-01-01", "2026-11-19", "0000-12-31"]
    let ends = ["Z", "", "+23:59", "-23:59", "+2359", "-23", "+24:00", "-00:00", ".5Z", ".Z", "+"]
    for _ in 0..<20_000 {
      var text = Array((random.pick(starts) + random.pick(["T", " ", "t"]) + "23:59:59").utf8)
      text += Array(random.pick(ends).utf8)
      if random.oneIn(2) {
        text[random.within(0...text.count - 1)] = random.pick(Array("0129-+:.TZ \u{0}ü".utf8))
      }
      if random.oneIn(5) { text.removeLast(random.within(0...text.count)) }
      guard let time = EventTime(text.span) else { continue }
      #expect(EventTime.representable.contains(time.seconds))
      #expect(self.time(time.text) == time)
    }
  }

  @Test func `every day of ten thousand years comes back`() {
    let first = EventTime(seconds: EventTime.representable.lowerBound).day
    let last = EventTime(seconds: EventTime.representable.upperBound - 1).day
    #expect(first.description == "0000-01-01")
    for day in stride(from: first, through: last, by: 7) {
      let date = day.date
      #expect(date.daysSince1970 == day.daysSince1970)
      #expect(CivilDate(year: date.year, month: date.month, day: date.day) == date)
    }
    #expect(last.description == "9999-12-31")
  }
}
