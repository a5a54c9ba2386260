import Bytes
import CloudTrail
import Reading

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

  /// A file may have its name some minutes before it is delivered, and then stands in the digest
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
      let facts = PathFacts(ofFileAt: Path(bytes: digest.object.key))
      guard let account = facts.account, let region = facts.region else { continue }
      let key = Key(
        place: Place(account: account, region: region), organization: facts.organization)
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
    let facts = PathFacts(ofFileAt: path)
    guard let account = facts.account, let region = facts.region,
      let delivered = CoveredTimes.delivery(of: path, facts)
    else { return .uncovered }
    // Above `AWSLogs` nothing tells whether a trail is an organization's.
    let isWhole = path.bytes.split(separator: 0x2F).contains { $0.elementsEqual("AWSLogs".utf8) }
    let spans = (places[Place(account: account, region: region)] ?? [])
      .filter { !isWhole || $0.organization == facts.organization }.flatMap(\.spans)
    let first = delivered.lowerBound
    if let newest = spans.map(\.upperBound).max(),
      (newest - CoveredTimes.leeway..<newest + CoveredTimes.digestDelay).contains(first)
    {
      return .pending
    }
    return spans.contains { $0.overlaps(delivered) } ? .covered : .uncovered
  }

  /// When a file was delivered by its name, `<account>_<kind>_<region>_<YYYYMMDD>T<HHmm>Z_…`, to the
  /// minute; else by its folders, to the day.
  private static func delivery(of path: Path, _ facts: PathFacts) -> Range<Int64>? {
    let parts = path.lastComponent.split(separator: 0x5F, maxSplits: 4)
    if parts.count > 3, parts[3].count == 14 {
      let text = String(decoding: parts[3], as: UTF8.self)
      let (date, time) = (text.prefix(8), text.dropFirst(9).prefix(4))
      let timestamp =
        "\(date.prefix(4))-\(date.dropFirst(4).prefix(2))-\(date.suffix(2))T"
        + "\(time.prefix(2)):\(time.suffix(2)):00Z"
      if text.dropFirst(8).first == "T", let time = EventTime(timestamp.utf8.span) {
        return time.seconds..<time.seconds + 60
      }
    }
    return facts.deliveryDay.map { Int64($0) * 86_400..<Int64($0 + 1) * 86_400 }
  }
}
