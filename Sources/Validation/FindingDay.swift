import Bytes
public import CloudTrail

extension ValidationFinding {
  /// The day of the delivery that it is about; nil if nothing says.
  public var deliveryDay: Day? {
    switch self {
    case .digest(let digest): digest.deliveryDay
    case .log(let log): log.deliveryDay
    case .unnamedMissing(_, let gap, _): gap.end.day
    case .chain, .verified, .unreadableFolder, .skippedLink: nil
    }
  }
}

extension DigestFinding {
  /// The day on which the digest was delivered, by its path or its time.
  public var deliveryDay: Day? {
    TrailKey(path ?? Path(bytes: object.key)).delivery ?? end?.day
  }
}

extension LogFinding {
  /// How far a listed file's date may be from that of its digest, in days.
  ///
  /// Deliveries are tried again for 30 days. Digests are input, and must not make evidence for every
  /// day of the calendar.
  private static let longestDelay = 40

  /// The day on which the file was delivered; for one that is not there the digest's where they are far
  /// from one another.
  public var deliveryDay: Day? {
    let own = TrailKey(path ?? Path(bytes: object?.key ?? [])).delivery
    guard path == nil, let digest else { return own }
    let listed = TrailKey(Path(bytes: digest.key)).delivery
    guard let own, let listed else { return listed }
    return abs(own.distance(to: listed)) <= LogFinding.longestDelay ? own : listed
  }
}
