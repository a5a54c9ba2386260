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
  /// The period that is being changed.
  private var open: (period: Period, list: PartitionList)?
  /// The periods that were changed.
  private var changed: Set<Period> = []
  /// The lists that changed.
  private var stagedLists: [Period: Path] = [:]
  /// Accounts whose newest event has left.
  private var leftAccounts: Set<String> = []
  /// What stays unless it changes.
  let stored: StoredDataset
  /// What goes unless it is put again.
  private let replaced: StoredDataset?

  var layout: DatasetLayout { stored.layout }

  /// - Parameters:
  ///   - stored: What the dataset holds and keeps.
  ///   - replaced: What a rebuilt dataset held before. Nothing of it is believed but the
  ///     bytes of its files.
  public init(_ stored: StoredDataset, replacing replaced: StoredDataset? = nil) {
    self.stored = stored
    self.replaced = replaced
    manifest = stored.manifest
    commit = Commit(stored.layout)
  }

  /// Whether no file would change but the manifest.
  public var isEmpty: Bool { commit.isEmpty && open == nil }

  /// Changes what the manifest says of the whole dataset.
  public mutating func describe(_ change: (inout Manifest) throws -> Void) rethrows {
    try change(&manifest)
  }

  // MARK: Files that describe the rest

  /// Names in the staging area for files of our own.
  public var names: StagingNames { commit.names }

  /// A name in the staging area for a file of our own.
  public func stagedFile() throws(FileError) -> Path { try names.next() }

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

  /// Names in the staging area for what `IndexUpdate` writes.
  public func stagedIndex() throws(FileError) -> IndexUpdate.Files {
    IndexUpdate.Files(index: try stagedFile(), identities: try stagedFile())
  }

  /// Gives an event day its index, and its column of identities.
  public mutating func put(
    _ staged: IndexUpdate.Files, _ hashes: IndexUpdate.Hashes, of day: EventDay
  ) throws {
    try put(staged.index, hashes.index, as: .index(day))
    try put(staged.identities, hashes.identities, as: .identities(day))
  }

  /// Gives an event day its index and its column again, whatever their files hold now.
  public mutating func overwrite(
    _ staged: IndexUpdate.Files, _ hashes: IndexUpdate.Hashes, of day: EventDay
  ) {
    overwrite(staged.index, hashes.index, as: .index(day))
    overwrite(staged.identities, hashes.identities, as: .identities(day))
  }

  /// Gives a damaged file of the tree the bytes of a staged file.
  ///
  /// `hash`: Of the staged file.
  public mutating func overwrite(_ staged: Path, _ hash: FileHash, as file: DatasetFile) {
    manifest.files[file.path] = hash
    commit.place(staged, hash, as: file.path)
  }

  /// Removes the index of an event day.
  public mutating func removeIndex(of day: EventDay) {
    remove(.index(day))
    remove(.identities(day))
  }

  /// Where the bytes are that a file of the tree will have.
  func path(of file: DatasetFile) -> Path { commit.staged(for: file.path) ?? layout[file] }

  /// Takes back what was said of a file of the tree, which is to be said again.
  mutating func takeBack(_ file: DatasetFile) {
    commit.takeBack(file.path)
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
    guard (try? path.checkIsFile()) != nil else { return nil }
    let target = DatasetFile.Folder.damaged.appending(
      Path(bytes: Array(file.path.bytes.dropFirst(DatasetLayout.ownFolder.bytes.count + 1))))
    let staged = try stagedFile()
    let copy = try HashedFile(staged)
    try copy.append(fileAt: path)
    commit.place(staged, try copy.finish(), as: target)
    return target
  }

  // MARK: Cells and partitions

  // One period is changed after the other, so that the list of one alone is in memory.

  /// Takes over partitions that are there, as they are.
  public mutating func adopt(_ list: PartitionList, of period: Period) throws {
    try begin(period)
    open?.list = list
  }

  /// Notes what a cell will hold; nil for nothing.
  public mutating func set(_ cell: Cell, _ summary: CellSummary?) throws {
    try begin(Period(cell.day))
    open?.list.cells[cell] = summary
  }

  /// Makes a period the one that is changed; what is changed stays if it is that already.
  private mutating func begin(_ period: Period) throws {
    if open?.period == period { return }
    try close()
    precondition(changed.insert(period).inserted, "a period is changed in one go")
    open = (period, try stored.list(period))
  }

  /// Stages the list of the period that was changed.
  private mutating func close() throws {
    guard let (period, list) = open else { return }
    open = nil
    let old = try stored.list(period)
    if list == old { return }
    manifest.totals.replace(old.totals, with: list.totals)
    leftAccounts.formUnion(
      manifest.newest.replace(NewestEvents(old.cells), with: NewestEvents(list.cells)))
    if list.isEmpty { return remove(.partitions(period)) }
    let text = list.text()
    let (staged, hash) = (try stagedFile(), FileHash(of: text.span))
    try OpenFile(staged, .writing).write(text.span)
    try put(staged, hash, as: .partitions(period))
    stagedLists[period] = staged
  }

  /// Finds the newest events of accounts whose newest has left.
  ///
  /// - Complexity: reads the lists of days from the newest on, until all accounts have one.
  private mutating func findNewest() throws {
    for account in leftAccounts { manifest.newest.remove(account) }
    var wanted = leftAccounts
    let days = manifest.files { file in
      if case .partitions(let period) = file { period.day } else { nil }
    }
    for day in days.reversed() where !wanted.isEmpty {
      let period = Period(day)
      var list = try stored.list(period)
      if let path = stagedLists[period] {
        list = try PartitionList(FileSystem.contents(of: path), path: path)
      }
      for (account, time) in NewestEvents(list.cells).times
      where wanted.remove(account) != nil {
        manifest.newest.note(time, of: account)
      }
    }
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
    try begin(Period(folder: folder))
    let old = try open?.list.partitions[folder] ?? replaced?.parts(in: folder) ?? []
    open?.list.partitions[folder] = files?.parts
    if files == nil && old.isEmpty { return 0 }
    return try commit.replace(folder, with: files, old: old, present: present)
  }

  // MARK: Ending

  /// The commit that makes the dataset what was said; the manifest comes last.
  public consuming func finish() throws -> (commit: Commit, manifest: Manifest) {
    try close()
    try findNewest()
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
