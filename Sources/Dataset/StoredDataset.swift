public import Bytes
public import CloudTrail
import Synchronization

/// A dataset as the last commit left it.
///
/// What it holds is read when it is asked for, and each file is checked against the manifest before
/// it is believed: one that is missing, older, newer or altered is an error that names it.
public final class StoredDataset: Sendable {
  public let layout: DatasetLayout
  public let manifest: Manifest
  /// Whether nobody can tell what it holds: only the names of its files are known.
  public let isUnreadable: Bool
  private let lists: Mutex<[Period: PartitionList]>

  public init(_ layout: DatasetLayout, _ manifest: Manifest) {
    self.layout = layout
    self.manifest = manifest
    isUnreadable = false
    lists = Mutex([:])
  }

  /// A dataset known only by the names of its files.
  init(
    _ layout: DatasetLayout, _ manifest: Manifest, namedOnly lists: [Period: PartitionList]
  ) {
    self.layout = layout
    self.manifest = manifest
    isUnreadable = true
    self.lists = Mutex(lists)
  }

  /// Reads the manifest.
  ///
  /// - Throws: `DatasetError.absent`, `damaged` or `otherVersion`.
  public convenience init(_ layout: DatasetLayout) throws {
    self.init(layout, try Manifest(of: layout))
  }

  // MARK: Files

  /// The bytes of a file of the tree; nil if the dataset has none.
  ///
  /// - Throws: `DatasetError.changedFromOutside` when the file is not as it was committed.
  /// - Complexity: O(bytes) in time and memory.
  public func contents(of file: DatasetFile) throws -> [UInt8]? {
    guard let hash = manifest.files[file.path] else { return nil }
    let path = layout[file]
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileSystem.contents(of: path)
    } catch {
      guard error.isNotFound else { throw error }
      throw DatasetError.changedFromOutside(path, "is gone")
    }
    guard FileHash(of: bytes.span) == hash else { throw StoredDataset.altered(path) }
    return bytes
  }

  /// Checks a file of the tree without keeping its bytes.
  ///
  /// - Returns: Whether the dataset has such a file.
  /// - Throws: As `contents(of:)`.
  /// - Complexity: O(bytes), in constant memory.
  public func check(_ file: DatasetFile) throws -> Bool {
    guard let hash = manifest.files[file.path] else { return false }
    let path = layout[file]
    guard try FileSystem.isThere(path) else {
      throw DatasetError.changedFromOutside(path, "is gone")
    }
    guard try hash.isHash(ofFileAt: path) else { throw StoredDataset.altered(path) }
    return true
  }

  private static func altered(_ path: Path) -> DatasetError {
    .changedFromOutside(path, "has other bytes than were committed")
  }

  // MARK: Partitions

  /// The periods that have partitions.
  public var periods: [Period] {
    if isUnreadable { return lists.withLock { $0.keys.sorted() } }
    return manifest.files { file in
      if case .partitions(let period) = file { period } else { nil }
    }
  }

  /// The partitions of a period, and its cells if it is a day.
  public func list(_ period: Period) throws -> PartitionList {
    if let known = lists.withLock({ $0[period] }) { return known }
    if isUnreadable { return PartitionList() }
    var list = PartitionList()
    let file = DatasetFile.partitions(period)
    if let bytes = try contents(of: file) {
      list = try PartitionList(bytes, path: layout[file])
    }
    lists.withLock { $0[period] = list }
    return list
  }

  /// What the dataset holds of a cell; nil for nothing.
  public func summary(of cell: Cell) throws -> CellSummary? {
    try list(Period(cell.day)).cells[cell]
  }

  /// The files of a partition; none if the dataset does not have it.
  ///
  /// `folder`: Relative to the dataset.
  public func parts(in folder: Path) throws -> [OutputPart] {
    try list(Period(folder: folder)).partitions[folder] ?? []
  }

  /// The cells of some days, or of all.
  ///
  /// - Complexity: O(cells of the days): reads their lists.
  public func cells(
    where isWanted: (Day) -> Bool = { _ in true }
  ) throws -> [Cell: CellSummary] {
    var cells: [Cell: CellSummary] = [:]
    for period in periods {
      guard let day = period.day, isWanted(day) else { continue }
      try cells.merge(list(period).cells) { $1 }
    }
    return cells
  }

  /// The files of all partitions, by folder.
  ///
  /// - Complexity: O(partitions): reads all lists.
  public func partitions() throws -> [Path: [OutputPart]] {
    var partitions: [Path: [OutputPart]] = [:]
    for period in periods { try partitions.merge(list(period).partitions) { $1 } }
    return partitions
  }

  /// The files that hold a cell's records, in order.
  public func storeFiles(of cell: Cell) throws -> [StoredSegment.File] {
    let root = DatasetLayout.outputFolder(manifest.store, cell.family)
    let keys = manifest.storeKeys
    let hours: [Int] = keys.contains(.hour) ? Array(0..<24) : [0]
    return try hours.flatMap { hour in
      let folder = root.appending(cell.folder(by: keys, hour: hour))
      return try parts(in: folder).map {
        StoredSegment.File(path: layout.root.appending(folder).appending($0.name), part: $0)
      }
    }
  }
}
