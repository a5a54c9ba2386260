public import Bytes

/// A list of objects in a bucket, of any of the kinds that are known, told apart by their content.
///
/// Lines are keys, or what `rclone lsf`, `aws s3 ls --recursive`, an S3 Inventory and the like write. JSON
/// documents are notifications and listings. Lines and documents of several kinds may follow one another.
public struct KeyList {
  private let path: Path

  /// `path`: The file with the list, or `/dev/stdin`; gzip or not.
  public init(_ path: Path) {
    self.path = path
  }

  /// The longest line, and the largest JSON document, in bytes.
  private static let lineLimit = 64 << 10
  static let documentLimit = 16 << 20

  /// Passes what the list says, with the number of the line, from 1.
  ///
  /// - Throws: `FileError` when the list cannot be read; what `take` throws; `Stopped`.
  /// - Complexity: O(bytes), in the memory of the largest document.
  public func read(_ take: (KeyListItem, _ line: Int) throws -> Void) throws {
    let text: KeyListText
    do {
      text = try KeyListText(path)
    } catch let error as KeyListError {
      return try take(.problem(error.problem), 1)
    }
    do {
      try read(text, take)
    } catch let error as KeyListError {
      try take(.problem(error.problem), text.line)
    }
  }

  private func read(_ text: KeyListText, _ take: (KeyListItem, Int) throws -> Void) throws {
    if let problem = text.withRest(KeyList.foreignKind) {
      return try take(.problem(problem), 1)
    }
    if text.withRest({ $0.starts(with: KeyList.mark) }) { text.pass(KeyList.mark.count) }
    var lines = KeyLines()
    while let first = try text.offset(limit: KeyList.lineLimit, where: { !KeyList.isBlank($0) }) {
      let byte = text.byte(at: first)
      if byte == ASCII.openBrace || byte == ASCII.openBracket {
        text.pass(first)
        if try KeyDocuments(text).read(take) { try passRest(text, take) }
        continue
      }
      let line = text.line
      guard let length = try text.lineLength(limit: KeyList.lineLimit) else {
        try text.passLine()
        try take(.problem("is longer than \(KeyList.lineLimit >> 10) KiB"), line)
        continue
      }
      var bytes = text.copy(length)
      try text.passLine()
      if bytes.last == ASCII.carriageReturn { bytes.removeLast() }
      if bytes.allSatisfy(KeyList.isBlank) { continue }
      try take(lines.item(bytes), line)
    }
    if text.count >= KeyList.lineLimit {
      try take(.problem("is longer than \(KeyList.lineLimit >> 10) KiB"), text.line)
    }
  }

  /// Passes what follows a document on its line, unless it is another one.
  private func passRest(_ text: KeyListText, _ take: (KeyListItem, Int) throws -> Void) throws {
    guard
      let offset = try text.offset(limit: KeyList.lineLimit, where: { !KeyList.isBlank($0) })
    else { return }
    let ends = [ASCII.lineFeed, ASCII.carriageReturn, ASCII.openBrace, ASCII.openBracket]
    if ends.contains(text.byte(at: offset)) { return }
    try take(.problem("has text after a JSON document"), text.line)
    try text.passLine()
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == ASCII.space || byte == ASCII.tab }

  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// What a file is whose first bytes no list has; nil for a list.
  private static func foreignKind(_ start: Span<UInt8>) -> String? {
    if start.starts(with: Array("PAR1".utf8)) || start.starts(with: Array("ORC".utf8)) {
      return "is an inventory in Parquet or ORC: choose CSV, or write bucket, key and size as CSV"
    }
    let isUTF16 =
      start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF])
      || start.count > 1 && (start[0] == 0) != (start[1] == 0)
    return isUTF16 ? "is UTF-16: save the list as UTF-8" : nil
  }
}

extension Span where Element == UInt8 {
  fileprivate func starts(with bytes: [UInt8]) -> Bool {
    count >= bytes.count && extracting(..<bytes.count).isEqual(to: bytes.span)
  }
}
