extension TrailFileName {
  /// How a name ends.
  public enum Ending: Sendable {
    /// `.json.gz`, or `.json` once unpacked.
    case whole
    /// What a tool adds until all bytes are there: `.json.gz.3aFb12cd`, `.json.partial`.
    case partial
    case other
  }
}

extension TrailFileName.Ending {
  /// What tools add to the name of any file until they have it all.
  ///
  /// The AWS CLI adds eight random characters instead, but CloudTrail's objects end in `.json.gz`.
  private static let partialEndings = [
    "partial", "part", "filepart", "crdownload", "download", "tmp", "temp",
  ].map { Array($0.utf8) }

  init(_ text: ArraySlice<UInt8>) {
    self =
      text.suffix(8).elementsEqual(".json.gz".utf8)
      ? .whole : TrailFileName.Ending.unusual(text)
  }

  private static func unusual(_ text: ArraySlice<UInt8>) -> TrailFileName.Ending {
    let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
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
  isLowerLetterOrDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
}
