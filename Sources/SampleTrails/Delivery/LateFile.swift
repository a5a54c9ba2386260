/// Events of one account in one region that wait for a late delivery together.
struct LateFile {
  private(set) var file: LogFile

  init(place: Int) {
    file = LogFile(trail: .account, place: place)
  }

  /// Whether an event of `time` may join: a file holds at most a dozen events of four days.
  func takes(_ time: UTCTime) -> Bool {
    guard let oldest = file.oldest else { return true }
    return file.records < 12 && time < oldest + 4 * UTCTime.secondsPerDay
  }

  mutating func append(_ record: [UInt8], at time: UTCTime) {
    file.append(record, at: time)
  }
}
