import CloudTrail

/// The folders that CloudTrail writes to S3, with any prefix and at any level:
/// `[prefix/]AWSLogs/[o-…/]<account>/<kind>/<region>/<YYYY>/<MM>/<DD>/`.
///
/// A mirror may have folders of its own between `AWSLogs` and the account, and may itself be
/// anywhere below a folder with that name. Without an account, as when a mirror is rooted below it,
/// a folder with the exact name of a family and a region and date below it is enough. See the
/// CloudTrail User Guide, "Finding your CloudTrail log files".
enum TrailFolder: InputLayout {
  static func facts(folder segments: [ArraySlice<UInt8>], inputDepth depth: Int) -> PathFacts? {
    let logs = segments.lastIndex { $0.elementsEqual("AWSLogs".utf8) }
    let services = logs.map { TrailFolder.services(below: $0, segments) } ?? []
    let family = services.last { Family(folderName: segments[$0]) != nil } ?? datedFamily(segments)
    guard let place = family ?? services.first(where: { $0 >= depth }) else { return nil }
    let owner = place > 0 && isAccount(segments[place - 1]) ? segments[place - 1] : nil
    let rest = segments[(place + 1)...]
    let day = day(rest)
    let region = rest.first.flatMap { day != nil || isRegion($0) ? $0 : nil }
    let kind =
      Family(folderName: segments[place]).map { PathFacts.Kind.log($0) }
      ?? .skipped(String(decoding: segments[place], as: UTF8.self))
    return PathFacts(
      kind,
      account: owner.map { PartitionValue(Array($0).span) },
      region: region.map { PartitionValue(Array($0).span) }, deliveryDay: day,
      organization: logs.flatMap { $0 < place ? organization(around: $0, segments[..<place]) : nil }
    )
  }

  static func facts(fileName: ArraySlice<UInt8>) -> NameFacts? { nil }

  /// The folders below `AWSLogs` that follow an account: those of services, by AWS's rule.
  ///
  /// The last one of a CloudTrail family counts, else the first: resources of other services have
  /// folders of their own, and names of twelve digits.
  private static func services(below logs: Int, _ segments: [ArraySlice<UInt8>]) -> [Int] {
    segments.indices.dropFirst(logs + 2).filter {
      isAccount(segments[$0 - 1]) && !isAccount(segments[$0])
    }
  }

  /// The last folder of a family with a region and a date below it.
  private static func datedFamily(_ segments: [ArraySlice<UInt8>]) -> Int? {
    segments.indices.last {
      Family(folderName: segments[$0]) != nil && day(segments[($0 + 1)...]) != nil
    }
  }

  /// The date in what follows a service, `<region>/<YYYY>/<MM>/<DD>`.
  private static func day(_ rest: ArraySlice<ArraySlice<UInt8>>) -> Int32? {
    let start = rest.startIndex
    return rest.count < 4 ? nil : dayNumber(rest[start + 1], rest[start + 2], rest[start + 3])
  }

  /// The organization between `AWSLogs` and the account, else the prefix before `AWSLogs`: Control
  /// Tower before version 3.0 had it there only.
  private static func organization(
    around logs: Int, _ segments: ArraySlice<ArraySlice<UInt8>>
  ) -> String? {
    let below = segments[(logs + 1)...]
    let above = segments[..<logs].suffix(1)
    return (below + above).first(where: isOrganization).map { String(decoding: $0, as: UTF8.self) }
  }

  /// An organization's id; real ones are 12 to 34 characters, copies made for tests are shorter.
  private static func isOrganization(_ segment: ArraySlice<UInt8>) -> Bool {
    segment.starts(with: "o-".utf8) && segment.count > 2
      && segment.dropFirst(2).allSatisfy {
        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0)
      }
  }
}

/// Whether it is a 12-digit account id.
func isAccount(_ text: ArraySlice<UInt8>) -> Bool {
  text.count == 12 && text.allSatisfy { (0x30...0x39).contains($0) }
}
