import Bytes
import CloudTrail

/// An event as EventBridge hands it on: `{"detail-type":"AWS API Call via CloudTrail","detail":{…}}`.
///
/// The detail types of CloudTrail all end alike (CloudTrail User Guide, "Amazon EventBridge"); those of
/// other services have other things for a detail.
enum BridgeEvent: Envelope {
  static func content(
    _ fields: borrowing RecordFields, _ bytes: Span<UInt8>
  ) -> EnvelopeContent? {
    let (detail, type) = (fields[.detail], fields[.detailType])
    guard detail.isObject, type.isString, type.range.count > ending.utf8CodeUnitCount else {
      return nil
    }
    let end = (type.range.upperBound - ending.utf8CodeUnitCount)..<type.range.upperBound
    return bytes.equals(end, ending) ? .object(detail.range) : nil
  }

  private static let ending: StaticString = "via CloudTrail"
}
