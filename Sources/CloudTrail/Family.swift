/// A family of CloudTrail log files; each has its own folder beside the others in a trail.
///
/// Families are never mixed: a dataset keeps every family but `events` in a tree of its own.
public enum Family: String, CaseIterable, Sendable, Codable {
  /// Management and data events: the folder `CloudTrail`.
  case events
  /// Unusual call rates: the folder `CloudTrail-Insight`.
  case insight
  /// Calls through VPC endpoints: the folder `CloudTrail-NetworkActivity`.
  case networkActivity = "network-activity"
  /// Five-minute summaries of data events: the folder `CloudTrail-Aggregated`.
  case aggregated
}
