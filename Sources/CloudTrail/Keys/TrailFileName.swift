/// A name that an AWS service gives to its files, wherever they are:
/// `<account>_CloudTrail_<region>_<YYYYMMDD>T<HHmm>Z_<unique>.json.gz`.
///
/// Other services name theirs alike, `<account>_Config_<region>_…_<YYYYMMDD>T…`. See the CloudTrail
/// User Guide, "CloudTrail log file name format".
///
/// Made for every file of a listing, so the texts stay in the name until they are wanted.
public struct TrailFileName: Sendable {
  public let service: TrailService
  public let delivery: DeliveryTime
  /// Whether all bytes of the file are there, by the name.
  public let ending: Ending
  private let name: ArraySlice<UInt8>
  private let accountEnd: Int
  private let regionStart: Int
  private let regionEnd: Int

  public var account: ArraySlice<UInt8> { name[..<accountEnd] }
  public var region: ArraySlice<UInt8> { name[regionStart..<regionEnd] }
  /// What follows the region: the time of a log, the trail's name in a digest's.
  var rest: ArraySlice<UInt8> { name[(regionEnd + 1)...] }

  /// Reads a file's name; nil if it is none of an AWS service.
  ///
  /// The account of a log or digest need not be twelve digits: emulated setups have others.
  ///
  /// - Complexity: O(length of the name).
  public init?(_ name: ArraySlice<UInt8>) {
    // Account and service cannot hold an underscore.
    let separator = UInt8(ascii: "_")
    guard let first = name.firstIndex(of: separator),
      let second = name[(first + 1)...].firstIndex(of: separator),
      let third = name[(second + 1)...].firstIndex(of: separator),
      RegionName.isOne(name[(second + 1)..<third])
    else { return nil }
    let rest = name[(third + 1)...]
    let kind = name[(first + 1)..<second]
    if let family = Family(folderName: kind) {
      guard let time = TrailFileName.logTime(rest) else { return nil }
      (service, delivery) = (.log(family), time)
    } else {
      let isDigest = TrailService(ofCloudTrail: kind) == .digest
      guard isDigest || AccountID.isOne(name[..<first]), let time = TrailFileName.lastTime(rest)
      else { return nil }
      (service, delivery) = (isDigest ? .digest : TrailService(folderName: kind), time)
    }
    ending = Ending(rest)
    self.name = name
    (accountEnd, regionStart, regionEnd) = (first, second + 1, third)
  }

  /// Whether a copy of one of CloudTrail's files, a digest too, is not finished by its name.
  public var isPartial: Bool { ending == .partial && service.isOfCloudTrail }

  /// The time of a log: `YYYYMMDDTHHmmZ` and more comes first.
  private static func logTime(_ text: ArraySlice<UInt8>) -> DeliveryTime? {
    text.count > 14 && text[text.startIndex + 13] == UInt8(ascii: "Z")
      ? DeliveryTime(stamp: text) : nil
  }

  /// The time in the last part that begins with `YYYYMMDDT`: the trail's name, which precedes the
  /// time of a digest, may hold underscores.
  private static func lastTime(_ text: ArraySlice<UInt8>) -> DeliveryTime? {
    for part in text.split(separator: UInt8(ascii: "_")).reversed() {
      if let time = DeliveryTime(stamp: part) { return time }
    }
    return nil
  }
}
