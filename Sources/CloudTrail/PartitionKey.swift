/// What an output can be partitioned by; the raw value is the name in `key=value` folders.
public enum PartitionKey: String, CaseIterable, Sendable {
  /// The account that received the event, as text: leading zeros count.
  case account
  /// The region of the event.
  case region
  /// `YYYY` of the event time, UTC.
  case year
  /// `YYYY-MM` of the event time, UTC.
  case month
  /// `YYYY-MM-DD` of the event time, UTC.
  case dt
  /// `HH` of the event time, UTC; only below `dt`.
  case hour
}
