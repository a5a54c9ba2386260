/// The parts of a digest's name that a log's does not have:
/// `<account>_CloudTrail-Digest_<region>_<trail>_<home region>_<YYYYMMDD>T<HHmmss>Z[_backfill]`.
public struct DigestName: Hashable, Sendable {
  public var trail: String
  /// The region in which the trail was made.
  public var homeRegion: String
  /// Backfill digests list the log files that came too late for their hour.
  public var isBackfill: Bool

  /// Reads a digest's name; nil if it is another file's, or lacks a part.
  public init?(_ name: TrailFileName) {
    guard name.service == .digest else { return nil }
    let stem = DigestName.stem(name.rest)
    isBackfill = stem.isBackfill
    // Trails' names may hold underscores, so the ends are read first.
    let parts = stem.text.split(
      separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
    guard parts.count >= 3 else { return nil }
    homeRegion = String(decoding: parts[parts.count - 2], as: UTF8.self)
    trail = String(decoding: stem.text[..<parts[parts.count - 3].endIndex], as: UTF8.self)
  }

  /// Whether a file's name is that of a digest, packed or unpacked, and nothing more.
  public static func isOne(_ name: ArraySlice<UInt8>) -> Bool {
    guard
      name.suffix(8).elementsEqual(".json.gz".utf8) || name.suffix(5).elementsEqual(".json".utf8),
      let parsed = TrailFileName(name), DigestName(parsed) != nil
    else { return false }
    let text = stem(name).text
    let time = text.split(separator: UInt8(ascii: "_")).last ?? []
    // YYYYMMDDTHHmmssZ
    return time.count == 16 && time.last == UInt8(ascii: "Z")
      && DeliveryTime(stamp: time)?.minuteOfDay != nil
  }

  /// A digest's name, or a part that ends as it does, without what tells nothing of its chain but
  /// whether it is backfill.
  public static func stem(
    _ name: ArraySlice<UInt8>
  ) -> (text: ArraySlice<UInt8>, isBackfill: Bool) {
    var text = name
    func drop(_ ending: String) -> Bool {
      guard text.suffix(ending.utf8.count).elementsEqual(ending.utf8) else { return false }
      text.removeLast(ending.utf8.count)
      return true
    }
    _ = drop(".gz")
    _ = drop(".json")
    let isBackfill = drop("_backfill")
    return (text, isBackfill)
  }
}
