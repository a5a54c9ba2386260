import Bytes
import TestSupport

/// A file system in memory that knows of each change from when on the disk is sure to have it.
///
/// It promises no more than POSIX does, and a renamed name is there whole or not at all:
///
/// - A sync of a file covers what was written to it, and not its name.
/// - A sync of a folder covers the names in it; a rename from one folder to another needs both.
/// - A sync of the file system covers everything before it.
/// - Of all else, any part may be on the disk, in any order.
struct DiskModel {
  /// A file or a folder, whatever its names.
  typealias Node = Int

  /// What a change does to a disk, whatever else is on it.
  enum Effect {
    /// Names in folders lead to these nodes from now on, all at once; nil to nothing.
    case names([Name: Node?])
    case write(Node, offset: Int, bytes: [UInt8])
    case empty(Node)
  }

  struct Name: Hashable {
    var folder: Node
    var name: String
  }

  struct Change {
    /// For messages.
    let text: String
    /// What happened before it, changes and syncs: its place in time.
    let time: Int
    let effect: Effect
    /// The place in time of the sync that covers it; nil without one.
    fileprivate(set) var syncTime: Int?
    /// The folders whose sync is still missing.
    fileprivate var unsynced: Set<Node>
  }

  static let root: Node = 0

  private(set) var changes: [Change] = []
  /// How many changes and syncs there were.
  private(set) var time = 0
  /// What each file held at the beginning; folders have none.
  private(set) var initialBytes: [Node: [UInt8]] = [:]
  /// The names at the beginning.
  private(set) var initialNames: [Name: Node] = [:]

  /// The names now.
  private var names: [Name: Node] = [:]
  private(set) var folders: Set<Node> = [DiskModel.root]
  private var nodeCount = 1
  /// The nodes of the files that the process has opened, by inode.
  private var open: [Int: Node] = [:]

  /// A disk that holds these files, and these folders beside those of the files.
  init(_ files: [TreeFile] = [], folders: Set<String> = []) {
    for folder in folders { _ = makeFolders(folder.split(separator: "/")) }
    for file in files {
      let parts = file.path.split(separator: "/")
      let node = makeNode(isFolder: false)
      let folder = makeFolders(parts.dropLast())
      initialNames[Name(folder: folder, name: String(parts[parts.count - 1]))] = node
      initialBytes[node] = file.bytes
    }
    names = initialNames
  }

  private mutating func makeFolders(_ parts: some Sequence<Substring>) -> Node {
    var folder = DiskModel.root
    for part in parts {
      let name = Name(folder: folder, name: String(part))
      let node = initialNames[name] ?? makeNode(isFolder: true)
      initialNames[name] = node
      folder = node
    }
    return folder
  }

  private mutating func makeNode(isFolder: Bool) -> Node {
    defer { nodeCount += 1 }
    if isFolder { folders.insert(nodeCount) }
    return nodeCount
  }

  // MARK: What a process does

  /// Takes over what a process did to `folder`, which is this disk; what it did elsewhere counts as
  /// nothing.
  mutating func apply(_ record: [RecordedChange], in folder: Path) {
    open = [:]
    for recorded in record {
      apply(recorded, in: folder)
      time += 1
    }
  }

  private mutating func apply(_ recorded: RecordedChange, in folder: Path) {
    let name = name(recorded.path, in: folder)
    let other = recorded.other.flatMap { self.name($0, in: folder) }
    let node = name.flatMap { names[$0] }
    switch recorded.kind {
    case .create, .empty:
      open[recorded.file] = nil
      guard let name else { return }
      let file = node ?? makeNode(isFolder: false)
      open[recorded.file] = file
      if node == nil {
        note(recorded, .names([name: file]))
      } else if recorded.kind == .empty {
        note(recorded, .empty(file))
      }
    case .write:
      guard let file = open[recorded.file] else { return }
      note(recorded, .write(file, offset: recorded.offset, bytes: recorded.bytes))
    case .makeFolder:
      if let name { note(recorded, .names([name: makeNode(isFolder: true)])) }
    case .rename:
      if let name, let other { note(recorded, .names([name: nil, other: node])) }
    case .exchange:
      if let name, let other { note(recorded, .names([name: names[other], other: node])) }
    case .link:
      if let other { note(recorded, .names([other: node])) }
    case .remove, .removeFolder:
      if let name { note(recorded, .names([name: nil])) }
    case .syncFile:
      guard let file = open[recorded.file] else { return }
      sync { change in
        switch change.effect {
        case .write(file, _, _), .empty(file): true
        default: false
        }
      }
    case .syncFolder:
      guard let synced = recorded.path == folder ? DiskModel.root : node else { return }
      sync { change in
        guard case .names = change.effect else { return false }
        change.unsynced.remove(synced)
        return change.unsynced.isEmpty
      }
    case .syncFileSystem: sync { _ in true }
    }
  }

  /// The name at the end of a path; nil for one outside.
  private func name(_ path: Path, in folder: Path) -> Name? {
    guard path != folder, path.isAt(orBelow: folder) else { return nil }
    let parts = path.bytes.dropFirst(folder.bytes.count).split(separator: ASCII.slash)
      .map { Path(bytes: Array($0)).description }
    var node = DiskModel.root
    for part in parts.dropLast() {
      guard let next = names[Name(folder: node, name: part)] else { return nil }
      node = next
    }
    return Name(folder: node, name: parts[parts.count - 1])
  }

  private mutating func note(_ recorded: RecordedChange, _ effect: Effect) {
    var unsynced: Set<Node> = []
    if case .names(let new) = effect {
      for (name, node) in new { names[name] = node }
      unsynced = Set(new.keys.map(\.folder))
    }
    let text = "\(recorded.kind) \(recorded.path) \(recorded.other?.description ?? "")"
    changes.append(Change(text: text, time: time, effect: effect, unsynced: unsynced))
  }

  /// `covers`: whether the sync covers a change that no other has covered.
  private mutating func sync(covers: (inout Change) -> Bool) {
    for number in changes.indices where changes[number].syncTime == nil {
      if covers(&changes[number]) { changes[number].syncTime = time }
    }
  }
}
