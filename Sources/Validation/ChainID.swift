import Bytes

/// Which chain a digest belongs to: one per account, region and trail, and one more for backfill.
public struct ChainID: Hashable, Sendable {
  public var account: String
  /// The organization whose trail it is, `o-…`; nil for an account's own.
  public var organization: String?
  public var region: String
  public var trail: String
  /// The region in which the trail was made.
  public var homeRegion: String
  /// Backfill digests list the log files that came too late for their hour.
  public var isBackfill: Bool

  /// Reads the name that CloudTrail gives to digests:
  /// `<account>_CloudTrail-Digest_<region>_<trail>_<home region>_<YYYYMMDD>T<HHmmss>Z[_backfill]`.
  ///
  /// Trails' names may hold underscores, so the ends are read first. A file with another name gets a
  /// chain called by that name.
  ///
  /// - Parameter key: An S3 key or a path.
  package init(key: [UInt8]) {
    let segments = key.split(separator: 0x2F).map { Array($0).span.text() }
    let name = segments.last ?? ""
    var stem = name[...]
    for ending in [".gz", ".json"] where stem.hasSuffix(ending) { stem.removeLast(ending.count) }
    isBackfill = stem.hasSuffix("_backfill")
    if isBackfill { stem.removeLast("_backfill".count) }
    let logs = segments.lastIndex(of: "AWSLogs").map { $0 + 1 } ?? segments.count
    organization = logs < segments.count && segments[logs].hasPrefix("o-") ? segments[logs] : nil
    let parts = stem.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count >= 6, parts[1] == "CloudTrail-Digest" else {
      account = ""
      region = ""
      trail = String(stem)
      homeRegion = ""
      return
    }
    account = String(parts[0])
    region = String(parts[2])
    trail = parts[3..<(parts.count - 2)].joined(separator: "_")
    homeRegion = String(parts[parts.count - 2])
  }
}

extension ChainID: Comparable, CustomStringConvertible {
  private var order: [String] {
    [organization ?? "", account, region, trail, homeRegion, isBackfill ? "1" : "0"]
  }

  public static func < (left: ChainID, right: ChainID) -> Bool {
    left.order.lexicographicallyPrecedes(right.order)
  }

  /// Safe to print.
  public var description: String {
    let words = [organization ?? "", account, region, trail, isBackfill ? "(backfill)" : ""]
    return printable(words.filter { !$0.isEmpty }.joined(separator: " "))
  }
}
