import CloudTrail

/// The names that CloudTrail gives its files, wherever they lie:
/// `<account>_CloudTrail_<region>_<YYYYMMDD>T<HHmm>Z_<unique>.json.gz`.
///
/// Other AWS services name theirs alike, `<account>_Config_<region>_…`: those are skipped by that
/// name. See the CloudTrail User Guide, "CloudTrail log file name format".
enum TrailFileName: InputLayout {
  static func facts(folder segments: [ArraySlice<UInt8>]) -> PathFacts? { nil }

  static func facts(fileName: ArraySlice<UInt8>) -> PathFacts? {
    // Account and service end at the first two underscores; neither can hold one.
    let parts = fileName.split(separator: 0x5F, maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4, isRegion(parts[2]) else { return nil }
    guard let family = Family(folderName: parts[1]) else {
      guard isAccount(parts[0]) else { return nil }
      return PathFacts(
        .skipped(String(decoding: parts[1], as: UTF8.self)),
        account: PartitionValue(Array(parts[0]).span),
        region: PartitionValue(Array(parts[2]).span), deliveryDay: digestDay(parts[3]))
    }
    guard let day = deliveryDay(parts[3]) else { return nil }
    return PathFacts(
      .log(family), account: PartitionValue(Array(parts[0]).span),
      region: PartitionValue(Array(parts[2]).span), deliveryDay: day)
  }

  /// Reads `YYYYMMDDTHHmmZ` at the start.
  private static func deliveryDay(_ text: ArraySlice<UInt8>) -> Int32? {
    guard text.count > 14 else { return nil }
    let start = text.startIndex
    guard text[start + 8] == 0x54, text[start + 13] == 0x5A else { return nil }
    return dayNumber(
      text[start..<(start + 4)], text[(start + 4)..<(start + 6)], text[(start + 6)..<(start + 8)])
  }

  /// Reads the date in the name of a digest, `<trail>_<home region>_YYYYMMDDTHHmmssZ…`; trails'
  /// names may hold underscores.
  private static func digestDay(_ text: ArraySlice<UInt8>) -> Int32? {
    let parts = text.split(separator: 0x5F).filter { !$0.starts(with: "backfill".utf8) }
    guard let time = parts.last, time.count > 8 else { return nil }
    let start = time.startIndex
    guard time[start + 8] == 0x54 else { return nil }
    return dayNumber(
      time[start..<(start + 4)], time[(start + 4)..<(start + 6)], time[(start + 6)..<(start + 8)])
  }

  /// Whether it can be a region: letters, digits and at least two dashes.
  ///
  /// No list is kept, since regions and partitions come up every year.
  private static func isRegion(_ text: ArraySlice<UInt8>) -> Bool {
    text.count { $0 == 0x2D } >= 2
      && text.allSatisfy {
        $0 == 0x2D || (0x61...0x7A).contains($0) || (0x30...0x39).contains($0)
      }
  }
}
