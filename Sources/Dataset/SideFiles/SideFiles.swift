public import Bytes
public import CloudTrail
public import Segments

/// What changes in the side files of one kind: records that are kept apart from the events.
///
/// Changes are sorted on disk where they are many, and then merged with the committed files, so that
/// nothing is in memory for each.
public final class SideFiles {
  /// What is kept apart.
  public enum Kind: Sendable {
    /// Texts that lost to another of their eventID, by the day of the one kept: each is listed once.
    case conflicts
    /// Records without a usable time, by delivery: each place is listed.
    case rejected

    /// What lines count for.
    fileprivate var total: WritableKeyPath<Manifest.Totals, Int> {
      switch self {
      case .conflicts: \.conflictCount
      case .rejected: \.rejectedCount
      }
    }

    /// A number that orders as the names of the files do.
    fileprivate func number(of file: DatasetFile) -> UInt64 {
      let undated: UInt64 = 1 << 32
      return switch file {
      case .conflicts(let day), .ofDelivery(.rejected, .day(let day)):
        UInt64(UInt32(bitPattern: day.daysSince1970) ^ 1 << 31)
      case .ofDelivery(.rejected, .undated(let number)): undated + UInt64(number)
      default: preconditionFailure("no side file")
      }
    }

    fileprivate func file(_ number: UInt64) -> DatasetFile {
      if number >> 32 > 0 {
        return .ofDelivery(.rejected, .undated(UInt8(truncatingIfNeeded: number)))
      }
      let day = Day(daysSince1970: Int32(bitPattern: UInt32(number) ^ 1 << 31))
      return self == .conflicts ? .conflicts(day) : .ofDelivery(.rejected, .day(day))
    }
  }

  /// What it holds and keeps.
  public let dataset: StoredDataset
  private let kind: Kind
  private let texts: NewTexts
  private let changes: RowSorter
  private var sorted: SortedRows?
  private var row = ByteBuffer()

  /// - Parameters:
  ///   - kind: What is kept apart.
  ///   - dataset: What it holds and keeps.
  ///   - changes: Sorts what changes.
  ///   - scratch: A name for a temporary file.
  /// - Throws: `FileError` when that cannot be made.
  public init(
    _ kind: Kind, _ dataset: StoredDataset, sorting changes: RowSorter, scratch: Path
  ) throws(FileError) {
    (self.kind, self.dataset, self.changes) = (kind, dataset, changes)
    texts = NewTexts(scratch)
  }

  // MARK: Texts

  /// Keeps a record until the files are written.
  ///
  /// - Returns: Where it is.
  /// - Throws: `FileError` when the disk is full.
  public func keep(_ record: Span<UInt8>, eventID: [UInt8]?) throws -> NewTexts.Text {
    try texts.append(record, eventID: eventID)
  }

  /// Reads a record that is kept.
  public func read(_ text: NewTexts.Text, into buffer: inout ByteBuffer) throws {
    try texts.readRecord(text, into: &buffer)
  }

  // MARK: Changes

  /// Adds a line to a file, unless it has the same one.
  ///
  /// - Throws: `FileError` when the disk is full.
  public func add(
    _ key: SideLine.Key, _ text: NewTexts.Text, reason: String, to file: DatasetFile
  ) throws {
    begin(.add, key, file)
    row.append(row: text)
    row.append(utf8: reason)
    try row.withBytes { try changes.append($0) }
  }

  /// Removes a line from a file, unless it is added too.
  ///
  /// - Throws: `FileError` when the disk is full.
  public func remove(_ key: SideLine.Key, from file: DatasetFile) throws {
    begin(.remove, key, file)
    try row.withBytes { try changes.append($0) }
  }

  private func begin(_ change: SideChange, _ key: SideLine.Key, _ file: DatasetFile) {
    row.removeAll()
    row.append(bigEndian: kind.number(of: file))
    row.append(row: key)
    row.append(change.rawValue)
  }

  /// The changes in the order of files, places and texts, before the first.
  private func sortedChanges() throws -> SortedRows {
    if let sorted {
      try sorted.rewind()
      return sorted
    }
    let rows = try changes.finish()
    sorted = rows
    return rows
  }

  /// Passes what tells apart the texts that are added.
  public func forEachAdded(_ body: (Family, RecordIdentity) throws -> Void) throws {
    let rows = try sortedChanges()
    while try rows.next() {
      try rows.withRow { row in
        var parts = RowReader(row)
        _ = parts.number(UInt64.self)
        let key = parts.sideKey()
        if parts.number(UInt8.self) == SideChange.add.rawValue { try body(key.family, key.content) }
      }
    }
  }

  // MARK: Files

  /// Adds the files that change to what is to be committed.
  ///
  /// - Throws: `DatasetError` when one is not as it was committed; `FileError`.
  public func stage(in tree: inout TreeUpdate) throws {
    let rows = try sortedChanges()
    var hasRow = try rows.next()
    while hasRow {
      let number = SideFiles.number(of: rows)
      let file = kind.file(number)
      let staged = try tree.stagedFile()
      let merge = try SideFileMerge(SideFileReader(file, of: dataset), texts, to: staged)
      while hasRow, SideFiles.number(of: rows) == number {
        hasRow = try merge.add(rows)
      }
      let (hash, added) = try merge.finish()
      tree.describe { $0.totals[keyPath: kind.total] += added }
      if hash.byteCount == 0 {
        tree.remove(file)
      } else {
        try tree.put(staged, hash, as: file)
      }
    }
  }

  /// The number of the file that the row is about.
  private static func number(of rows: SortedRows) -> UInt64 {
    rows.withRow { row in
      var parts = RowReader(row)
      return parts.number()
    }
  }
}
