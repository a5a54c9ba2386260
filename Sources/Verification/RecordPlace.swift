import Bytes
import CloudTrail
import Dataset

/// What the folder of a partition says of every record in it.
struct RecordPlace {
  private let account: PartitionValue?
  private let region: PartitionValue?
  private let days: ClosedRange<Day>
  private let hour: Int?

  init(_ partition: CommittedOutputs.Partition, keys: [PartitionKey]) {
    let cell = partition.cell
    account = keys.contains(.account) ? cell.account : nil
    region = keys.contains(.region) ? cell.region : nil
    hour = partition.hour
    days = RecordPlace.days(cell.day, keys)
  }

  /// The days of the finest date key.
  private static func days(_ day: Day, _ keys: [PartitionKey]) -> ClosedRange<Day> {
    if keys.contains(.dt) { return day...day }
    guard keys.contains(.month) || keys.contains(.year) else {
      return .distantPast ... .distantFuture
    }
    let date = day.date
    let isMonth = keys.contains(.month)
    let start = CivilDate(year: date.year, month: isMonth ? date.month : 1, day: 1)
    let endMonth = isMonth ? date.month : 12
    let end = CivilDate(
      year: date.year, month: endMonth,
      day: CivilDate.dayCount(year: date.year, month: endMonth))
    return (start.map { Day($0) } ?? day)...(end.map { Day($0) } ?? day)
  }

  /// What is wrong with a record here; nil if it belongs here.
  ///
  /// A record that does not name its account or region itself was placed by its file's path, which
  /// says nothing here.
  func problem(
    _ record: Span<UInt8>, _ fields: borrowing RecordFields, _ time: EventTime
  ) -> String? {
    if !days.contains(time.day) || (hour != nil && hour != time.hour) {
      return "is of \(time.text)"
    }
    if let account, let other = differs(record, fields[.recipientAccountID], account) {
      return "is of account \(other.encoded.span.text())"
    }
    if let region, let other = differs(record, fields[.awsRegion], region) {
      return "is of region \(other.encoded.span.text())"
    }
    return nil
  }

  private func differs(
    _ record: Span<UInt8>, _ field: FieldRange, _ expected: PartitionValue
  ) -> PartitionValue? {
    guard field.isString, !field.range.isEmpty else { return nil }
    let raw = record.extracting(field.range)
    if !field.isEscaped && raw.isEqual(to: expected.encoded.span) { return nil }
    var text = ByteBuffer(capacity: raw.count)
    JSONText.appendDecoded(raw, to: &text)
    let value = PartitionValue(text.bytes)
    return value == expected ? nil : value
  }
}
