import Bytes
public import CloudTrail
public import Segments

/// Writes the index of one event day and its column of identities again: the cells that changed, and
/// those that did not.
public struct IndexUpdate: Sendable {
  /// Passes the rows of a cell as they are on disk, some at a time, their sources by the numbers of
  /// `sources`.
  public typealias Rows = @Sendable (Cell, (Span<UInt8>) throws -> Void) throws -> Void

  /// The cells of the day that the dataset will hold, in order, with their record counts.
  private let cells: [(cell: Cell, recordCount: Int)]
  private let sources: SourceTable
  private let rows: Rows

  /// - Parameters:
  ///   - cells: The cells of the day that the dataset will hold, in order, with their record counts.
  ///   - sources: Knows the numbers that rows name files by.
  ///   - rows: Gives the rows of each cell.
  public init(
    _ cells: [(cell: Cell, recordCount: Int)], sources: SourceTable, rows: @escaping Rows
  ) {
    self.cells = cells
    self.sources = sources
    self.rows = rows
  }

  /// Where the files are staged.
  public struct Files: Sendable {
    let index: Path
    let identities: Path
  }

  /// What they hold.
  public struct Hashes: Sendable {
    let index: FileHash
    let identities: FileHash
  }

  /// Writes both files.
  ///
  /// - Parameters:
  ///   - files: The files to write.
  ///   - sorter: Has no identities yet.
  /// - Returns: What the files hold.
  /// - Throws: `FileError`, and what `rows` throws.
  /// - Complexity: O(records of the day), twice: once to learn which paths are named.
  public func write(to files: Files, _ sorter: IdentitySorter) throws -> Hashes {
    var part = sorter.part()
    let index = try writeIndex(to: files.index) {
      try part.append(PlacedIdentity($0, cell: 0))
    }
    try part.finish()
    return Hashes(
      index: index, identities: try IdentityColumn.write(sorter.finish(), to: files.identities))
  }

  /// Writes both files, the column from columns that together are of just the records of the day.
  ///
  /// - Parameters:
  ///   - files: The files to write.
  ///   - columns: At most `IdentityColumn.mergeLimit`.
  /// - Returns: What the files hold.
  /// - Throws: `DatasetError` for a column that is not as it was committed; `FileError`, and what `rows`
  ///   throws.
  /// - Complexity: As of the other.
  public func write(to files: Files, merging columns: [IdentityColumn]) throws -> Hashes {
    Hashes(
      index: try writeIndex(to: files.index) { _ in },
      identities: try IdentityColumn.merge(columns, to: files.identities))
  }

  /// `take`: Gets the identities, in the order of the rows.
  private func writeIndex(
    to staged: Path, _ take: (RecordIdentity) throws -> Void
  ) throws -> FileHash {
    let (paths, numbers) = try usedPaths()
    let file = try HashedFile(staged)
    DayIndex.appendHeader(cells: cells, paths: paths, to: &file.output)
    // Neighbours are mostly of one file.
    var last: (source: UInt32, number: UInt32)?
    var output = ByteBuffer()
    try forEachPiece { rows in
      output.removeAll()
      output.reserve(rows.count)
      try IndexRow.forEach(in: rows) { row in
        var row = row
        let source = row.place.source
        if last?.source != source { last = (source, numbers[source] ?? 0) }
        row.place.source = last?.number ?? 0
        row.append(to: &output)
        try take(row.identity)
      }
      file.output.append(output.bytes)
      try file.writeIfFull()
    }
    return try file.finish()
  }

  /// The paths that rows name, in order, and the place of each by the number that rows have.
  private func usedPaths() throws -> (paths: [Path], numbers: [UInt32: UInt32]) {
    var used: Set<UInt32> = []
    var last: UInt32?
    try forEachPiece { rows in
      IndexRow.forEach(in: rows) { row in
        let source = row.place.source
        if last != source { used.insert(source) }
        last = source
      }
    }
    // Neighbouring numbers are kept together, and mostly in the order of their paths.
    let ordered = try used.sorted().map { (number: $0, path: try sources.path($0)) }
      .sorted { $0.path < $1.path }
    var paths: [Path] = []
    var numbers: [UInt32: UInt32] = [:]
    // A file that was read in two runs has two numbers.
    for (number, path) in ordered {
      if paths.last != path { paths.append(path) }
      numbers[number] = UInt32(paths.count - 1)
    }
    return (paths, numbers)
  }

  /// Takes over both files of another dataset, which has exactly the records of the day.
  ///
  /// - Parameters:
  ///   - day: The event day.
  ///   - dataset: The other dataset.
  ///   - files: The files to make; nil to see only whether they could be made.
  /// - Returns: What the files hold.
  /// - Throws: `DatasetError` for a file that is not as it was committed; `FileError`; `Stopped`.
  public static func take(
    _ day: EventDay, of dataset: StoredDataset, as files: Files?
  ) throws -> Hashes {
    func take(_ file: DatasetFile, as staged: Path?) throws -> FileHash {
      guard let hash = dataset.manifest.files[file.path] else {
        throw DatasetError.damaged(dataset.layout.manifest, "it lacks \(file.path)")
      }
      if let staged {
        try StagedParts.take(
          dataset.layout[file], hash, leftBy: dataset.lastCommit, as: staged)
      } else {
        try StagedParts.check(dataset.layout[file], hash, leftBy: dataset.lastCommit)
      }
      return hash
    }
    return Hashes(
      index: try take(.index(day), as: files?.index),
      identities: try take(.identities(day), as: files?.identities))
  }

  private func forEachPiece(_ body: (Span<UInt8>) throws -> Void) throws {
    for (cell, _) in cells { try rows(cell, body) }
  }
}
