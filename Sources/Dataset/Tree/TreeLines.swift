import Bytes

extension StoredDataset {
  /// Passes the lines of a file of the tree, without their ends; none if the dataset has no such file.
  ///
  /// The hash is known after the last line: until this returns, nothing that was passed is believed.
  ///
  /// - Throws: `DatasetError` when the file is not as it was committed; what `body` throws; `Stopped`.
  /// - Complexity: O(bytes) in time; the longest line in memory.
  public func forEachLine(
    of file: DatasetFile, _ body: (Span<UInt8>) throws -> Void
  ) throws {
    guard let lines = try TreeLines(file, of: self) else { return }
    while try lines.next() { try lines.withLine(body) }
  }
}

/// The lines of a file of the tree, one at a time.
final class TreeLines {
  private let reader: LineReader
  private let path: Path
  /// How many lines were read.
  private(set) var count = 0

  /// Nil if the dataset has no such file.
  init?(_ file: DatasetFile, of dataset: StoredDataset) throws {
    guard let hash = dataset.manifest.files[file.path] else { return nil }
    path = dataset.layout[file]
    reader = try LineReader()
    try reader.open(path, hash.sha256)
  }

  /// Goes to the next line; false after the last, when the file is known to be the one committed.
  ///
  /// - Throws: `DatasetError` when it is not, or its last line has no end.
  func next() throws -> Bool {
    guard try reader.next() else {
      if reader.hasUnendedLine { throw damage("line \(count + 1) has no end") }
      return false
    }
    count += 1
    return true
  }

  func withLine<Result>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
    try reader.withLine(body)
  }

  /// Reads the rest.
  ///
  /// - Throws: `DatasetError.changedFromOutside` when the file is not as it was committed: nothing that
  ///   it said may then be believed.
  func finish() throws { try reader.finish() }

  /// What to say of a line that cannot be understood.
  var damage: DatasetError { damage("line \(count)") }

  /// What to say of the file.
  func damage(_ what: String) -> DatasetError { .damaged(path, what) }
}
