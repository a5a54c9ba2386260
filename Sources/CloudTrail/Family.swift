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

extension Family {
  /// The name of this family's folders, which is a part of its files' names too.
  public var folderName: String {
    switch self {
    case .events: "CloudTrail"
    case .insight: "CloudTrail-Insight"
    case .networkActivity: "CloudTrail-NetworkActivity"
    case .aggregated: "CloudTrail-Aggregated"
    }
  }

  /// The family whose folder, or part of a file name, has this name; whole names are compared.
  public init?(folderName: ArraySlice<UInt8>) {
    guard let known = Family.byFolderName.first(where: { $0.name[...] == folderName }) else {
      return nil
    }
    self = known.family
  }

  private static let byFolderName = allCases.map { (name: Array($0.folderName.utf8), family: $0) }
}
