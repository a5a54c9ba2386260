import Bytes

/// One line of the record that a command leaves with `TRAILMERGE_RECORD`.
struct RecordedChange {
  typealias Kind = ChangeRecord.Change

  struct Unreadable: Error {
    let line: String
  }

  var kind: Kind
  var path: Path
  /// The new name of a rename or a link, the second of an exchange.
  var other: Path?
  /// The inode of an open file.
  var file = 0
  /// Where in its file a write begins.
  var offset = 0
  var bytes: [UInt8] = []

  /// Whether it is no change, and waits for the disk.
  var isSync: Bool { [.syncFile, .syncFolder, .syncFileSystem].contains(kind) }

  /// Reads a whole record.
  static func read(_ record: Path) throws -> [RecordedChange] {
    let text = try FileSystem.contents(of: record)
    var changes: [RecordedChange] = []
    var start = 0
    while start < text.count {
      let end = ByteSearch.first(ASCII.lineFeed, in: text.span, from: start)
      let line = text.span.extracting(start..<end)
      let object = try JSONObject(line)
      guard let kind = object.string("change").flatMap({ Kind(rawValue: $0) }),
        let path = object.bytes("path")
      else { throw Unreadable(line: line.text()) }
      var change = RecordedChange(kind: kind, path: Path(bytes: path))
      change.other = object.bytes("other").map { Path(bytes: $0) }
      change.file = object.integer("file") ?? 0
      change.offset = object.integer("offset") ?? 0
      start = end + 1
      if let count = object.integer("bytes") {
        change.bytes = Array(text[start..<(start + count)])
        start += count + 1
      }
      changes.append(change)
    }
    return changes
  }
}
