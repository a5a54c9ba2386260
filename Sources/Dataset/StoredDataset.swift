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
  /// Tells files that need not be read to know that they are as they were committed; nil to read all.
  public let lastCommit: LastCommit?
  /// Whether nobody can tell what it holds: only the names of its files are known.
  public let isUnreadable: Bool
  /// Of an unreadable dataset, what is known of it.
  private let names: [Period: PartitionList]
  private let recent: Mutex<RecentLists>

  /// - Parameters:
  ///   - layout: Where it is.
  ///   - manifest: Its root.
  ///   - lastCommit: The commit that made it, if files that it left are to be believed without a look.
  ///   - listMemory: Bytes of the text of lists that are kept at hand, beside the last.
  public init(
    _ layout: DatasetLayout, _ manifest: Manifest, lastCommit: LastCommit? = nil,
    listMemory: Int = 4 << 20
  ) {
    (self.layout, self.lastCommit) = (layout, lastCommit)
    recent = Mutex(RecentLists(memory: listMemory))
    self.manifest = manifest
    isUnreadable = false
    names = [:]
  }

  /// A dataset known only by the names of its files.
  init(
    _ layout: DatasetLayout, _ manifest: Manifest, namedOnly lists: [Period: PartitionList]
  ) {
    self.layout = layout
    self.manifest = manifest
    lastCommit = nil
    recent = Mutex(RecentLists(memory: 0))
    isUnreadable = true
    names = lists
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
    do {
      try path.checkIsFile(ofSize: hash.byteCount)
      bytes = try FileSystem.contents(of: path)
    } catch let error as FileError {
      guard error.isNotFound else { throw error }
      throw DatasetError.missing(path)
    }
    guard FileHash(of: bytes.span) == hash else { throw DatasetError.altered(path) }
    return bytes
  }

  /// Checks a file of the tree without keeping its bytes.
  ///
  /// - Returns: Whether the dataset has such a file.
  /// - Throws: As `contents(of:)`.
  /// - Complexity: O(bytes), in constant memory; one status call where `lastCommit` knows the file.
  public func check(_ file: DatasetFile) throws -> Bool {
    guard let hash = manifest.files[file.path] else { return false }
    let path = layout[file]
    if lastCommit?.left(path, byteCount: hash.byteCount) == true { return true }
    guard try FileSystem.isThere(path) else {
      throw DatasetError.missing(path)
    }
    guard try hash.isHash(ofFileAt: path) else { throw DatasetError.altered(path) }
    return true
  }

  // MARK: Partitions

  /// The periods that have partitions.
  public var periods: [Period] {
    if isUnreadable { return names.keys.sorted() }
    return manifest.files { file in
      if case .partitions(let period) = file { period } else { nil }
    }
  }

  /// The partitions of a period, and its cells if it is a day.
  ///
  /// - Throws: `DatasetError` when the list is not as it was committed.
  /// - Complexity: O(partitions of the period), unless it was asked for just before.
  public func list(_ period: Period) throws -> PartitionList {
    if isUnreadable { return names[period] ?? PartitionList() }
    let file = DatasetFile.partitions(period)
    guard let hash = manifest.files[file.path] else { return PartitionList() }
    if let known = recent.withLock({ $0[period] }) { return known }
    guard let bytes = try contents(of: file) else { return PartitionList() }
    let list = try PartitionList(bytes, path: layout[file])
    recent.withLock { $0.add(list, of: period, byteCount: hash.byteCount) }
    return list
  }

  /// What the dataset holds of a cell; nil for nothing.
  public func summary(of cell: Cell) throws -> CellSummary? {
    let period = Period(cell.day)
    if let search = try search(period) { return try search.summary(of: cell) }
    return try list(period).cells[cell]
  }

  /// The files of a partition; none if the dataset does not have it.
  ///
  /// `folder`: Relative to the dataset.
  public func parts(in folder: Path) throws -> [OutputPart] {
    let period = Period(folder: folder)
    if let search = try search(period) { return try search.parts(in: folder) ?? [] }
    return try list(period).partitions[folder] ?? []
  }

  /// What finds single lines of a large list that is not at hand; nil for any other.
  private func search(_ period: Period) throws -> ListSearch? {
    let file = DatasetFile.partitions(period)
    guard !isUnreadable, let hash = manifest.files[file.path],
      hash.byteCount > StoredDataset.smallList
    else { return nil }
    let (isAtHand, isChecked) = recent.withLock { ($0[period] != nil, $0.checked.contains(period)) }
    if isAtHand { return nil }
    if !isChecked {
      _ = try check(file)
      recent.withLock { _ = $0.checked.insert(period) }
    }
    return ListSearch(layout[file], byteCount: hash.byteCount)
  }

  /// The most bytes of a list that is read as a whole for one of its lines.
  private static let smallList = 64 << 10

  /// The event days that have cells, in order.
  public var days: [Day] { periods.compactMap(\.day) }

  /// The cells of all days.
  ///
  /// - Complexity: O(cells) in time and memory: reads the lists of all days.
  public func cells() throws -> [Cell: CellSummary] {
    var cells: [Cell: CellSummary] = [:]
    for day in days { try cells.merge(list(Period(day)).cells) { $1 } }
    return cells
  }

  /// Checks that every list is as it was committed.
  ///
  /// - Throws: `DatasetError` for the first that is not.
  public func checkLists() throws {
    for period in periods { _ = try list(period) }
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

/// The lists that were asked for last.
private struct RecentLists {
  private var lists: [Period: (list: PartitionList, byteCount: Int, use: Int)] = [:]
  private var byteCount = 0
  private var useCount = 0
  /// Periods whose list was found to be as it was committed.
  var checked: Set<Period> = []

  /// Bytes of the text of lists that are kept, beside the last.
  private let memory: Int

  init(memory: Int) {
    self.memory = memory
  }

  subscript(period: Period) -> PartitionList? {
    mutating get {
      guard let known = lists[period] else { return nil }
      useCount += 1
      lists[period]?.use = useCount
      return known.list
    }
  }

  mutating func add(_ list: PartitionList, of period: Period, byteCount count: Int) {
    if lists[period] != nil { return }
    useCount += 1
    lists[period] = (list, count, useCount)
    byteCount += count
    while byteCount > memory, lists.count > 1,
      let oldest = lists.min(by: { $0.value.use < $1.value.use })
    {
      byteCount -= oldest.value.byteCount
      lists[oldest.key] = nil
    }
  }
}
