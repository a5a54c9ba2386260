import CloudTrail

/// The names that CloudTrail gives its files, wherever they are:
/// `<account>_CloudTrail_<region>_<YYYYMMDD>T<HHmm>Z_<unique>.json.gz`.
///
/// Other AWS services name theirs alike, `<account>_Config_<region>_…`: those are skipped by that
/// name. See the CloudTrail User Guide, "CloudTrail log file name format".
public enum TrailFileName: InputLayout {
  /// What the report counts files under that are not all there yet.
  static let partialDownload = "partial download"

  static func facts(folder segments: [ArraySlice<UInt8>], inputDepth: Int) -> PathFacts? { nil }

  static func facts(fileName: ArraySlice<UInt8>) -> NameFacts? {
    guard let parts = Parts(fileName), let (kind, day) = meaning(of: parts) else { return nil }
    return NameFacts(
      kind: kind, account: parts.account, region: parts.region, deliveryDay: day)
  }

  /// Whether a copy of one of CloudTrail's files, a digest too, is not finished by its name.
  public static func isPartial(_ name: [UInt8]) -> Bool {
    facts(fileName: name[...])?.kind == .skipped(partialDownload)
  }

  /// What a file is and when it was delivered; nil if the name is none of an AWS service.
  private static func meaning(of parts: Parts) -> (kind: PathFacts.Kind, day: Int32)? {
    if let family = Family(folderName: parts.service) {
      guard let day = logDay(parts.rest) else { return nil }
      return switch ending(parts.rest) {
      case .whole: (.log(family), day)
      case .partial: (.skipped(partialDownload), day)
      case .other: (.unnamed, day)
      }
    }
    guard isAccount(parts.account), let day = stampedDay(parts.rest) else { return nil }
    let service = String(decoding: parts.service, as: UTF8.self)
    let isPartial = service.hasPrefix("CloudTrail") && ending(parts.rest) == .partial
    return (.skipped(isPartial ? partialDownload : service), day)
  }
}

// MARK: - Parts

extension TrailFileName {
  /// A name cut at its first underscores: account and service cannot hold one.
  private struct Parts {
    let account: ArraySlice<UInt8>
    let service: ArraySlice<UInt8>
    let region: ArraySlice<UInt8>
    let rest: ArraySlice<UInt8>

    init?(_ name: ArraySlice<UInt8>) {
      let parts = name.split(separator: 0x5F, maxSplits: 3, omittingEmptySubsequences: false)
      guard parts.count == 4, isRegion(parts[2]) else { return nil }
      (account, service, region, rest) = (parts[0], parts[1], parts[2], parts[3])
    }
  }

  /// The day of a log: `YYYYMMDDTHHmmZ` and more comes first.
  private static func logDay(_ text: ArraySlice<UInt8>) -> Int32? {
    text.count > 14 && text[text.startIndex + 13] == 0x5A ? day(ofStamp: text) : nil
  }

  /// The day of the last part that begins with `YYYYMMDDT`: the trail's name, which precedes the
  /// time of a digest, may hold underscores.
  private static func stampedDay(_ text: ArraySlice<UInt8>) -> Int32? {
    for part in text.split(separator: 0x5F).reversed() {
      if let day = day(ofStamp: part) { return day }
    }
    return nil
  }

  private static func day(ofStamp text: ArraySlice<UInt8>) -> Int32? {
    let start = text.startIndex
    guard text.count > 8, text[start + 8] == 0x54 else { return nil }
    return dayNumber(
      text[start..<(start + 4)], text[(start + 4)..<(start + 6)], text[(start + 6)..<(start + 8)])
  }
}

// MARK: - Ending

extension TrailFileName {
  private enum Ending {
    /// `.json.gz`, or `.json` once unpacked.
    case whole
    /// What a tool adds until all bytes are there: `.json.gz.3aFb12cd`, `.json.partial`.
    case partial
    case other
  }

  /// What tools add to the name of any file until they have it all.
  ///
  /// The AWS CLI adds eight random characters instead, but CloudTrail's objects end in `.json.gz`.
  private static let partialEndings = [
    "partial", "part", "filepart", "crdownload", "download", "tmp", "temp",
  ].map { Array($0.utf8) }

  private static func ending(_ text: ArraySlice<UInt8>) -> Ending {
    if text.suffix(8).elementsEqual(".json.gz".utf8) { return .whole }
    let parts = text.split(separator: 0x2E, omittingEmptySubsequences: false)
    guard let json = parts.lastIndex(where: { $0.elementsEqual("json".utf8) }) else {
      return .other
    }
    let added = parts[(json + 1)...]
    guard let first = added.first, let last = added.last else { return .whole }
    if partialEndings.contains(where: { $0.elementsEqual(last) }) { return .partial }
    // `.json.gz~` is one, `.json.gzip` is only another name.
    guard first.starts(with: "gz".utf8) else { return .other }
    return first.dropFirst(2).first.map(isLetterOrDigit) == true ? .other : .partial
  }
}

private func isLetterOrDigit(_ byte: UInt8) -> Bool {
  (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
}

/// Whether it can be a region: letters, digits and at least two dashes.
///
/// No list is kept, since regions and partitions come up every year.
func isRegion(_ text: ArraySlice<UInt8>) -> Bool {
  text.count { $0 == 0x2D } >= 2
    && text.allSatisfy {
      $0 == 0x2D || (0x61...0x7A).contains($0) || (0x30...0x39).contains($0)
    }
}
