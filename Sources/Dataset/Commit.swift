public import Bytes
import CloudTrail

/// Gathers what a run has staged and switches the dataset over to it in one journalled step.
///
/// At every instant a reader sees each partition whole, old or new.
public struct Commit {
  private let layout: DatasetLayout
  private var data = Journal()
  private var own = Journal()
  private var nextFile = 0

  public init(_ layout: DatasetLayout) {
    self.layout = layout
  }

  /// Whether anything would change.
  public var isEmpty: Bool { data.steps.isEmpty && own.steps.isEmpty }

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
    guard let new, let first = new.parts.first else {
      // The first file goes last, so that a reader never sees a partition without its beginning.
      for name in oldNames.reversed() { data.steps.append(.remove(folder.appending(name))) }
      return 0
    }
    if present.count == new.parts.count && oldNames == new.parts.map(\.name) { return 0 }
    let isThere = try FileSystem.isThere(layout.root.appending(folder))
    if new.parts.count == 1 && (!isThere || oldNames.isEmpty || oldNames == [first.name]) {
      data.steps.append(.rename(from: layout.relative(new.path), to: folder.appending(first.name)))
    } else if !isThere {
      // A folder that is not there, or not any more, comes with all its files at once.
      data.steps.append(.rename(from: layout.relative(new.path), to: folder))
    } else {
      if new.parts.count == 1 { try FileSystem.putIntoFolder(new.path, as: first.name) }
      for name in present {
        // Where there are no hard links the staged copy takes the file's place.
        try? FileSystem.link(
          new.path.appending(name), to: layout.root.appending(folder).appending(name))
      }
      try exchange(folder, new.path, oldNames)
    }
    return new.parts.reduce(0) { $0 + (present.contains($1.name) ? 0 : $1.byteCount) }
  }

  private mutating func exchange(
    _ folder: Path, _ staged: Path, _ oldNames: [String]
  ) throws(FileError) {
    let from = layout.relative(staged)
    // What a person put into the folder stays: it moves over before the folders change places.
    let strays = try OpenFolder(layout.root.appending(folder)).entries()
      .filter { !oldNames.contains(Path(bytes: $0.name).description) }
    for stray in strays {
      data.steps.append(
        .rename(from: folder.appending(stray.name), to: from.appending(stray.name)))
    }
    let inode = try FileSystem.status(staged).inode
    data.steps.append(.exchange(from: from, to: folder, inode: inode))
  }

  /// Writes a file of our own to the staging area, to be put in place with the rest; leaves it
  /// alone if it holds these bytes already.
  public mutating func stage(_ bytes: Span<UInt8>, as path: Path) throws(FileError) {
    let staged = try stagedFile()
    if try Commit.write(bytes, to: staged, unlessIn: path) { place(staged, as: path) }
  }

  /// Writes a staged file unless the one whose place it is to take holds these bytes already.
  ///
  /// - Returns: Whether it was written.
  public static func write(
    _ bytes: Span<UInt8>, to staged: Path, unlessIn path: Path
  ) throws(FileError) -> Bool {
    if try FileSystem.isThere(path) {
      let present = try FileSystem.contents(of: path)
      if present.span.isEqual(to: bytes) { return false }
    }
    try OpenFile(staged, .writing).write(bytes)
    return true
  }

  /// Puts an already staged file of our own in place with the rest.
  public mutating func place(_ staged: Path, as path: Path) {
    own.steps.append(.rename(from: layout.relative(staged), to: layout.relative(path)))
  }

  /// The same, unless the file that is there holds the same bytes.
  public mutating func place(_ staged: Path, unlessIn path: Path) throws(FileError) {
    if try !FileSystem.haveSameBytes(staged, path) { place(staged, as: path) }
  }

  /// Removes a file of our own with the rest.
  public mutating func remove(_ path: Path) {
    own.steps.append(.remove(layout.relative(path)))
  }

  /// A name in the staging area for a file of our own.
  public mutating func stagedFile() throws(FileError) -> Path {
    if nextFile == 0 { try FileSystem.createFolders(layout.staging) }
    nextFile += 1
    return layout.staging.appending("own-\(nextFile)")
  }

  /// Makes everything staged durable, writes the journal, and switches over; the manifest last.
  ///
  /// `syncs`: whether to wait for the disk; without it a power cut can lose the run.
  public consuming func run(syncs: Bool) throws {
    guard !isEmpty else { return try FileSystem.removeTree(layout.staging) }
    var journal = Journal()
    journal.steps = data.steps + own.steps
    let folder = try OpenFile(layout.root)
    try journal.checkMounts(layout)
    try journal.makeFolders(layout)
    if syncs { try folder.syncFileSystem() }
    try journal.write(layout)
    do {
      try journal.apply(layout)
      if syncs { try folder.syncFileSystem() }
      try FileSystem.removeFile(layout.journal)
      try FileSystem.removeTree(layout.staging)
    } catch {
      throw DatasetError.unfinished(layout.root, String(describing: error))
    }
  }

  /// Brings a dataset that a run left in the middle into the state before or after that run, and
  /// removes what such a run left behind.
  ///
  /// - Returns: Whether a commit was finished.
  /// - Throws: Also when the dataset cannot be written to.
  @discardableResult
  public static func recover(_ layout: DatasetLayout) throws -> Bool {
    let journal = try Journal(layout)
    if let journal {
      try journal.apply(layout)
      try OpenFile(layout.root).syncFileSystem()
      try FileSystem.removeFile(layout.journal)
    }
    try FileSystem.removeTree(layout.staging)
    try FileSystem.removeTree(layout.temporary)
    try FileSystem.removeFile(Path(bytes: layout.journal.bytes + Array(".tmp".utf8)))
    return journal != nil
  }
}
