import CloudTrail
import Testing

struct DayTests {
  @Test(
    "a day is read from its text and written as it was",
    arguments: [
      ("1970-01-01", 0), ("2026-11-20", 20_777), ("1969-12-31", -1), ("2024-02-29", 19_782),
    ] as [(String, Int32)])
  func roundTrip(text: String, number: Int32) {
    #expect(Day(text)?.daysSince1970 == number)
    #expect(Day(daysSince1970: number).description == text)
  }

  @Test(
    "what is no day of the calendar is none",
    arguments: ["", "2026-11", "2026-02-29", "2026-11-20T", "2026-11-20 ", "20261120", "undated"])
  func refuses(text: String) {
    #expect(Day(text) == nil)
  }

  @Test("days can be counted across the end of a year")
  func counting() throws {
    let eve = try #require(Day("2026-12-31"))
    let newYear = eve.advanced(by: 1)
    #expect(newYear.description == "2027-01-01")
    #expect(eve.distance(to: newYear) == 1 && newYear.distance(to: eve) == -1)
    #expect((eve...newYear).map(\.description) == ["2026-12-31", "2027-01-01"])
    #expect(Day.distantPast < eve && newYear < Day.distantFuture)
  }

  @Test("an instant is on its UTC day, before 1970 too")
  func instants() {
    #expect(EventTime(seconds: 86_399).day.description == "1970-01-01")
    #expect(EventTime(seconds: -1).day.description == "1969-12-31")
    #expect(EventTime(seconds: -86_400).day.description == "1969-12-31")
    #expect(EventTime(seconds: -86_401).day.description == "1969-12-30")
  }
}
