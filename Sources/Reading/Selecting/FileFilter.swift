public import CloudTrail

/// Which files can hold a record that is wanted, by what their place and name tell.
///
/// A file that cannot is not opened. Where the path does not tell, the file is read and its records
/// are looked at one by one, except for the organization, which nothing but a path ever tells.
public struct FileFilter: Sendable {
  /// One must match the account in the path; empty takes all.
  public var accounts: [Glob] = []
  /// One must match the region in the path; empty takes all.
  public var regions: [Glob] = []
  /// One must match the organization's id in the path; empty takes all.
  ///
  /// A path without one matches nothing.
  public var organizations: [Glob] = []
  /// The first delivery date taken.
  public var deliveredFrom: Day?
  /// The first delivery date no longer taken.
  public var deliveredTo: Day?

  public init() {}

  /// Whether a file with these `facts` can hold a record that is wanted.
  public func takes(_ facts: PathFacts) -> Bool {
    if let day = facts.delivery {
      if let deliveredFrom, day < deliveredFrom { return false }
      if let deliveredTo, day >= deliveredTo { return false }
    }
    if !organizations.isEmpty {
      guard let organization = facts.organization,
        organizations.anyMatches(organization.utf8.span)
      else { return false }
    }
    return takesAccount(of: facts) && takesRegion(of: facts)
  }

  /// CloudTrail puts into an account's folder what that account received, and nothing else: the
  /// `recipientAccountId` of all records there is the account in the path.
  private func takesAccount(of facts: PathFacts) -> Bool {
    guard !accounts.isEmpty, let account = facts.account else { return true }
    return accounts.anyMatches(account.decoded.span)
  }

  /// A region's folder holds the events of that region, except for those of global services: until 22
  /// November 2021 trails in every region could get copies of them, which name the region below.
  private func takesRegion(of facts: PathFacts) -> Bool {
    guard !regions.isEmpty, let region = facts.region else { return true }
    if regions.anyMatches(region.decoded.span) { return true }
    let canHoldGlobalEvents = facts.delivery.map { $0 < FileFilter.endOfGlobalCopies } ?? true
    return canHoldGlobalEvents
      && FileFilter.globalRegions.contains { regions.anyMatches($0.utf8.span) }
  }

  /// The region that events of IAM, STS, CloudFront and the like name, by partition of AWS.
  private static let globalRegions = ["us-east-1", "us-gov-west-1", "cn-north-1"]

  /// 2021-12-23: CloudTrail User Guide, "Global service events", gives 2021-11-22, and a delivery is
  /// tried again for 30 days.
  private static let endOfGlobalCopies = Day(daysSince1970: 18_984)
}
