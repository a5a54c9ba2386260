import CloudTrail

/// Event times as dates of a spreadsheet.
enum XLSXDate {
  /// 1900-03-01: to Excel 1900 was a leap year, so that earlier days are off by one.
  private static let first: Int64 = -2_203_891_200
  /// Days from 1899-12-30, which is day 0, to 1970-01-01.
  private static let epoch = 25_569.0

  /// The days since day 0, exact to the millisecond; nil for a time before all dates, or finer.
  static func days(_ time: EventTime) -> Double? {
    guard time.seconds >= first, time.nanoseconds % 1_000_000 == 0 else { return nil }
    let milliseconds = time.seconds * 1000 + Int64(time.nanoseconds / 1_000_000)
    return Double(milliseconds) / 86_400_000 + epoch
  }
}
