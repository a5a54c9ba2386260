import CloudTrail
import Testing

struct CivilDateTests {
  @Test(
    "counts days from 1970",
    arguments: [
      (1970, 1, 1, 0), (1969, 12, 31, -1), (2000, 2, 29, 11_016), (2000, 3, 1, 11_017),
      (2026, 11, 20, 20_777), (0, 1, 1, -719_528), (9999, 12, 31, 2_932_896),
    ])
  func countsDays(year: Int32, month: Int32, day: Int32, days: Int32) throws {
    let date = try #require(CivilDate(year: year, month: month, day: day))
    #expect(date.daysSince1970 == days)
    #expect(CivilDate(daysSince1970: days) == date)
  }

  @Test("walks from year 0 to year 9999 day by day without a gap")
  func walksEveryDay() throws {
    var days = try #require(CivilDate(year: 0, month: 1, day: 1)).daysSince1970
    for year in Int32(0)...9999 {
      for month in Int32(1)...12 {
        for day in 1...CivilDate.dayCount(year: year, month: month) {
          let date = CivilDate(daysSince1970: days)
          guard date.year == year, date.month == month, date.day == day,
            date.daysSince1970 == days
          else {
            Issue.record("day \(days) is \(date), not \(year)-\(month)-\(day)")
            return
          }
          days += 1
        }
      }
    }
  }

  @Test(
    "refuses dates that do not exist",
    arguments: [
      (2026, 2, 29), (1900, 2, 29), (2026, 4, 31), (2026, 0, 1), (2026, 13, 1), (2026, 1, 0),
      (-1, 1, 1), (10_000, 1, 1),
    ])
  func refusesImpossibleDates(year: Int32, month: Int32, day: Int32) {
    #expect(CivilDate(year: year, month: month, day: day) == nil)
  }

  @Test("writes itself with all its digits")
  func writesItself() throws {
    #expect(CivilDate(daysSince1970: 20_777).text == "2026-11-20")
    #expect(try #require(CivilDate(year: 7, month: 3, day: 9)).text == "0007-03-09")
  }
}
