/// Where the two trails put their files (CloudTrail user guide, "Finding your log files").
enum Trail: Int, CaseIterable, Sendable {
  /// `AWSLogs/<account>/…`
  case account
  /// `AWSLogs/<organization>/<account>/…`
  case organization

  var name: String {
    switch self {
    case .account: "main"
    case .organization: "organization-trail"
    }
  }

  private func root(account: String, _ options: SampleTrailOptions) -> String {
    switch self {
    case .account: "AWSLogs/\(account)"
    case .organization: "AWSLogs/\(options.organizationID)/\(account)"
    }
  }

  /// The path of a log file; `unique`, 16 characters, distinguishes files of one delivery time.
  func logFile(
    account: String, region: String, delivered: UTCTime, unique: String,
    _ options: SampleTrailOptions
  ) -> String {
    let folder = "\(root(account: account, options))/CloudTrail/\(region)/\(delivered.folder)"
    return "\(folder)/\(account)_CloudTrail_\(region)_\(delivered.minuteStamp)_\(unique).json.gz"
  }

  func digestFile(
    account: String, region: String, end: UTCTime, isBackfill: Bool,
    _ options: SampleTrailOptions
  ) -> String {
    let folder = "\(root(account: account, options))/CloudTrail-Digest/\(region)/\(end.folder)"
    let home = SampleTrailOptions.regionNames[0]
    let stem = "\(account)_CloudTrail-Digest_\(region)_\(name)_\(home)_\(end.secondStamp)"
    return "\(folder)/\(stem)\(isBackfill ? "_backfill" : "").json.gz"
  }
}
