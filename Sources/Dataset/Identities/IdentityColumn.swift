public import Bytes
public import CloudTrail
public import Segments

/// The identities of a family's event day, cut to eight bytes: what a run compares its new records
/// with, so that it opens the records of other days only where an identity may meet.
///
/// On disk it is one little-endian number after the other, in order, one a record.
public struct IdentityColumn: Sendable {
  private let path: Path
  private let hash: FileHash

  /// How many records the column is of.
  public var count: Int { hash.byteCount / 8 }

  /// The column of an event day that has an index.
  ///
  /// - Throws: `DatasetError.damaged` when the manifest has none.
  public init(_ day: EventDay, of dataset: StoredDataset) throws(DatasetError) {
    let file = DatasetFile.identities(day)
    guard let hash = dataset.manifest.files[file.path] else {
      throw .damaged(
        dataset.layout.manifest, "it has an index of \(day.day) and no identities of that day")
    }
    (path, self.hash) = (dataset.layout[file], hash)
  }

  /// The numbers of the column that are among some others.
  ///
  /// - Parameter numbers: In order, each once.
  /// - Returns: Those that are in both, in order, each once.
  /// - Throws: `DatasetError.changedFromOutside` when the file is not as it was committed; `Stopped`.
  /// - Complexity: O(bytes of the file), and O(log `numbers.count`) for each of its numbers.
  public func intersection(with numbers: [UInt64]) throws -> [UInt64] {
    var found: [UInt64] = []
    var place = 0
    try forEachWindow { bytes in
      for start in stride(from: 0, to: bytes.count - 7, by: 8) {
        let number = bytes.number(at: start, as: UInt64.self)
        IdentityColumn.advance(&place, to: number, in: numbers)
        guard place < numbers.count, numbers[place] == number else { continue }
        found.append(number)
        place += 1
      }
    }
    return found
  }

  /// Moves `place` on to the first number that is not below `number`.
  ///
  /// In steps that double: the next place is mostly near, and else found in as many steps as a search
  /// would take.
  private static func advance(_ place: inout Int, to number: UInt64, in numbers: [UInt64]) {
    guard place < numbers.count, numbers[place] < number else { return }
    var step = 1
    while place + step < numbers.count, numbers[place + step] < number {
      place += step
      step *= 2
    }
    let rest = (place + 1)..<min(place + step, numbers.count)
    place = rest.partitioningIndex { numbers[$0] >= number }
  }

  /// What tells a column from others without sorting.
  public struct Sum: Equatable, Sendable {
    private var count = 0
    private var sum: UInt64 = 0
    private var mixed: UInt64 = 0

    public init() {}

    /// Adds an identity, in any order.
    public mutating func add(_ identity: RecordIdentity) { add(identity.high) }

    fileprivate mutating func add(_ number: UInt64) {
      count += 1
      sum &+= number
      let product = (number ^ number >> 32) &* 0x9E37_79B9_7F4A_7C15
      mixed &+= product ^ product >> 29
    }
  }

  /// Whether the column is in order, and of the identities that `sum` was made of.
  ///
  /// - Throws: `DatasetError.changedFromOutside` when the file is not as it was committed; `Stopped`.
  public func isColumn(of sum: Sum) throws -> Bool {
    var own = Sum()
    var last: UInt64 = 0
    var isInOrder = true
    try forEachWindow { bytes in
      for start in stride(from: 0, to: bytes.count - 7, by: 8) {
        let number = bytes.number(at: start, as: UInt64.self)
        isInOrder = isInOrder && last <= number
        last = number
        own.add(number)
      }
    }
    return isInOrder && own == sum && hash.byteCount % 8 == 0
  }

  /// Lends the bytes of the file piece by piece, whole numbers at a time, and checks their hash at the end.
  private func forEachWindow(_ body: (Span<UInt8>) throws -> Void) throws {
    let reader = try IdentityColumnReader(path, hash)
    while try reader.readWindow() { try reader.window.withBytes(body) }
  }

  /// The most columns that are merged at once: each is an open file, with a window.
  public static let mergeLimit = 32

  /// Writes the column of all records that some columns are of.
  ///
  /// - Parameters:
  ///   - columns: At most `mergeLimit`.
  ///   - staged: The file to write.
  /// - Returns: What the file holds.
  /// - Throws: `DatasetError.changedFromOutside` when one is not as it was committed; `FileError`;
  ///   `Stopped`.
  /// - Complexity: O(numbers · columns): few columns need no heap.
  public static func merge(_ columns: [IdentityColumn], to staged: Path) throws -> FileHash {
    let file = try HashedFile(staged)
    var readers: [IdentityColumnReader] = []
    var heads: [UInt64] = []
    for column in columns {
      let reader = try IdentityColumnReader(column.path, column.hash)
      guard let head = try reader.next() else { continue }
      readers.append(reader)
      heads.append(head)
    }
    while !heads.isEmpty {
      var least = 0
      for place in 1..<heads.count where heads[place] < heads[least] { least = place }
      file.output.append(littleEndian: heads[least])
      try file.writeIfFull()
      if let next = try readers[least].next() {
        heads[least] = next
      } else {
        heads.remove(at: least)
        readers.remove(at: least)
      }
    }
    return try file.finish()
  }

  /// Writes the column of the identities that are given in order.
  ///
  /// - Returns: What the file holds.
  /// - Throws: `FileError`; `Stopped`.
  public static func write(_ identities: SortedIdentities, to staged: Path) throws -> FileHash {
    let file = try HashedFile(staged)
    try identities.forEachRow { row in
      file.output.append(littleEndian: row.identity.high)
      try file.writeIfFull()
    }
    return try file.finish()
  }

  /// Writes the column of an index.
  ///
  /// - Parameters:
  ///   - index: Of the same day.
  ///   - sorter: Has no identities yet.
  ///   - staged: The file to write.
  /// - Returns: What the file holds.
  /// - Throws: `FileError`; `Stopped`.
  public static func write(
    of index: DayIndex, _ sorter: IdentitySorter, to staged: Path
  ) throws -> FileHash {
    var part = sorter.part()
    let count = index.cells.values.reduce(0) { $0 + $1.count }
    try index.forEachRow(in: 0..<count) { try part.append(PlacedIdentity($0.identity, cell: 0)) }
    try part.finish()
    return try write(sorter.finish(), to: staged)
  }
}
