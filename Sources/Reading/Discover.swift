public import Bytes
public import CloudTrail

/// What was found below the inputs.
public struct Discovery: Sendable {
  /// The files to be read, or read before, in reading order.
  public var list = FileList()
  /// Files that are not read, by the name of why.
  public var skipped: [String: Int] = [:]
  /// Folders that could not be listed and files that could not be looked at.
  public var failures: [ReadFailure] = []

  /// All regular files found, whatever became of them.
  public var foundCount: Int {
    list.files.count + skipped.values.reduce(0, +) + failures.count
  }
}

/// One input of a job.
public struct InputRoot: Sendable {
  /// Where it is, its links resolved.
  public var path: Path
  /// What stands before the path of each of its files in reports; empty for a job's only input.
  public var sourcePrefix: Path

  public init(path: Path, sourcePrefix: Path) {
    self.path = path
    self.sourcePrefix = sourcePrefix
  }

  /// What reports and the dataset call the file at `path`: its path relative to the input.
  ///
  /// - Parameter path: Absolute, its links resolved.
  /// - Returns: Nil if the file is not at or below this input.
  public func source(of path: Path) -> Path? {
    if path == self.path { return sourcePrefix.appending(path.lastComponent) }
    let root = self.path.bytes.last == 0x2F ? self.path.bytes : self.path.bytes + [0x2F]
    guard path.bytes.starts(with: root) else { return nil }
    return sourcePrefix.appending(Array(path.bytes[root.count...]))
  }
}

/// Finds every regular file below the inputs, once each, and says what it is.
///
/// Folders are listed by several threads at once, since on network file systems every call waits for
/// the wire. Links to folders are followed after everything else has been listed, so that a file is
/// known by its real path where it has one below the inputs.
///
/// - Throws: `FileError` when an input is not there or cannot be opened; `Stopped` when a signal asks
///   to stop.
/// - Complexity: O(files · log files); one status call a file, none with a path walked again.
public func discover(
  _ inputs: [InputRoot], families: Set<Family>,
  mapping: some ParallelMapping = SequentialMapping()
) throws -> Discovery {
  var walk = Walk(families: families, mapping: mapping)
  for input in inputs { try walk.visit(input) }
  try walk.followLinks()
  try walk.discovery.list.sortForReading()
  return walk.discovery
}

/// Goes through folders in byte order of their names, files before folders, whoever lists them.
private struct Walk<Mapping: ParallelMapping> {
  /// A folder still to be gone through.
  struct Pending {
    var folder: FileList.Folder
    var isHidden: Bool
    /// Nil until it has been listed.
    var listing: Result<FolderListing, FileError>?
  }

  /// A link whose target is looked at after all real files are known.
  struct Link {
    var folder: FileList.Folder
    var name: [UInt8]
    var isHidden: Bool
  }

  let families: Set<Family>
  let mapping: Mapping
  var discovery = Discovery()
  private var seenFiles: Set<FileID> = []
  private var seenFolders: Set<FileID> = []
  private var links: [Link] = []
  /// The next folder comes last.
  private var pending: [Pending] = []
  /// Entries of pending folders that are listed already.
  private var waitingEntryCount = 0

  /// How many folders are listed at once, unless so many entries are waiting.
  private static var folderLimit: Int { 64 }
  private static var waitingEntryLimit: Int { 100_000 }

  init(families: Set<Family>, mapping: Mapping) {
    self.families = families
    self.mapping = mapping
  }

  mutating func visit(_ input: InputRoot) throws {
    let status = try FileSystem.status(input.path)
    guard status.kind == .folder else {
      let parent = FileList.Folder(path: input.path.parent, source: input.sourcePrefix)
      addNamed(input.path.lastComponent, in: parent, status)
      return
    }
    _ = try OpenFolder(input.path)
    try visit(FileList.Folder(path: input.path, source: input.sourcePrefix), isHidden: false)
  }

  /// Goes through a folder and all below it.
  private mutating func visit(_ folder: FileList.Folder, isHidden: Bool) throws {
    pending.append(Pending(folder: folder, isHidden: isHidden))
    while let next = pending.last {
      try StopSignal.check()
      guard let listing = next.listing else {
        try listAhead()
        continue
      }
      pending.removeLast()
      switch listing {
      case .success(let listing):
        waitingEntryCount -= listing.entries.count
        take(listing, of: next.folder, isHidden: next.isHidden)
      case .failure(let error):
        if error.isOpenFileLimit { throw error }
        note(error, next.folder.source)
      }
    }
  }

  /// Lists the folders that come next, and those after them that are known.
  private mutating func listAhead() throws {
    let limit = waitingEntryCount < Walk.waitingEntryLimit ? Walk.folderLimit : 1
    var places: [Int] = []
    for place in pending.indices.reversed() where pending[place].listing == nil {
      places.append(place)
      if places.count == limit { break }
    }
    let listings = try mapping.map(places.map { pending[$0].folder.path }) { path in
      Result<FolderListing, FileError> { () throws(FileError) in try FolderListing(of: path) }
    }
    for (place, listing) in zip(places, listings) {
      pending[place].listing = listing
      if case .success(let listing) = listing { waitingEntryCount += listing.entries.count }
    }
  }

  private mutating func note(_ error: FileError, _ source: Path) {
    discovery.failures.append(ReadFailure(source, offset: nil, error.description))
  }

  /// Takes the files of a folder; its folders come next.
  private mutating func take(
    _ listing: FolderListing, of folder: FileList.Folder, isHidden: Bool
  ) {
    guard seenFolders.insert(listing.id).inserted else { return }
    let facts = InputLayouts.facts(folder: folder.path.bytes.split(separator: 0x2F))
    var number: UInt32?
    var folders: [Pending] = []
    for (name, entry) in listing.entries {
      let hidden = isHidden || name.first == 0x2E
      switch entry {
      case .file(let status): add(name, in: folder, &number, facts, status, isHidden: hidden)
      case .folder:
        folders.append(
          Pending(
            folder: FileList.Folder(
              path: folder.path.appending(name), source: folder.source.appending(name)),
            isHidden: hidden))
      case .link: links.append(Link(folder: folder, name: name, isHidden: hidden))
      case .other: break
      case .unreadable(let error): note(error, folder.source.appending(name))
      }
    }
    pending += folders.reversed()
  }

  /// Takes a file that a folder's listing showed.
  private mutating func add(
    _ name: [UInt8], in folder: FileList.Folder, _ number: inout UInt32?,
    _ folderFacts: PathFacts?, _ status: FileStatus, isHidden: Bool
  ) {
    guard seenFiles.insert(FileID(status)).inserted else { return skip("same file") }
    if isHidden { return skip("hidden") }
    let facts = InputLayouts.facts(folder: folderFacts, fileName: name[...])
    if case .skipped(let reason) = facts.kind { return skip(reason) }
    guard FileType.isJSON(name) else {
      let isHistory = EventHistoryCSV.isOne(folder.path.appending(name))
      return skip(isHistory ? EventHistoryCSV.name : "other file type")
    }
    if case .log(let family) = facts.kind, !families.contains(family) {
      return skip(family.folderName)
    }
    let folderNumber = number ?? discovery.list.add(folder)
    number = folderNumber
    discovery.list.add(name: name, folder: folderNumber, facts: facts, status: status)
  }

  /// Takes a file that the user named: it is read whatever its name.
  private mutating func addNamed(
    _ name: [UInt8], in folder: FileList.Folder, _ status: FileStatus
  ) {
    guard seenFiles.insert(FileID(status)).inserted else { return skip("same file") }
    if EventHistoryCSV.isOne(folder.path.appending(name)) { return skip(EventHistoryCSV.name) }
    let segments = folder.path.bytes.split(separator: 0x2F)
    var facts = PathFacts(.loose)
    for known in [InputLayouts.facts(folder: segments), InputLayouts.facts(fileName: name[...])] {
      guard let known, case .log = known.kind else { continue }
      facts = facts.kind == .loose ? known : facts.completed(by: known)
    }
    let number = discovery.list.add(folder)
    discovery.list.add(name: name, folder: number, facts: facts, status: status)
  }

  mutating func followLinks() throws {
    // Following a link can find further links: the list grows while it is walked.
    var next = 0
    while next < links.count {
      let link = links[next]
      next += 1
      let path = link.folder.path.appending(link.name)
      let status: FileStatus
      do throws(FileError) {
        status = try FileSystem.status(path)
      } catch {
        if error.isNotFound || error.isLinkLoop {
          skip("dangling link")
        } else {
          note(error, link.folder.source.appending(link.name))
        }
        continue
      }
      switch status.kind {
      case .folder:
        try visit(
          FileList.Folder(path: path, source: link.folder.source.appending(link.name)),
          isHidden: link.isHidden)
      case .file:
        var number: UInt32?
        let facts = InputLayouts.facts(folder: link.folder.path.bytes.split(separator: 0x2F))
        add(link.name, in: link.folder, &number, facts, status, isHidden: link.isHidden)
      case .link, .other: break
      }
    }
  }

  private mutating func skip(_ name: String) {
    discovery.skipped[name, default: 0] += 1
  }
}

/// Which names can hold JSON.
enum FileType {
  private static let endings = [".json", ".ndjson", ".jsonl"].flatMap { ending in
    [Array(ending.utf8), Array((ending + ".gz").utf8)]
  }

  static func isJSON(_ name: [UInt8]) -> Bool {
    endings.contains { name.count > $0.count && name.suffix($0.count).elementsEqual($0) }
  }
}

extension Family {
  /// The name of this family's folders.
  public var folderName: String {
    switch self {
    case .events: "CloudTrail"
    case .insight: "CloudTrail-Insight"
    case .networkActivity: "CloudTrail-NetworkActivity"
    case .aggregated: "CloudTrail-Aggregated"
    }
  }
}
