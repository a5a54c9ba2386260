public import Bytes
import CloudTrail

/// Gathers what a run has staged and switches the dataset over to it in one journalled step.
///
/// At every instant a reader sees each partition whole, old or new.
public struct Commit {
  private let layout: DatasetLayout
  private let data: JournalSteps
  private var own: [JournalStep] = []
  /// For files of our own.
  let names: StagingNames

  public init(_ layout: DatasetLayout) {
    self.layout = layout
    names = StagingNames(layout)
    data = JournalSteps(spillingTo: layout.staging.appending("steps"))
  }

  /// Whether anything would change.
  public var isEmpty: Bool { data.isEmpty && own.isEmpty }

  /// Switches a partition over to its staged files.
  ///
  /// `folder`: The partition's folder, relative to the dataset.
  /// `new`: Its staged files; nil if the partition has no records any more.
  /// `old`: The files it has now; empty for a new partition.
  /// `present`: The names of staged files that it has now, byte for byte: those it keeps.
  ///
  /// - Returns: The bytes that are new in the dataset.
  @discardableResult
  public mutating func replace(
    _ folder: Path, with new: StagedParts?, old: [OutputPart], present: Set<String> = []
  ) throws(FileError) -> Int {
    let oldNames = old.map(\.name)
    let newParts = new?.parts ?? []
    if present.count == newParts.count && oldNames == newParts.map(\.name) { return 0 }
    if let new, new.isElsewhere {
      for part in newParts where !present.contains(part.name) {
        let target = folder.appending(part.name)
        let staged = DatasetLayout.staged(target, part.hash)
        try data.append(.put(target, from: staged, part.fileHash))
      }
    } else if let new, let first = newParts.first {
      let isOneFile = newParts.count == 1 && (oldNames.isEmpty || oldNames == [first.name])
      if isOneFile {
        try put(first, from: new.path, in: folder)
      } else {
        try switchFolder(folder, to: new, present)
      }
    }
    // The first file goes last, so that a reader never sees a partition without its beginning.
    let kept = Set(newParts.map(\.name))
    for name in oldNames.reversed() where !kept.contains(name) {
      try data.append(.remove(folder.appending(name)))
    }
    return newParts.reduce(0) { $0 + (present.contains($1.name) ? 0 : $1.byteCount) }
  }

  private mutating func switchFolder(
    _ folder: Path, to new: StagedParts, _ present: Set<String>
  ) throws(FileError) {
    if new.parts.count == 1 { try FileSystem.putIntoFolder(new.path, as: new.parts[0].name) }
    for name in present {
      // Where there are no hard links the staged copy takes the file's place.
      try? FileSystem.link(
        new.path.appending(name), to: layout.root.appending(folder).appending(name))
    }
    try data.append(.switchFolder(folder, with: layout.relative(new.path)))
    for part in new.parts { try put(part, from: new.path.appending(part.name), in: folder) }
  }

  private func put(
    _ part: OutputPart, from staged: Path, in folder: Path
  ) throws(FileError) {
    try data.append(
      .put(folder.appending(part.name), from: layout.relative(staged), part.fileHash))
  }

  /// Writes a file of our own to the staging area, to be put in place with the rest.
  ///
  /// `path`: Relative to the dataset.
  mutating func stage(
    _ bytes: Span<UInt8>, _ hash: FileHash, as path: Path
  ) throws(FileError) {
    let staged = try names.next()
    try OpenFile(staged, .writing).write(bytes)
    place(staged, hash, as: path)
  }

  /// The staged file that will take a place; nil if the file there stays.
  ///
  /// `path`: Relative to the dataset.
  func staged(for path: Path) -> Path? {
    for case .put(path, let staged, _) in own { return layout.root.appending(staged) }
    return nil
  }

  /// Takes back what was said of a file of our own.
  ///
  /// `path`: Relative to the dataset.
  mutating func takeBack(_ path: Path) { own.removeAll { $0.target == path } }

  /// Puts an already staged file of our own in place with the rest.
  mutating func place(_ staged: Path, _ hash: FileHash, as path: Path) {
    own.append(.put(path, from: layout.relative(staged), hash))
  }

  /// Removes a file of our own with the rest.
  mutating func remove(_ path: Path) {
    own.append(.remove(path))
  }

  /// Makes everything staged durable, writes the journal, and switches over; the manifest last.
  ///
  /// `syncs`: whether to wait for the disk; without it a power cut can lose the run.
  public consuming func run(syncs: Bool) throws {
    guard !isEmpty else { return try FileSystem.removeTree(layout.staging) }
    for step in own { try data.append(step) }
    let journal = Journal(data)
    let folder = try OpenFile(layout.root)
    try journal.checkFolders(layout)
    try journal.makeFolders(layout)
    if syncs { try folder.syncFileSystem() }
    try journal.write(layout)
    let began = try? FileSystem.status(layout.journal).changed
    do {
      try journal.apply(layout)
      if syncs { try folder.syncFileSystem() }
      try Commit.removeJournal(layout)
      try FileSystem.removeTree(layout.staging)
    } catch {
      throw DatasetError.unfinished(layout.root, String(describing: error))
    }
    if let began { LastCommit.note(layout, began: began) }
  }

  /// Makes everything staged durable and writes the journal, and leaves the rest to the next run: files
  /// that come from elsewhere are to be staged before it.
  ///
  /// `syncs`: As for `run`.
  public consuming func prepare(syncs: Bool) throws {
    guard !isEmpty else { return try FileSystem.removeTree(layout.staging) }
    for step in own { try data.append(step) }
    let journal = Journal(data)
    try journal.checkFolders(layout)
    if syncs { try OpenFile(layout.root).syncFileSystem() }
    try journal.write(layout)
  }

  /// Brings a dataset that a run left in the middle into the state before or after that run, and
  /// removes what such a run left.
  ///
  /// - Throws: `DatasetError` when the commit cannot be finished, nothing is changed then; `FileError`
  ///   when the dataset cannot be written to.
  public static func recover(_ layout: DatasetLayout) throws {
    if let journal = try Journal(layout) {
      let folder = try OpenFile(layout.root)
      // Of a run that was killed, and of a copy, the disk may not have the journal and the staged
      // bytes yet. It has to have them before the first rename.
      try folder.syncFileSystem()
      try journal.replay(layout)
      try folder.syncFileSystem()
      try removeJournal(layout)
    }
    try removeLeftovers(layout)
  }

  /// Forgets a commit that a run began, whatever is left of it, for a dataset that is made again.
  public static func abandon(_ layout: DatasetLayout) throws(FileError) {
    try removeJournal(layout)
    try removeLeftovers(layout)
  }

  private static func removeJournal(_ layout: DatasetLayout) throws(FileError) {
    try FileSystem.removeFile(layout.journal)
    try OpenFolder(layout.own).sync()
  }

  private static func removeLeftovers(_ layout: DatasetLayout) throws(FileError) {
    try FileSystem.removeTree(layout.staging)
    try FileSystem.removeTree(layout.temporary)
    for file in [DatasetFile.journal, .pendingReport, .lastCommit] {
      try FileSystem.removeFile(Path(bytes: layout[file].bytes + Array(".tmp".utf8)))
    }
  }
}
