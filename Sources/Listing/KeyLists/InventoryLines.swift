import Bytes

/// Lines of an S3 Inventory in CSV: `"bucket","key","size",…`, keys URL-encoded.
///
/// Which fields there are is in the inventory's manifest, not in its files: bucket and key come first, then
/// the version, if it lists all versions, then what was chosen, the size first. A line with the fields'
/// names may come before the others.
struct InventoryLines {
  /// Where the fields are by their names, if the list says.
  private var names: [String: Int]?

  /// What a line says; nil for a key that begins with a quote.
  ///
  /// `line`: Begins with a quote.
  mutating func item(_ line: [UInt8]) -> KeyListItem? {
    guard let fields = InventoryLines.fields(line) else {
      return InventoryLines.beginsFields(line)
        ? .problem("is of an inventory, and cut off or damaged") : nil
    }
    guard fields.count > 1 else { return .problem("is a text in quotes, and no key") }
    let texts = fields.prefix(8).map { String(decoding: $0, as: UTF8.self).lowercased() }
    if texts[0] == "bucket", texts[1] == "key" {
      names = Dictionary(zip(texts, texts.indices), uniquingKeysWith: { first, _ in first })
      return .noKey
    }
    guard let key = URLText.decoded(fields[1]) else {
      return .problem("has a key that is not URL-encoded, as those of an inventory are")
    }
    let places = names ?? InventoryLines.places(texts)
    func field(_ name: String) -> String? {
      places[name].flatMap { $0 < texts.count ? texts[$0] : nil }
    }
    if field("islatest") == "false" || field("isdeletemarker") == "true" { return .noKey }
    return .key(
      ListedKey(bucket: fields[0], key: key, byteCount: field("size").flatMap(InventoryLines.size)))
  }

  private static func size(_ text: String) -> Int? {
    text.utf8.allSatisfy(ASCII.digits.contains) ? Int(text) : nil
  }

  /// Where the fields are of a line, by what they hold.
  private static func places(_ fields: [String]) -> [String: Int] {
    func isFlag(_ index: Int) -> Bool {
      index < fields.count && ["true", "false"].contains(fields[index])
    }
    if isFlag(3), isFlag(4) { return ["islatest": 3, "isdeletemarker": 4, "size": 5] }
    return ["size": 2]
  }

  /// Whether a line that is no CSV begins as one: its first quote has no end, or a comma follows.
  private static func beginsFields(_ line: [UInt8]) -> Bool {
    guard let end = line.dropFirst().firstIndex(of: ASCII.quote) else { return true }
    return line[(end + 1)...].first == ASCII.comma
  }

  /// The fields of a line of CSV in which all are in quotes or without any; nil if it is none.
  static func fields(_ line: [UInt8]) -> [[UInt8]]? {
    var fields: [[UInt8]] = []
    var place = 0
    while true {
      var field: [UInt8] = []
      if place < line.count, line[place] == ASCII.quote {
        place += 1
        while true {
          guard let end = line[place...].firstIndex(of: ASCII.quote) else { return nil }
          field += line[place..<end]
          place = end + 1
          guard place < line.count, line[place] == ASCII.quote else { break }
          field.append(ASCII.quote)
          place += 1
        }
      } else {
        let end = line[place...].firstIndex(of: ASCII.comma) ?? line.endIndex
        field = Array(line[place..<end])
        place = end
      }
      fields.append(field)
      if place == line.count { return fields }
      guard line[place] == ASCII.comma else { return nil }
      place += 1
    }
  }
}

/// Text as forms encode it: `%2F`, and `+` for a space.
enum URLText {
  /// Nil for a `%` without two hexadecimal digits after it.
  static func decoded(_ text: [UInt8]) -> [UInt8]? {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(text.count)
    var place = 0
    while place < text.count {
      switch text[place] {
      case ASCII.plus: decoded.append(ASCII.space)
      case ASCII.percent:
        guard place + 2 < text.count, let high = hexValue(text[place + 1]),
          let low = hexValue(text[place + 2])
        else { return nil }
        decoded.append(high << 4 | low)
        place += 2
      case let byte: decoded.append(byte)
      }
      place += 1
    }
    return decoded
  }
}
