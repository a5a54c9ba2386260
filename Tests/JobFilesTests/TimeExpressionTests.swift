import CloudTrail
import JobFiles
import Testing

struct TimeExpressionTests {
  /// 2026-11-20T00:00:00Z, the day of `surroundings`.
  private static let today: Int64 = 1_795_132_800

  @Test(
    "times are instants, here in seconds after that day began",
    arguments: [
      ("2026-11-20", 0), ("2026-11-20T00:00Z", 0), ("2026-11-20 00:00:01", 1),
      ("2026-11-20T02:30:00+02:30", 0), ("2026-11-19T19:00:00-0500", 0),
      ("2026-11-19T23:59:59Z", -1), ("now", 30_615), ("today", 0), ("yesterday", -86_400),
      ("24h", -55_785), ("7d", -574_185), ("1d12h", -98_985), ("1969-12-31", -1_795_219_200),
    ])
  func instants(text: String, seconds: Int64) throws {
    let bound = try job("select: { from: \"\(text)\" }").select.from
    let expected = TimeBound(text: text, secondsSince1970: TimeExpressionTests.today + seconds)
    #expect(bound == expected)
  }

  @Test(
    "dates are days",
    arguments: [
      ("2026-11-20", 20_777), ("today", 20_777), ("yesterday", 20_776), ("7d", 20_770),
    ])
  func days(text: String, days: Int32) throws {
    let bound = try job("select: { deliveredFrom: \"\(text)\" }").select.deliveredFrom
    #expect(bound == DayBound(text: text, day: Day(daysSince1970: days)))
  }

  @Test(
    "what is no time is refused",
    arguments: [
      "", "2026-02-29", "2026-1-1", "2026-11-20T24:00Z", "2026-11-20T10:60Z", "2026-11-20T10",
      "2026-11-20T10:00:00.5Z", "2026-11-20T10:00Zx", "2026-11-20T10:00+2", "20261120", "tomorrow",
      "7", "d", "7x", "7d7d", "1h2d", "-7d", "99999999999999999999d", "９d",
    ])
  func refusesTimes(text: String) {
    #expect(problems("select: { from: \"\(text)\" }").count == 1)
  }

  @Test("a delivery date has no time of day", arguments: ["2026-11-20T10:00Z", "now", "24h"])
  func refusesDays(text: String) {
    #expect(problems("select: { deliveredTo: \"\(text)\" }").count == 1)
  }
}
