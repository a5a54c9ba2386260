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
    let place = Self.place(in: Array(segments.dropLast()))
    let named = Self.named(name)
    let kindOfFolder = place?.kind ?? ""
    // The folders of another service say nothing of a file that has its kind in its name.
    let isItsFolder = named == nil || kindOfFolder == named?.kind || isFamily(kindOfFolder)
    let sources = isItsFolder ? [place, named] : [named, place]
    account = sources.lazy.compactMap { $0?.account }.first
    region = sources.lazy.compactMap { $0?.region }.first
    let isJSON = Self.looseExtensions.contains { name.hasSuffix($0) }
    if let named {
      fileClass = Self.fileClass(of: name, named.kind)
    } else if let place, place.kind != "CloudTrail" {
      fileClass = .skipped(place.kind)
    } else if !isJSON {
      fileClass = .unnamed
    } else if place != nil {
      fileClass = .cloudTrail
    }
  }

  private static func fileClass(of name: String, _ kind: String) -> OracleFileClass {
    if ![".json", ".json.gz"].contains(where: { name.hasSuffix($0) }) {
      return .skipped(name.contains(".json.gz") ? "partial download" : "other file type")
    }
    return kind == "CloudTrail" ? .cloudTrail : .skipped(kind)
  }

  private struct Place {
    var account: String?
    var kind: String
    var region: String?
  }

  /// Finds `<kind>/<region>/YYYY/MM/DD`, or any service of an account below `AWSLogs`.
  private static func place(in folders: [String]) -> Place? {
    let root = folders.lastIndex(of: "AWSLogs")
    let services = folders.indices.filter { index in
      index > (root ?? .max - 1) + 1 && isAccount(folders[index - 1]) && !isAccount(folders[index])
    }
    let dated = folders.indices.last { index in
      let date = folders.dropFirst(index + 2).prefix(3)
      return isFamily(folders[index]) && zip(date, [4, 2, 2]).count { $0.utf8.count == $1 } == 3
    }
    guard let index = services.last(where: { isFamily(folders[$0]) }) ?? services.first ?? dated
    else { return nil }
    let account = index > 0 && isAccount(folders[index - 1]) ? folders[index - 1] : nil
    let region = folders.dropFirst(index + 1).first
    return Place(account: account, kind: folders[index], region: region)
  }

  /// `<account>_CloudTrail[-Kind]_<region>_<YYYYMMDD>T<HHmm>Z…`.
  private static func named(_ name: String) -> Place? {
    let parts = name.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 4, parts[1] == "CloudTrail" || parts[1].hasPrefix("CloudTrail-"),
      !parts[0].isEmpty, !parts[2].isEmpty
    else { return nil }
    // A digest's time follows its trail's name.
    guard isFamily(parts[1]) ? isStamp(parts[3]) : parts[1] == "CloudTrail-Digest" else {
      return nil
    }
    return Place(account: parts[0], kind: parts[1], region: parts[2])
  }

  private static func isAccount(_ text: String) -> Bool {
    text.utf8.count == 12 && text.allSatisfy(\.isNumber)
  }

  private static func isStamp(_ text: String) -> Bool {
    let bytes = Array(text.utf8.prefix(14))
    return bytes.count == 14 && bytes[8] == UInt8(ascii: "T") && bytes[13] == UInt8(ascii: "Z")
      && (bytes[0..<8] + bytes[9..<13]).allSatisfy { (0x30...0x39).contains($0) }
  }
}

private func isFamily(_ kind: String) -> Bool {
  ["", "-Insight", "-NetworkActivity", "-Aggregated"].contains { kind == "CloudTrail" + $0 }
}
