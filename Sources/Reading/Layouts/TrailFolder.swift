import CloudTrail

/// The folders that CloudTrail writes to S3, with any prefix and at any level:
/// `[prefix/]AWSLogs/[o-…/]<account>/<kind>/<region>/<YYYY>/<MM>/<DD>/`.
///
/// Without `AWSLogs`, as when a mirror is rooted at an account's folder, a folder with the exact
/// name of a family and a region and date below it is enough. See the CloudTrail User Guide,
/// "Finding your CloudTrail log files".
enum TrailFolder: InputLayout {
  static func facts(folder segments: [ArraySlice<UInt8>]) -> PathFacts? {
    if let logs = segments.lastIndex(where: { $0.elementsEqual("AWSLogs".utf8) }) {
      var next = logs + 1
      // Control Tower before version 3.0 has the organization as a prefix only.
      var organization =
        logs > 0 && isOrganization(segments[logs - 1])
        ? String(decoding: segments[logs - 1], as: UTF8.self) : nil
      if next < segments.count, isOrganization(segments[next]) {
        organization = String(decoding: segments[next], as: UTF8.self)
        next += 1
      }
      guard next + 1 < segments.count else { return nil }
      return facts(
        service: segments[next + 1], account: segments[next], organization: organization,
        rest: segments[(next + 2)...])
    }
    guard
      let family = segments.lastIndex(where: { Family(folderName: $0) != nil }),
      segments.count >= family + 5,
      dayNumber(segments[family + 2], segments[family + 3], segments[family + 4]) != nil
    else { return nil }
    let owner = family > 0 && isAccount(segments[family - 1]) ? segments[family - 1] : nil
    return facts(
      service: segments[family], account: owner, organization: nil,
      rest: segments[(family + 1)...])
  }

  static func facts(fileName: ArraySlice<UInt8>) -> PathFacts? { nil }

  private static func facts(
    service: ArraySlice<UInt8>, account: ArraySlice<UInt8>?, organization: String?,
    rest: ArraySlice<ArraySlice<UInt8>>
  ) -> PathFacts {
    let kind =
      Family(folderName: service).map { PathFacts.Kind.log($0) }
      ?? .skipped(String(decoding: service, as: UTF8.self))
    let start = rest.startIndex
    let day =
      rest.count >= 4 ? dayNumber(rest[start + 1], rest[start + 2], rest[start + 3]) : nil
    return PathFacts(
      kind, account: account.map { PartitionValue(Array($0).span) },
      region: rest.first.map { PartitionValue(Array($0).span) }, deliveryDay: day,
      organization: organization)
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
