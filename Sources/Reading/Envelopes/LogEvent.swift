import Bytes
import CloudTrail

/// A log event of CloudWatch Logs: `{"id":…,"timestamp":…,"message":"{…}"}`.
///
/// Subscriptions deliver them in the array `logEvents` of `{"messageType":"DATA_MESSAGE",…}`, many
/// such objects back to back and often several gzip members a file (CloudWatch Logs User Guide,
/// "Real-time processing of log data with subscriptions").
enum LogEvent: Envelope {
  static func content(
    _ fields: borrowing RecordFields, _ bytes: Span<UInt8>
  ) -> EnvelopeContent? {
    let message = fields[.message]
    return message.isString ? .text(message.range) : nil
  }

  /// Whether the log events of the object of which `fields` were captured are CloudWatch's own, sent
  /// to see whether the subscription works. `messageType` always stands before them.
  static func isControlMessage(
    _ fields: borrowing RecordFields, _ bytes: Span<UInt8>
  ) -> Bool {
    let type = fields[.messageType]
    return type.isString && bytes.equals(type.range, "CONTROL_MESSAGE")
  }
}
