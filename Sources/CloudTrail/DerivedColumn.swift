/// A column whose fields are worked out from several fields.
///
/// They answer an auditor's first questions. The raw value is the column's text. The questions are AWS's own (User Guide, "CloudTrail userIdentity element"): was the request made
/// as root or as a user, with temporary credentials, or by another AWS service?
public enum DerivedColumn: String, CaseIterable, Sendable {
  /// One readable name for whoever acted; never empty. See `Actor`.
  case actor
  /// What kind of identity that is, in AWS's words; never empty. See `Actor`.
  case actorType
  /// `true` or `false`: whether the root user's powers were used. See `Credentials`.
  case usedRoot
  /// `true` or `false`: whether the credentials were ones that expire. See `Credentials`.
  case usedTemporaryCredentials
  /// `ok`, or why the call failed; never empty. See `Outcome`.
  case outcome
}
