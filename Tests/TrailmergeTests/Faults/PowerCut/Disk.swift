import Bytes
import TestSupport

/// The moment of a power cut, and what the disk did with the changes before it that no sync covers.
struct PowerCut {
  enum Fate: Hashable {
    case missing
    /// The file has its length, and no bytes of the write.
    case zeros
    /// The file has only that many bytes of the write.
    case cut(Int)
  }

  /// How many changes and syncs were done.
  var time: Int
  /// By number of the change; those that are not here came to the disk.
  var fates: [Int: Fate] = [:]
}

/// What a disk holds after a power cut: for each file, by its path, the writes that made it.
struct Disk: Hashable {
  /// A write, by number of its change, or what a file held at the beginning.
  struct Piece: Hashable {
    /// Nil for the beginning.
    var change: Int?
    var fate: PowerCut.Fate?
  }

  struct File: Hashable {
    var node: DiskModel.Node
    var pieces: [Piece]
  }

  var files: [String: File] = [:]
  var folders: Set<String> = []
}

extension DiskModel {
  /// The changes before `time`: the disk may have any part of each.
  func unsynced(at time: Int) -> [Int] {
    changes.indices.filter { number in
      changes[number].time < time && (changes[number].syncTime ?? .max) >= time
    }
  }

  /// What the first changes leave.
  struct Beginning {
    fileprivate var names: [Name: Node]
    fileprivate var pieces: [Node: [Disk.Piece]]
    /// How many changes they are.
    fileprivate var count = 0

    fileprivate init(_ model: DiskModel) {
      names = model.initialNames
      pieces = model.initialBytes.mapValues { _ in [Disk.Piece(change: nil, fate: nil)] }
    }

    fileprivate mutating func add(_ change: Change, _ fate: PowerCut.Fate?) {
      defer { count += 1 }
      if fate == .missing { return }
      switch change.effect {
      case .names(let new): for (name, node) in new { names[name] = node }
      case .empty(let node): pieces[node] = nil
      case .write(let node, _, _):
        pieces[node, default: []].append(Disk.Piece(change: count, fate: fate))
      }
    }
  }

  /// The changes that every disk has after a power cut at `time`, up to the first that it may lack.
  func sureBeginning(at time: Int) -> Beginning {
    let end = unsynced(at: time).first ?? changes.count
    var beginning = Beginning(self)
    for change in changes[..<end] where change.time < time { beginning.add(change, nil) }
    return beginning
  }

  /// The disk after a power cut.
  ///
  /// `beginning`: that of its time, made once for many power cuts.
  func disk(after cut: PowerCut, from beginning: Beginning? = nil) -> Disk {
    var disk = Disk()
    var all = beginning ?? Beginning(self)
    while all.count < changes.count, changes[all.count].time < cut.time {
      all.add(changes[all.count], cut.fates[all.count])
    }
    let (names, pieces) = (all.names, all.pieces)
    let folders = Dictionary(grouping: names) { $0.key.folder }
    func collect(_ folder: Node, _ prefix: String) {
      for (name, node) in folders[folder] ?? [] {
        let path = prefix + name.name
        if self.folders.contains(node) {
          disk.folders.insert(path)
          collect(node, path + "/")
        } else {
          disk.files[path] = Disk.File(node: node, pieces: pieces[node] ?? [])
        }
      }
    }
    collect(DiskModel.root, "")
    return disk
  }

  /// The files of a disk by path.
  func files(of disk: Disk) -> [TreeFile] {
    disk.files.sorted { $0.key < $1.key }.map { path, file in
      TreeFile(path: path, bytes: bytes(of: file))
    }
  }

  private func bytes(of file: Disk.File) -> [UInt8] {
    var bytes: [UInt8] = []
    for piece in file.pieces {
      guard let change = piece.change else {
        bytes = initialBytes[file.node] ?? []
        continue
      }
      guard case .write(_, let offset, var new) = changes[change].effect else { continue }
      switch piece.fate {
      case .zeros?: new = [UInt8](repeating: 0, count: new.count)
      case .cut(let count)?: new.removeLast(max(0, new.count - count))
      default: break
      }
      let end = offset + new.count
      if bytes.count < end { bytes += [UInt8](repeating: 0, count: end - bytes.count) }
      bytes.replaceSubrange(offset..<end, with: new)
    }
    return bytes
  }

  /// Makes a folder what a disk holds.
  func write(_ disk: Disk, to folder: Path) throws {
    try FileSystem.removeTree(folder)
    try FileSystem.createFolders(folder)
    for path in disk.folders.sorted() { try FileSystem.createFolders(folder.appending(path)) }
    for file in files(of: disk) {
      try OpenFile(folder.appending(file.path), .creating).write(file.bytes.span)
    }
  }
}
