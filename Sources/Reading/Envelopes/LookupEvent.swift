import Bytes
import CloudTrail

/// An event as `aws cloudtrail lookup-events` prints it: `{"EventId":…,"CloudTrailEvent":"{…}"}`.
///
/// The items are in an array `Events`, or one a line. The other members are a summary with times in
/// other forms; the record is the text in `CloudTrailEvent` (CloudTrail API reference, `Event`).
enum LookupEvent: Envelope {
  static func content(
    _ fields: borrowing RecordFields, _ bytes: Span<UInt8>
  ) -> EnvelopeContent? {
    let record = fields[.cloudTrailEvent]
    return record.isString ? .text(record.range) : nil
  }
}
