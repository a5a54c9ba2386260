public import Bytes
public import CloudTrail

/// The next state of a dataset: what is staged to change, and the manifest that will name it.
///
/// A file whose bytes stay the same is not touched, so that whoever copies a dataset onwards moves
/// only what has changed.
public struct TreeUpdate {
  /// The manifest as it will be, except for the partitions.
  public private(set) var manifest: Manifest
  private var commit: Commit
  private var lists: [Period: PartitionList] = [:]
  /// What stays unless it changes.
  private let stored: StoredDataset
  /// What goes unless it is put again.
  private let replaced: StoredDataset?

  private var layout: DatasetLayout { stored.layout }

  /// - Parameters:
  ///   - stored: What the dataset holds and keeps.
  ///   - replaced: What a dataset that is made again held before. Nothing of it is believed but the
  ///     bytes of its files.
  public init(_ stored: StoredDataset, replacing replaced: StoredDataset? = nil) {
    self.stored = stored
    self.replaced = replaced
    manifest = stored.manifest
    commit = Commit(stored.layout)
  }

  /// Whether no file would change but the manifest.
  public var isEmpty: Bool { commit.isEmpty && lists.isEmpty }

  /// Changes what the manifest says of the whole dataset.
  public mutating func describe(_ change: (inout Manifest) throws -> Void) rethrows {
    try change(&manifest)
  }

  // MARK: Files that describe the rest

  /// A name in the staging area for a file of our own.
  public mutating func stagedFile() throws(FileError) -> Path { try commit.stagedFile() }

  /// Gives a file of the tree its bytes.
  ///
  /// `hash`: Of the bytes; nil to have it taken here.
  public mutating func put(
    _ bytes: Span<UInt8>, _ hash: FileHash? = nil, as file: DatasetFile
  ) throws {
    let hash = hash ?? FileHash(of: bytes)
    if try !keeps(file, hash) { try commit.stage(bytes, hash, as: file.path) }
  }

  /// Gives a file of the tree the bytes of a staged file.
  ///
  /// `hash`: Of the staged file.
  public mutating func put(_ staged: Path, _ hash: FileHash, as file: DatasetFile) throws {
    if try !keeps(file, hash) { commit.place(staged, hash, as: file.path) }
  }

  /// Notes what a file will hold; returns whether it does so already.
  private mutating func keeps(_ file: DatasetFile, _ hash: FileHash) throws(FileError) -> Bool {
    manifest.files[file.path] = hash
    if replaced != nil { return try hash.isHash(ofFileAt: layout[file]) }
    return stored.manifest.files[file.path] == hash
  }

  /// Removes a file of the tree, if there is one.
  public mutating func remove(_ file: DatasetFile) {
    if manifest.files.removeValue(forKey: file.path) != nil { commit.remove(file.path) }
  }

  /// Takes over a file that is there, as it is.
  ///
  /// - Complexity: O(bytes).
  mutating func adopt(_ file: DatasetFile) throws {
    manifest.files[file.path] = try FileHash(ofFileAt: layout[file])
  }

  /// Removes a file that an older version of the format had.
  mutating func removeOld(_ path: Path) { commit.remove(path) }

  /// Takes a damaged file out of the tree, and keeps it beside.
  ///
  /// - Returns: Where it will be, relative to the dataset; nil if it is gone.
  public mutating func putAside(_ file: DatasetFile) throws -> Path? {
    remove(file)
    let path = layout[file]
    guard try FileSystem.isThere(path) else { return nil }
    let target = DatasetFile.Folder.damaged.appending(
      Path(bytes: Array(file.path.bytes.dropFirst(DatasetLayout.ownFolder.bytes.count + 1))))
    let staged = try stagedFile()
    let copy = try HashedFile(staged)
    try copy.append(fileAt: path)
    commit.place(staged, try copy.finish(), as: target)
    return target
  }

  // MARK: Cells and partitions

  /// Takes over partitions that are there, as they are.
  public mutating func adopt(_ list: PartitionList, of period: Period) { lists[period] = list }

  /// The cells of a day as they will be.
  public mutating func cells(of day: Day) throws -> [Cell: CellSummary] {
    try list(Period(day)).cells
  }

  /// Notes what a cell will hold; nil for nothing.
  public mutating func set(_ cell: Cell, _ summary: CellSummary?) throws {
    let period = Period(cell.day)
    var list = try list(period)
    list.cells[cell] = summary
    lists[period] = list
  }

  private mutating func list(_ period: Period) throws -> PartitionList {
    if let list = lists[period] { return list }
    let list = try stored.list(period)
    lists[period] = list
    return list
  }

  /// The files that a partition has now, as far as the manifest is believed.
  public func committedParts(in folder: Path) throws -> [OutputPart]? {
    replaced == nil ? try stored.parts(in: folder) : nil
  }

  /// Switches a partition over to its staged files.
  ///
  /// - Parameters:
  ///   - folder: Relative to the dataset.
  ///   - files: Its staged files; nil if the partition has no records any more.
  ///   - present: The names of staged files that it has now, byte for byte.
  /// - Returns: The bytes that are new in the dataset.
  /// - Throws: `DatasetError` when the list of its period is not as it was committed; `FileError`.
  public mutating func replace(
    _ folder: Path, with files: StagedParts?, present: Set<String> = []
  ) throws -> Int {
    let period = Period(folder: folder)
    var list = try list(period)
    let old = try list.partitions[folder] ?? replaced?.parts(in: folder) ?? []
    list.partitions[folder] = files?.parts
    lists[period] = list
    if files == nil && old.isEmpty { return 0 }
    return try commit.replace(folder, with: files, old: old, present: present)
  }

  /// Checks that every file of the partitions near those that change is there in its size; the bytes
  /// are checked when they are read.
  ///
  /// - Throws: `DatasetError.changedFromOutside` for the first that is not.
  /// - Complexity: one status call a file.
  public func checkCommittedParts(in folders: some Sequence<Path>) throws {
    for period in Set(folders.map { Period(folder: $0) }).sorted() {
      for (folder, parts) in try stored.list(period).partitions.sorted(by: { $0.key < $1.key }) {
        for part in parts {
          try part.checkSize(at: layout.root.appending(folder).appending(part.name))
        }
      }
    }
  }

  /// Checks that no partition which the manifest does not have has files: whose they are nobody knows,
  /// and the commit would take their place.
  ///
  /// - Throws: `DatasetError.changedFromOutside` for the first file.
  /// - Complexity: one status call a folder, where there is none.
  public func checkUncommittedParts(in folders: some Sequence<Path>) throws {
    for folder in folders where try committedParts(in: folder)?.isEmpty == true {
      let path = layout.root.appending(folder)
      guard try FileSystem.isThere(path) else { continue }
      for entry in try OpenFolder(path).entries()
      where PartName(Path(bytes: entry.name).description) != nil {
        throw DatasetError.changedFromOutside(path.appending(entry.name), "was not committed")
      }
    }
  }

  // MARK: Ending

  /// The commit that makes the dataset what was said; the manifest comes last.
  public consuming func finish() throws -> (commit: Commit, manifest: Manifest) {
    for (period, list) in lists.sorted(by: { $0.key < $1.key }) {
      let old = try stored.list(period)
      if list == old { continue }
      manifest.totals.replace(old.totals, with: list.totals)
      if list.isEmpty {
        remove(.partitions(period))
      } else {
        try put(list.text().span, as: .partitions(period))
      }
    }
    for path in replaced?.manifest.files.keys.sorted() ?? []
    where manifest.files[path] == nil {
      commit.remove(path)
    }
    let manifest = manifest
    if manifest != stored.manifest || replaced != nil || !commit.isEmpty {
      let json = manifest.json()
      let hash = FileHash(of: json.span)
      let file = DatasetFile.manifest
      if try !hash.isHash(ofFileAt: layout[file]) {
        try commit.stage(json.span, hash, as: file.path)
      }
    }
    return (commit, manifest)
  }
}

extension OutputPart {
  /// Checks that the file is there in its size.
  fileprivate func checkSize(at path: Path) throws {
    let status: FileStatus
    do throws(FileError) {
      status = try FileSystem.status(path)
    } catch {
      guard error.isNotFound else { throw error }
      throw DatasetError.changedFromOutside(path, "is gone")
    }
    if let problem = problem(ofSize: status.byteCount) {
      throw DatasetError.changedFromOutside(path, problem)
    }
  }
}
