/// What a folder's place says of its files, in the folders that CloudTrail writes to S3, with any
/// prefix and at any level: `[prefix/]AWSLogs/[o-…/]<account>/<service>/<region>/<YYYY>/<MM>/<DD>/`.
///
/// A mirror may have folders of its own between `AWSLogs` and the account, and may itself be
/// anywhere below a folder with that name. Without an account, as when a mirror is rooted below it,
/// a folder with the exact name of a family and a region and date below it is enough. See the
/// CloudTrail User Guide, "Finding your CloudTrail log files".
public struct TrailFolder: Hashable, Sendable {
  public let service: TrailService
  /// The folder above the service's, if it is an account's id.
  public let account: PartitionValue?
  public let region: PartitionValue?
  public let delivery: Day?
  /// The organization's id, `o-…`.
  public let organization: String?

  /// Reads a folder's absolute path, or the part of an S3 key before the file's name; nil if it is none
  /// of an AWS service.
  ///
  /// - Parameters:
  ///   - segments: The path, split at its slashes.
  ///   - depth: How many of the segments are the input's: the user named those, so they do not make
  ///     files another service's.
  /// - Complexity: O(length of the path); to be called once a folder.
  public init?(_ segments: [ArraySlice<UInt8>], inputDepth depth: Int = 0) {
    let root = TrailRoot.position(in: segments)
    let services = root.map { TrailFolder.services(below: $0, segments) } ?? []
    let family =
      services.last { Family(folderName: segments[$0]) != nil }
      ?? TrailFolder.datedFamily(segments)
    guard let place = family ?? services.first(where: { $0 >= depth }) else { return nil }
    let rest = segments[(place + 1)...]
    let day = TrailFolder.day(rest)
    service = TrailService(folderName: segments[place])
    account =
      place > 0 && AccountID.isOne(segments[place - 1])
      ? PartitionValue(Array(segments[place - 1]).span) : nil
    region = rest.first.flatMap {
      day != nil || RegionName.isOne($0) ? PartitionValue(Array($0).span) : nil
    }
    delivery = day
    organization = root.flatMap {
      $0 < place ? TrailFolder.organization(around: $0, segments[..<place]) : nil
    }
  }

  /// The folders below a root that follow an account: those of services, by AWS's rule.
  ///
  /// The last one of a CloudTrail family counts, else the first: resources of other services have
  /// folders of their own, and names of twelve digits.
  private static func services(below root: Int, _ segments: [ArraySlice<UInt8>]) -> [Int] {
    segments.indices.dropFirst(root + 2).filter {
      AccountID.isOne(segments[$0 - 1]) && !AccountID.isOne(segments[$0])
    }
  }

  /// The last folder of a family with a region and a date below it.
  private static func datedFamily(_ segments: [ArraySlice<UInt8>]) -> Int? {
    segments.indices.last {
      Family(folderName: segments[$0]) != nil && day(segments[($0 + 1)...]) != nil
    }
  }

  /// The date in what follows a service, `<region>/<YYYY>/<MM>/<DD>`.
  private static func day(_ rest: ArraySlice<ArraySlice<UInt8>>) -> Day? {
    let start = rest.startIndex
    return rest.count < 4
      ? nil : Day(year: rest[start + 1], month: rest[start + 2], day: rest[start + 3])
  }

  /// The organization between a root and the account, else the prefix before the root: Control Tower
  /// before version 3.0 had it there only.
  private static func organization(
    around root: Int, _ segments: ArraySlice<ArraySlice<UInt8>>
  ) -> String? {
    let below = segments[(root + 1)...]
    let above = segments[..<root].suffix(1)
    return (below + above).first(where: OrganizationID.isOne)
      .map { String(decoding: $0, as: UTF8.self) }
  }
}
