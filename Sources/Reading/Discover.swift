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
/// Links to folders are followed after everything else has been listed, so that a file is known by
/// its real path where it has one below the inputs.
///
/// - Throws: When an input is not there or cannot be opened.
/// - Complexity: O(files · log files); one status call a file, none with a path walked again.
public func discover(_ inputs: [InputRoot], families: Set<Family>) throws(FileError) -> Discovery {
  var walk = Walk(families: families)
  for input in inputs { try walk.visit(input) }
  walk.followLinks()
  walk.discovery.list.sortForReading()
  return walk.discovery
}

private struct Walk {
  /// What makes two paths the same file.
  struct FileID: Hashable {
    var device: UInt64
    var inode: UInt64

    init(_ status: FileStatus) {
      device = status.device
      inode = status.inode
    }
  }

  /// A link whose target is looked at after all real files are known.
  struct Link {
    var folder: FileList.Folder
    var name: [UInt8]
    var isHidden: Bool
  }

  let families: Set<Family>
  var discovery = Discovery()
  var seenFiles: Set<FileID> = []
  var seenFolders: Set<FileID> = []
  var links: [Link] = []

  mutating func visit(_ input: InputRoot) throws(FileError) {
    let status = try FileSystem.status(input.path)
    guard status.kind == .folder else {
      let parent = FileList.Folder(path: input.path.parent, source: input.sourcePrefix)
      addNamed(input.path.lastComponent, in: parent, status)
      return
    }
    _ = try OpenFolder(input.path)
    visit(FileList.Folder(path: input.path, source: input.sourcePrefix), isHidden: false)
  }

  private mutating func visit(_ folder: FileList.Folder, isHidden: Bool) {
    do {
      try list(folder, isHidden: isHidden)
    } catch {
      discovery.failures.append(ReadFailure(folder.source, offset: nil, error.description))
    }
  }

  private mutating func list(_ folder: FileList.Folder, isHidden: Bool) throws(FileError) {
    let open = try OpenFolder(folder.path)
    guard seenFolders.insert(FileID(try open.status())).inserted else { return }
    let entries = try open.entries().sorted {
      $0.name.span.compare(to: $1.name.span) < 0
    }
    let segments = folder.path.bytes.split(separator: 0x2F)
    let folderFacts = InputLayouts.facts(folder: segments)
    var number: UInt32?
    var folders: [(name: [UInt8], isHidden: Bool)] = []
    for entry in entries {
      let hidden = isHidden || entry.name.first == 0x2E
      switch entry.kind {
      case .folder?: folders.append((entry.name, hidden))
      case .link?: links.append(Link(folder: folder, name: entry.name, isHidden: hidden))
      case .other?: break
      case .file?, nil:
        let status: FileStatus
        do {
          status = try open.status(of: entry.name, followLinks: false)
        } catch {
          let source = folder.source.appending(entry.name)
          discovery.failures.append(ReadFailure(source, offset: nil, error.description))
          continue
        }
        switch status.kind {
        case .folder: folders.append((entry.name, hidden))
        case .link: links.append(Link(folder: folder, name: entry.name, isHidden: hidden))
        case .other: break
        case .file:
          add(entry.name, in: folder, &number, folderFacts, status, isHidden: hidden)
        }
      }
    }
    for (name, hidden) in folders {
      visit(
        FileList.Folder(
          path: folder.path.appending(name), source: folder.source.appending(name)),
        isHidden: hidden)
    }
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

  mutating func followLinks() {
    // Following a link can find further links: the list grows while it is walked.
    var next = 0
    while next < links.count {
      let link = links[next]
      next += 1
      let path = link.folder.path.appending(link.name)
      let status: FileStatus
      do {
        status = try FileSystem.status(path)
      } catch {
        if error.isNotFound || error.isLinkLoop {
          skip("dangling link")
        } else {
          let source = link.folder.source.appending(link.name)
          discovery.failures.append(ReadFailure(source, offset: nil, error.description))
        }
        continue
      }
      switch status.kind {
      case .folder:
        visit(
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
