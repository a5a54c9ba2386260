public import Bytes
import CloudTrail
public import Dataset
import Segments

/// Finds the evidence of a part of a dataset: of each chain the digests from the first to the last that
/// say something of the part, and the log files that they list.
///
/// With it the verdicts about the part's days are those of the whole: no digest is missing between two
/// that are there, and no log file that the whole has seems to be absent. What waits is on disk where it
/// does not fit the memory.
public struct EvidenceCut {
  private enum Kind {
    static let listed: UInt8 = 0
    static let known: UInt8 = 1
    static let taken: UInt8 = 2
  }

  /// Log files that digests list and that the dataset has, by name.
  private let names: RowSorter
  private let chains: ChainCut

  /// - Parameters:
  ///   - isSelected: Whether the digests of an account that cover the part's days belong to it.
  ///   - days: The seconds since 1970 of these days.
  ///   - memory: Bytes for what waits.
  ///   - scratch: Gives the name that a temporary file has for a moment.
  public init(
    selects isSelected: @escaping (String) -> Bool, days: Range<Int64>, memory: Int,
    scratch: @escaping @Sendable () throws -> Path
  ) {
    func sorter() -> RowSorter { RowSorter(memory: memory / 5, scratch: scratch) }
    names = sorter()
    chains = ChainCut(isSelected, days, sorter(), listed: sorter(), spans: sorter(), kept: sorter())
  }

  /// Adds the digests and files of a dataset.
  ///
  /// - Throws: `DatasetError` for what is not as it was committed; `FileError` when the disk is full;
  ///   `Stopped`.
  public func addAll(of dataset: StoredDataset) throws {
    for slot in dataset.digests.slots { try dataset.digests.forEach(in: slot) { try add($0) } }
    let ledger = Ledger(dataset)
    for slot in ledger.slots {
      try ledger.forEach(in: slot) { try add($0.path, Kind.known) }
    }
  }

  private func add(_ digest: DigestFacts) throws {
    let place = try chains.add(digest)
    for log in digest.document?.logs ?? [] {
      var row = RowBuilder(group: LogJudge.group(log.object.name), kind: Kind.listed)
      row.add(log.object)
      row.add(place)
      try row.finish(into: names)
    }
  }

  /// Adds a file of the dataset that the part has records of; once or more often.
  ///
  /// - Throws: `FileError` when the disk is full.
  public func add(taken path: Path) throws {
    try add(path, Kind.taken)
    try chains.add(taken: path)
  }

  private func add(_ path: Path, _ kind: UInt8) throws {
    guard TrailService.claimed(by: path)?.family != nil else { return }
    var row = RowBuilder(group: LogJudge.group(path.lastComponent), kind: kind)
    row.add(path.bytes)
    try row.finish(into: names)
  }

  /// Ends the adding.
  ///
  /// - Parameter take: Hears of files that the part has no records of, and that its digests list; once
  ///   or more often.
  /// - Returns: The digests of the part.
  /// - Throws: What `take` throws; `FileError`; `Stopped`.
  public consuming func finish(_ take: (Path) throws -> Void) throws -> KeptDigests {
    let groups = try RowGroups(names.finish())
    while groups.group != nil { try join(groups.take()) }
    return try chains.finish(take)
  }

  /// Puts the files of one name together with the digests that list them.
  private func join(_ rows: [PackedRow]) throws {
    var listed: [(object: ObjectKey, place: [UInt8])] = []
    var (known, taken): ([Path], Set<Path>) = ([], [])
    for var row in rows {
      switch row.kind {
      case Kind.listed: listed.append((row.object(), row.bytes()))
      case Kind.known: known.append(Path(bytes: row.bytes()))
      default: taken.insert(Path(bytes: row.bytes()))
      }
    }
    for log in listed {
      for path in known where log.object.isPlace(path, depth: path.depth) {
        if taken.contains(path) {
          try chains.mark(log.place)
        } else {
          try chains.add(file: path, listedAt: log.place)
        }
      }
    }
  }
}

/// Digests that a part of a dataset has.
public final class KeptDigests {
  private let rows: SortedRows
  private var isAtEnd = false

  /// Whether there is none; to be asked before any other question.
  public var isEmpty: Bool { isAtEnd }

  init(_ rows: SortedRows) throws {
    self.rows = rows
    try step()
  }

  private func step() throws { isAtEnd = try !rows.next() }

  /// The row of a digest: they are in the order of deliveries and paths.
  static func row(_ path: Path) -> ByteBuffer {
    var row = ByteBuffer(capacity: path.bytes.count + 8)
    DigestFacts.slot(of: path).appendOrder(to: &row)
    row.append(path.bytes)
    return row
  }

  /// Whether a digest is among them.
  ///
  /// - Parameter path: After that of the call before, by delivery and path.
  /// - Returns: Whether it is.
  /// - Throws: `FileError`; `Stopped`.
  public func holds(_ path: Path) throws -> Bool {
    let wanted = KeptDigests.row(path)
    while !isAtEnd {
      let order = rows.withRow { row in wanted.withBytes { row.compare(to: $0) } }
      if order >= 0 { return order == 0 }
      try step()
    }
    return false
  }
}
