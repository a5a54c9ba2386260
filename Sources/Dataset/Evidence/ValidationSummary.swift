import Bytes

/// What a run's report says of the digest chains.
public struct ValidationSummary: Sendable {
  /// Whether there were digests, and nothing was invalid.
  public var isValid = false
  public var hasDigests = false
  /// Whether signatures could be checked.
  public var hasKeys = false
  /// Digest files by the name of their status.
  public var digests: [String: Int] = [:]
  /// Log files by the name of their status.
  public var logs: [String: Int] = [:]
  /// Log files that no digest lists, by whether one should.
  public var withoutDigest: [String: Int] = [:]
  /// How many of each kind are in order, in words as `aws cloudtrail validate-logs` has them.
  public var lines: [String] = []
  /// One line for each of the first things that are invalid, safe to print.
  public var problems: [String] = []
  /// How many things are invalid.
  public var problemCount = 0
  /// How many things are invalid with what is known of files that have left the inputs.
  public var recordedProblemCount = 0

  /// A summary of chains that nobody looked at.
  public init() {}

  /// `{"valid","keys","digests":{STATUS:N},"logs":{STATUS:N},"noDigest":{COVERAGE:N},
  /// "problemCount":N,"recordedProblems":N,"problems":[LINE]}`.
  func json() -> [UInt8] {
    var json = JSONObjectWriter()
    json.add("valid", isValid)
    json.add("keys", hasKeys)
    json.add("digests", counts: digests)
    json.add("logs", counts: logs)
    json.add("noDigest", counts: withoutDigest)
    json.add("problemCount", problemCount)
    json.add("recordedProblems", recordedProblemCount)
    json.add("problems", texts: problems.map { Array($0.utf8) })
    return json.finish()
  }
}
