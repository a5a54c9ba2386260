public import Bytes
public import CloudTrail

/// What was found below the inputs.
public struct Discovery: Sendable {
  /// The files to be read, or read before, in reading order.
  public var list = FileList()
  /// What is not read, by the name of why: files, links that are not followed, and folders of
  /// datasets.
  public var skipped: [String: Int] = [:]
  /// Folders that could not be listed and files that could not be looked at.
  public var failures: [ReadFailure] = []

  /// All regular files found, whatever became of them.
  public var foundCount: Int {
    list.files.count + skipped.values.reduce(0, +) + failures.count
  }
}

/// Finds every regular file below the inputs and says what it is.
///
/// Every path is a file of its own: of hard links each is read, like copies. Links are followed, but
/// not to what is found without them, nor in a circle. The job's dataset and the tool's own folders
/// are left out, however they are reached. Folders are listed by several threads at once, since on
/// network file systems every call waits for the wire.
///
/// - Parameters:
///   - inputs: Apart from one another.
///   - families: Log files of other families are skipped by name.
///   - dataset: The job's dataset; it need not be there.
///   - mapping: Lists folders.
///   - log: Hears what is not read, and why.
/// - Returns: The files in reading order, and what became of the others.
/// - Throws: `FileError` when an input is not there or cannot be opened; `Stopped` when a signal asks
///   to stop.
/// - Complexity: O(files · log files); one status call a file, none with a path walked again.
public func discover(
  _ inputs: [InputRoot], families: Set<Family>, dataset: Path? = nil,
  mapping: some ParallelMapping = SequentialMapping(), log: DetailLog = .off
) throws -> Discovery {
  let limits = try WalkLimits(inputs, dataset: dataset)
  var walk = Walk(families: families, limits: limits, mapping: mapping, log: log)
  for input in inputs { try walk.visit(input) }
  try walk.discovery.list.sortForReading()
  return walk.discovery
}

/// Goes through folders in byte order of their names, files before folders, whoever lists them.
private struct Walk<Mapping: ParallelMapping> {
  /// A folder still to be gone through.
  struct Pending {
    var folder: FileList.Folder
    /// Where it is, its links resolved.
    var place: Path
    var isHidden = false
    /// Where the links are that led here, their own links resolved.
    var links: [Path] = []
    /// Nil until it has been listed.
    var listing: Result<FolderListing, FileError>?
  }

  let families: Set<Family>
  let limits: WalkLimits
  let mapping: Mapping
  let log: DetailLog
  var discovery = Discovery()
  /// How many segments the path of the input has that is gone through.
  private var inputDepth = 0
  /// The next folder comes last.
  private var pending: [Pending] = []
  /// Entries of pending folders that are listed already.
  private var waitingEntryCount = 0

  /// How often a place was reached by a link that was itself found by one.
  private var nestedLinkCounts: [Path: Int] = [:]

  /// How often one place is reached that way.
  ///
  /// Its files are known by then, and a few folders that link to one another have more paths than any
  /// walk can take.
  private static var nestedLinkLimit: Int { 40 }

  /// How many folders are listed at once, unless so many entries are waiting.
  private static var folderLimit: Int { 64 }
  private static var waitingEntryLimit: Int { 100_000 }

  init(families: Set<Family>, limits: WalkLimits, mapping: Mapping, log: DetailLog) {
    self.families = families
    self.limits = limits
    self.mapping = mapping
    self.log = log
  }

  mutating func visit(_ input: InputRoot) throws {
    let status = try FileSystem.status(input.path)
    if let reason = limits.reasonToLeaveOut(input.path) { return skip(reason, input.source) }
    guard status.kind == .folder else {
      return addNamed(input.path.lastComponent, in: input.folder, status)
    }
    _ = try OpenFolder(input.path)
    inputDepth = input.path.bytes.split(separator: 0x2F).count
    pending = [
      Pending(
        folder: FileList.Folder(path: input.path, source: input.source), place: input.path)
    ]
    try visitPending()
  }

  private mutating func visitPending() throws {
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
        take(listing, of: next)
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

  /// Counts what is not read under the name of why.
  private mutating func skip(_ reason: String, _ source: @autoclosure () -> Path) {
    discovery.skipped[reason, default: 0] += 1
    log.note("skipped \(printable(source())): \(reason)")
  }

  private mutating func skip(_ reason: String, _ name: [UInt8], in folder: FileList.Folder) {
    skip(reason, folder.source.appending(name))
  }
}

// MARK: - Folders

extension Walk {
  /// Takes the files of a folder; its folders come next.
  private mutating func take(_ listing: FolderListing, of parent: Pending) {
    let folder = parent.folder
    if limits.isOfDataset(listing) { return skip(WalkLimits.datasetName, folder.source) }
    let facts = TrailFolder(
      folder.path.bytes.split(separator: UInt8(ascii: "/")), inputDepth: inputDepth)
    var number: UInt32?
    var folders: [Pending] = []
    for (name, entry) in listing.entries {
      let isHidden = parent.isHidden || name.first == 0x2E
      switch entry {
      case .file(let status): add(name, in: folder, &number, facts, status, isHidden: isHidden)
      case .folder:
        var next = child(of: parent, name, place: parent.place.appending(name))
        next.isHidden = isHidden
        folders.append(next)
      case .link where isHidden: skip("hidden", name, in: folder)
      case .link:
        switch follow(name, in: parent) {
        case .file(let status): add(name, in: folder, &number, facts, status, isHidden: false)
        case .folder(let next): folders.append(next)
        case nil: break
        }
      case .other: break
      case .unreadable(let error): note(error, folder.source.appending(name))
      }
    }
    for next in folders.reversed() { enter(next) }
  }

  private func child(of parent: Pending, _ name: [UInt8], place: Path) -> Pending {
    Pending(
      folder: FileList.Folder(
        path: parent.folder.path.appending(name), source: parent.folder.source.appending(name)),
      place: place, links: parent.links)
  }

  private mutating func enter(_ next: Pending) {
    if let reason = limits.reasonToLeaveOut(next.place) {
      return skip(reason, next.folder.source)
    }
    if !next.links.isEmpty && limits.isInput(next.place) {
      return skip(WalkLimits.linkName, next.folder.source)
    }
    pending.append(next)
  }

  private enum Target {
    case file(FileStatus)
    case folder(Pending)
  }

  /// Counts a link to `place`; false if there were enough.
  private mutating func countNested(_ place: Path, in parent: Pending) -> Bool {
    if parent.links.isEmpty { return true }
    nestedLinkCounts[place, default: 0] += 1
    return nestedLinkCounts[place, default: 0] <= Walk.nestedLinkLimit
  }

  /// Where a link leads, if there is anything to read by it.
  private mutating func follow(_ name: [UInt8], in parent: Pending) -> Target? {
    let path = parent.folder.path.appending(name)
    let status: FileStatus
    let place: Path
    do throws(FileError) {
      status = try FileSystem.status(path)
      place = try FileSystem.resolved(path)
    } catch {
      if error.isNotFound || error.isLinkLoop {
        skip(WalkLimits.linkName, name, in: parent.folder)
      } else {
        note(error, parent.folder.source.appending(name))
      }
      return nil
    }
    let links = parent.links + [parent.place]
    guard limits.isNew(place, by: links), countNested(place, in: parent) else {
      skip(WalkLimits.linkName, name, in: parent.folder)
      return nil
    }
    switch status.kind {
    case .file: return .file(status)
    case .folder:
      var next = child(of: parent, name, place: place)
      next.links = links
      return .folder(next)
    case .link, .other: return nil
    }
  }
}

// MARK: - Files

extension Walk {
  /// Takes a file that a folder's listing showed.
  private mutating func add(
    _ name: [UInt8], in folder: FileList.Folder, _ number: inout UInt32?,
    _ folderFacts: TrailFolder?, _ status: FileStatus, isHidden: Bool
  ) {
    if isHidden { return skip("hidden", name, in: folder) }
    let facts = PathFacts(folder: folderFacts, fileName: name[...])
    switch facts.kind {
    case .skipped(let reason): return skip(reason, name, in: folder)
    case .log(let family) where !families.contains(family):
      return skip(family.folderName, name, in: folder)
    case .log, .loose: break
    case .unnamed:
      if let family = folderFacts?.service.family, !families.contains(family) {
        return skip(family.folderName, name, in: folder)
      }
      if EventHistoryCSV.isOne(folder.path.appending(name)) {
        return skip(EventHistoryCSV.name, name, in: folder)
      }
    }
    let folderNumber = number ?? discovery.list.add(folder)
    number = folderNumber
    discovery.list.add(name: name, folder: folderNumber, facts: facts, status: status)
  }

  /// Takes a file that the user named: it is read whatever its name.
  private mutating func addNamed(
    _ name: [UInt8], in folder: FileList.Folder, _ status: FileStatus
  ) {
    if EventHistoryCSV.isOne(folder.path.appending(name)) {
      return skip(EventHistoryCSV.name, name, in: folder)
    }
    var facts = PathFacts(ofFileAt: folder.path.appending(name))
    switch facts.kind {
    case .log, .loose: break
    case .unnamed: facts.kind = .loose
    case .skipped: facts = PathFacts(.loose)
    }
    let number = discovery.list.add(folder)
    discovery.list.add(name: name, folder: number, facts: facts, status: status)
  }
}
