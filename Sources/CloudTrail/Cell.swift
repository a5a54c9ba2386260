public import Bytes

/// One account, region and UTC event day of one family: the unit of sorting, writing and commit.
public struct Cell: Hashable, Comparable, Sendable {
  public var family: Family
  public var account: PartitionValue
  public var region: PartitionValue
  public var day: Day

  public init(family: Family, account: PartitionValue, region: PartitionValue, day: Day) {
    self.family = family
    self.account = account
    self.region = region
    self.day = day
  }

  /// By family, day, account and region: days are together, as in the dataset's index.
  public static func < (left: Self, right: Self) -> Bool {
    if left.family != right.family { return left.family.rawValue < right.family.rawValue }
    if left.day != right.day { return left.day < right.day }
    if left.account != right.account { return left.account < right.account }
    return left.region < right.region
  }

  /// The folder of this cell in an output partitioned by `keys`, relative to the output's folder:
  /// `account=…/region=…/dt=…`; empty for no keys.
  ///
  /// `hour`: the hour of the day, needed when `keys` has `hour`.
  public func folder(by keys: [PartitionKey], hour: Int = 0) -> Path {
    var path = ByteBuffer(capacity: 96)
    let date = day.date
    for key in keys {
      if !path.isEmpty { path.append(ASCII.slash) }
      path.append(utf8: key.rawValue)
      path.append(ASCII.equals)
      switch key {
      case .account: path.append(account.encoded)
      case .region: path.append(region.encoded)
      case .dt: date.append(to: &path)
      case .year, .month:
        var text = ByteBuffer(capacity: 16)
        date.append(to: &text)
        path.append(text.bytes.extracting(0..<(key == .year ? 4 : 7)))
      case .hour:
        path.append(ASCII.zero + UInt8(hour / 10))
        path.append(ASCII.zero + UInt8(hour % 10))
      }
    }
    return Path(bytes: path.bytes.copied())
  }
}

extension [PartitionKey] {
  /// Whether every partition is within one cell, so that a cell can be written by itself.
  public var isWithinCell: Bool {
    contains(.account) && contains(.region) && contains(.dt)
  }
}
