import Bytes
import CloudTrail

/// The delivery times for which the digests of each account and region are there.
///
/// Backfill digests do not count: they list what came late, from any time.
struct CoveredTimes {
  /// Digests say for one folder of log files what was delivered to it.
  private struct Place: Hashable {
    var account: PartitionValue
    var region: PartitionValue
  }

  private struct Covered {
    var organization: String?
    /// Apart from one another, by time, in seconds since 1970.
    var spans: [Range<Int64>]
  }

  private var places: [Place: [Covered]] = [:]

  /// A file may have its name some minutes before it is delivered, and is then in the digest
  /// after the one of its name's time.
  private static let leeway: Int64 = 15 * 60
  /// A digest is about an hour, and is delivered within an hour of its end.
  private static let digestDelay: Int64 = 2 * 3600

  init(_ digests: DigestSet) {
    struct Key: Hashable {
      var place: Place
      var organization: String?
    }
    var spans: [Key: [Range<Int64>]] = [:]
    for node in digests.nodes {
      guard let digest = node.digest, !node.chain.isBackfill, digest.start < digest.end else {
        continue
      }
      let path = TrailKey(Path(bytes: digest.object.key))
      guard let account = path.account, let region = path.region else { continue }
      let key = Key(
        place: Place(account: account, region: region), organization: path.organization)
      spans[key, default: []].append(digest.start.seconds..<digest.end.seconds)
    }
    for (key, spans) in spans {
      places[key.place, default: []].append(
        Covered(organization: key.organization, spans: CoveredTimes.merged(spans)))
    }
  }

  private static func merged(_ spans: [Range<Int64>]) -> [Range<Int64>] {
    var merged: [Range<Int64>] = []
    for span in spans.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, span.lowerBound <= last.upperBound {
        merged[merged.count - 1] =
          last.lowerBound..<max(last.upperBound, span.upperBound)
      } else {
        merged.append(span)
      }
    }
    return merged
  }

  /// What the digests that are there say of the time at which a log file was delivered.
  ///
  /// - Complexity: O(length of the path + spans of its account and region).
  func coverage(of path: Path) -> DigestCoverage {
    if places.isEmpty { return .uncovered }
    let key = TrailKey(path)
    guard let account = key.account, let region = key.region,
      let delivered = key.deliveryTime?.seconds
    else { return .uncovered }
    // Above the root nothing tells whether a trail is an organization's.
    let isWhole = TrailRoot.trail(of: path) != nil
    let spans = (places[Place(account: account, region: region)] ?? [])
      .filter { !isWhole || $0.organization == key.organization }.flatMap(\.spans)
    let first = delivered.lowerBound
    if let newest = spans.map(\.upperBound).max(),
      (newest - CoveredTimes.leeway..<newest + CoveredTimes.digestDelay).contains(first)
    {
      return .pending
    }
    return spans.contains { $0.overlaps(delivered) } ? .covered : .uncovered
  }
}
