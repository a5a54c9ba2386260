/// What a file is by its path alone.
enum OracleFileClass: Equatable {
  /// Strict rules: one gzip member or plain JSON, one document, one `Records`.
  case cloudTrail
  case loose
  /// Loose, and its name does not promise JSON.
  case unnamed
  case skipped(String)
}

/// What a path says, relative to the input that was named.
struct OraclePath {
  private(set) var fileClass = OracleFileClass.loose
  private(set) var account: String?
  private(set) var region: String?

  private static let looseExtensions = [".json", ".ndjson", ".jsonl"].flatMap { [$0, $0 + ".gz"] }

  init(_ path: String) {
    let segments = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    let name = segments.last ?? ""
    if segments.contains(where: { $0.hasPrefix(".") }) {
      fileClass = .skipped("hidden")
      return
    }
    let folders = Array(segments.dropLast())
    let isJSON = name.hasSuffix(".json") || name.hasSuffix(".json.gz")
    if let place = Self.place(in: folders) {
      account = place.account
      region = place.region
      readName(name, kindOfFolder: place.kind)
      if place.kind != "CloudTrail" {
        fileClass = .skipped(place.kind)
      } else {
        fileClass = isJSON ? .cloudTrail : .skipped("other file type")
      }
      return
    }
    if isJSON, let kind = readName(name, kindOfFolder: nil) {
      fileClass = kind == "CloudTrail" ? .cloudTrail : .skipped(kind)
      return
    }
    let isLoose = Self.looseExtensions.contains { name.hasSuffix($0) }
    fileClass = isLoose ? .loose : .unnamed
  }

  /// Finds `<kind>/<region>/YYYY/MM/DD` below an account's folder or `AWSLogs`.
  private static func place(
    in folders: [String]
  ) -> (account: String?, kind: String, region: String?)? {
    if let root = folders.lastIndex(of: "AWSLogs") {
      var rest = folders[(root + 1)...]
      if let first = rest.first, first.hasPrefix("o-") { rest = rest.dropFirst() }
      if rest.count >= 2 {
        let kind = rest[rest.startIndex + 1]
        let region = rest.count > 2 ? rest[rest.startIndex + 2] : nil
        return (rest.first, kind, kind.hasPrefix("CloudTrail") ? region : nil)
      }
      return nil
    }
    // An input from the middle of a tree: the kind, a region and a date.
    for (index, kind) in folders.enumerated() where folders.count >= index + 5 {
      let date = folders[(index + 2)...(index + 4)]
      let isDate = zip(date, [4, 2, 2]).allSatisfy { part, count in
        part.utf8.count == count && part.allSatisfy(\.isWholeNumber)
      }
      if isDate, kind == "CloudTrail" || kind.hasPrefix("CloudTrail-") {
        return (index > 0 ? folders[index - 1] : nil, kind, folders[index + 1])
      }
    }
    return nil
  }

  /// `<account>_CloudTrail[-Kind]_<region>_<YYYYMMDD>T<HHmm>Z…`: what the folders did not say.
  /// - Returns: the kind, if the name has this form.
  @discardableResult
  private mutating func readName(_ name: String, kindOfFolder: String?) -> String? {
    let parts = name.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 4, parts[1] == "CloudTrail" || parts[1].hasPrefix("CloudTrail-"),
      !parts[0].isEmpty, !parts[2].isEmpty
    else { return nil }
    // A digest's time is behind its trail's name.
    guard parts[1] == "CloudTrail-Digest" || Self.isStamp(parts[3]) else { return nil }
    if account == nil { account = parts[0] }
    if region == nil { region = parts[2] }
    return parts[1]
  }

  private static func isStamp(_ text: String) -> Bool {
    let bytes = Array(text.utf8.prefix(14))
    return bytes.count == 14 && bytes[8] == UInt8(ascii: "T") && bytes[13] == UInt8(ascii: "Z")
      && (bytes[0..<8] + bytes[9..<13]).allSatisfy { (0x30...0x39).contains($0) }
  }
}
