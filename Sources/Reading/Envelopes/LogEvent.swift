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

  /// Whether an object's log events are CloudWatch's own, sent to see if the subscription works.
  ///
  /// `messageType`, which decides, always comes before them.
  static func isControlMessage(
    _ fields: borrowing RecordFields, _ bytes: Span<UInt8>
  ) -> Bool {
    let type = fields[.messageType]
    return type.isString && bytes.equals(type.range, "CONTROL_MESSAGE")
  }
}
