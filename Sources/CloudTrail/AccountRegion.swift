/// One account's region in one family of log files.
public struct AccountRegion: Hashable, Comparable, Sendable {
  public var family: Family
  /// As folder names have it.
  public var account: PartitionValue
  public var region: PartitionValue

  public init(family: Family, account: PartitionValue, region: PartitionValue) {
    self.family = family
    self.account = account
    self.region = region
  }

  /// By family, account and region.
  public static func < (left: AccountRegion, right: AccountRegion) -> Bool {
    if left.family != right.family { return left.family.rawValue < right.family.rawValue }
    return left.account != right.account
      ? left.account < right.account : left.region < right.region
  }
}

extension Cell {
  /// The cell without its day.
  public var accountRegion: AccountRegion {
    AccountRegion(family: family, account: account, region: region)
  }

  /// The cell that an account's region has on a day.
  public init(_ region: AccountRegion, on day: Day) {
    self.init(family: region.family, account: region.account, region: region.region, day: day)
  }
}
