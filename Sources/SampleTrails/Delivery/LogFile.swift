/// A log file in the making: records and the span of their times.
struct LogFile {
  let trail: Trail
  /// Which account and region it is of, by index: their folder is where it goes to.
  let place: Int
  private var json = JSONWriter()
  private(set) var records = 0
  private(set) var oldest: UTCTime?
  private(set) var newest: UTCTime?

  init(trail: Trail, place: Int) {
    self.trail = trail
    self.place = place
  }

  mutating func append(_ record: [UInt8], at time: UTCTime) {
    if records == 0 { json.append("{\"Records\":[") }
    json.element(json: record)
    records += 1
    oldest = min(oldest ?? time, time)
    newest = max(newest ?? time, time)
  }

  /// The document: one line, `Records` its only key.
  func document() -> [UInt8] {
    json.bytes + "]}".utf8
  }
}
