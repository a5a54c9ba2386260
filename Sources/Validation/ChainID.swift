import Bytes
import CloudTrail

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

  /// Reads the name and the folders that CloudTrail gives to digests.
  ///
  /// A file with another name gets a chain called by that name.
  ///
  /// - Parameter key: An S3 key or a path.
  package init(key: [UInt8]) {
    let segments = key.split(separator: UInt8(ascii: "/"))
    let fileName = segments.last ?? []
    organization = TrailRoot.position(in: segments)
      .flatMap { TrailRoot.organization(below: $0, in: segments) }
      .map { String(decoding: $0, as: UTF8.self) }
    guard let name = TrailFileName(fileName), let digest = DigestName(name) else {
      let stem = DigestName.stem(fileName)
      (account, region, homeRegion) = ("", "", "")
      trail = String(decoding: stem.text, as: UTF8.self)
      isBackfill = stem.isBackfill
      return
    }
    account = String(decoding: name.account, as: UTF8.self)
    region = String(decoding: name.region, as: UTF8.self)
    (trail, homeRegion, isBackfill) = (digest.trail, digest.homeRegion, digest.isBackfill)
  }
}

extension ChainID: Comparable, CustomStringConvertible {
  /// Compared part by part, it gives the order of chains.
  var order: [String] {
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
