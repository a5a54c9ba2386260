import Bytes
import CloudTrail

/// The lines of a list that are no JSON.
///
/// A line that is none of the known kinds is a key as it is.
struct KeyLines {
  private var inventory = InventoryLines()

  /// What a line says.
  ///
  /// `line`: Not empty, without its end.
  mutating func item(_ line: [UInt8]) -> KeyListItem {
    if line[0] == ASCII.quote, let item = inventory.item(line) { return item }
    if line.elementsEqual("null".utf8) { return .problem("is null, and no key") }
    if line.starts(with: KeyDocument.testMessage) { return .noKey }
    if let item = KeyLines.listed(line) { return item }
    if line.starts(with: "s3://".utf8) { return KeyLines.item(address: line[5...]) }
    return KeyLines.item(pathAndSize: line)
  }

  /// `bucket/key`.
  static func item(address: ArraySlice<UInt8>, byteCount: Int? = nil) -> KeyListItem {
    guard let slash = address.firstIndex(of: ASCII.slash), slash > address.startIndex else {
      return .problem("names no bucket and key")
    }
    return .key(
      ListedKey(
        bucket: Array(address[..<slash]), key: Array(address[(slash + 1)...]),
        byteCount: byteCount))
  }

  /// What `rclone lsf --format ps` writes, `path;size`, or a key alone.
  private static func item(pathAndSize line: [UInt8]) -> KeyListItem {
    guard let end = line.lastIndex(of: semicolon), end > 0 else {
      return .key(ListedKey(key: line))
    }
    // Folders have no size: -1.
    let text = line[(end + 1)...]
    let number = text.first == ASCII.hyphen ? text.dropFirst() : text
    guard isNumber(number) else {
      return isOfTrail(line[..<end])
        ? .problem("has no size after the last semicolon: use --format ps")
        : .key(ListedKey(key: line))
    }
    return .key(
      ListedKey(
        key: Array(line[..<end]), byteCount: text.first == ASCII.hyphen ? nil : Int(number.text)))
  }

  /// Whether the last part of a key is a whole name that CloudTrail gives.
  private static func isOfTrail(_ key: ArraySlice<UInt8>) -> Bool {
    let start = key.lastIndex(of: ASCII.slash).map { $0 + 1 } ?? key.startIndex
    guard let name = TrailFileName(key[start...]) else { return false }
    return name.service.isOfCloudTrail && name.ending == .whole
  }

  private static let semicolon = UInt8(ascii: ";")

  fileprivate static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
    (1...18).contains(text.count) && text.allSatisfy(ASCII.digits.contains)
  }
}

// MARK: - Listings for people

extension KeyLines {
  /// What `aws s3 ls`, `rclone ls` and `rclone lsl` write; nil for any other line.
  private static func listed(_ line: [UInt8]) -> KeyListItem? {
    if fits(line[...], dashedTime) { return ofAWS(line) }
    if fits(line[...], slashedTime) {
      return .problem("is a listing of s5cmd for people: list with --json or --show-fullpath")
    }
    let start = line.firstIndex { $0 != ASCII.space } ?? line.endIndex
    let text = line[start...]
    if start > 0, text.starts(with: "PRE ".utf8), line.last == ASCII.slash {
      return .problem("is a folder in a listing without --recursive")
    }
    if text.starts(with: "Total Objects: ".utf8) || text.starts(with: "Total Size: ".utf8) {
      return .noKey
    }
    return ofRclone(text, width: start)
  }

  /// `2026-11-19 02:10:05       1234 AWSLogs/…`, or with `1.2 KiB` for the size.
  private static func ofAWS(_ line: [UInt8]) -> KeyListItem {
    let rest = line[dashedTime.count...]
    if rest.first == semicolon { return .problem(otherFormat) }
    let size = rest.drop { $0 == ASCII.space }
    let end = size.firstIndex(of: ASCII.space) ?? size.endIndex
    guard rest.first == ASCII.space, end < size.endIndex else { return .key(ListedKey(key: line)) }
    let (number, key) = (size[..<end], size[(end + 1)...])
    for unit in units where key.starts(with: unit) {
      return .key(ListedKey(key: Array(key.dropFirst(unit.count))))
    }
    guard isNumber(number) else { return .key(ListedKey(key: line)) }
    return .key(ListedKey(key: Array(key), byteCount: Int(number.text)))
  }

  private static let units = ["Byte", "Bytes", "KiB", "MiB", "GiB", "TiB"].map {
    Array("\($0) ".utf8)
  }

  private static let otherFormat = "is of rclone lsf in another format: use --format ps"

  /// `     1234 2026-11-19 02:10:05.000000000 AWSLogs/…` of `rclone lsl`, or without the time of
  /// `rclone ls`, where size and spaces are nine characters or more.
  ///
  /// `width`: The number of spaces before `text`.
  private static func ofRclone(_ text: ArraySlice<UInt8>, width: Int) -> KeyListItem? {
    let number = text.prefix { ASCII.digits.contains($0) }
    let rest = text[number.endIndex...]
    guard isNumber(number) else { return nil }
    if rest.first == semicolon, !isNumber(rest.dropFirst()) { return .problem(otherFormat) }
    guard rest.first == ASCII.space, rest.count > 1 else { return nil }
    let place = rest.dropFirst()
    if fits(place, exactTime) {
      return .key(
        ListedKey(key: Array(place.dropFirst(exactTime.count)), byteCount: Int(number.text)))
    }
    guard width + number.count == 9 || number.count > 9 else { return nil }
    return .key(ListedKey(key: Array(place), byteCount: Int(number.text)))
  }

  /// Whether a text begins as a pattern says, in which `d` is any digit.
  private static func fits(_ text: ArraySlice<UInt8>, _ pattern: [UInt8]) -> Bool {
    text.count >= pattern.count
      && zip(text, pattern).allSatisfy { byte, wanted in
        wanted == UInt8(ascii: "d") ? ASCII.digits.contains(byte) : byte == wanted
      }
  }

  private static let dashedTime = Array("dddd-dd-dd dd:dd:dd".utf8)
  private static let slashedTime = Array("dddd/dd/dd dd:dd:dd".utf8)
  private static let exactTime = Array("dddd-dd-dd dd:dd:dd.ddddddddd ".utf8)
}

extension ArraySlice<UInt8> {
  fileprivate var text: String { String(decoding: self, as: UTF8.self) }
}
