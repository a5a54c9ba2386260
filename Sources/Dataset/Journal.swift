package import Bytes

/// One change that turns the committed state into the next; paths are relative to the dataset.
package enum JournalStep: Equatable {
  /// Gives a staged file its name, in place of the file that has it.
  case rename(from: Path, to: Path)
  /// Lets a staged folder and a partition's folder change places: several files switch at once.
  /// The inode is that of the staged folder, which tells afterwards whether it has happened.
  case exchange(from: Path, to: Path, inode: UInt64)
  /// Removes a file, and its folders up to the dataset if they are then empty.
  case remove(Path)

  package var json: [UInt8] {
    var line = JSONObjectWriter()
    switch self {
    case .rename(let from, let to):
      line.add("do", "rename")
      line.add("from", bytes: from.bytes)
      line.add("to", bytes: to.bytes)
    case .exchange(let from, let to, let inode):
      line.add("do", "exchange")
      line.add("from", bytes: from.bytes)
      line.add("to", bytes: to.bytes)
      line.add("inode", String(inode))
    case .remove(let path):
      line.add("do", "remove")
      line.add("path", bytes: path.bytes)
    }
    return line.finish()
  }

  package init?(json: Span<UInt8>) {
    guard let line = try? JSONObject(json) else { return nil }
    let from = line.bytes("from").map { Path(bytes: $0) }
    let to = line.bytes("to").map { Path(bytes: $0) }
    switch (line.string("do"), from, to) {
    case ("rename"?, let from?, let to?): self = .rename(from: from, to: to)
    case ("exchange"?, let from?, let to?):
      guard let inode = line.string("inode").flatMap({ UInt64($0) }) else { return nil }
      self = .exchange(from: from, to: to, inode: inode)
    case ("remove"?, _, _):
      guard let path = line.bytes("path") else { return nil }
      self = .remove(Path(bytes: path))
    default: return nil
    }
  }
}

/// The list of changes that a commit consists of, written to disk before the first of them.
///
/// A journal is there whole or not at all. While it is there, its steps can be repeated any number
/// of times with the same end: a run that dies in the middle is finished by the next.
package struct Journal {
  package var steps: [JournalStep] = []

  package init() {}

  /// Reads the journal of a run that died, if there is one.
  package init?(_ layout: DatasetLayout) throws {
    guard try FileSystem.isThere(layout.journal) else { return nil }
    let bytes = try FileSystem.contents(of: layout.journal)
    var start = 0
    while start < bytes.count {
      let end = ByteSearch.first(0x0A, in: bytes.span, from: start)
      guard let step = JournalStep(json: bytes.span.extracting(start..<end)) else {
        throw DatasetError.damaged(layout.journal, "the line at byte \(start)")
      }
      steps.append(step)
      start = end + 1
    }
  }

  /// Puts the journal on disk: from here on the commit will happen.
  package func write(_ layout: DatasetLayout) throws {
    var output = ByteBuffer(capacity: steps.count * 200 + 64)
    for step in steps {
      output.append(step.json)
      output.append(0x0A)
    }
    try FileSystem.writeAtomically(output.bytes, to: layout.journal)
  }

  /// Checks that every step stays within one file system.
  ///
  /// - Throws: `DatasetError.otherFileSystem`.
  func checkMounts(_ layout: DatasetLayout) throws {
    var check = try MountCheck(layout)
    for step in steps {
      switch step {
      case .rename(_, let to): try check.check(to.parent)
      case .exchange(_, let to, _): try check.check(to)
      case .remove: break
      }
    }
  }

  /// Makes the folders that files are going to be renamed into, or none of them.
  ///
  /// Done before the journal is written: a disk that is full then still leaves the dataset as it is,
  /// and the steps themselves need no space.
  package func makeFolders(_ layout: DatasetLayout) throws {
    var targets: Set<Path> = []
    for case .rename(_, let to) in steps { targets.insert(to.parent) }
    do {
      for target in targets { try FileSystem.createFolders(layout.root.appending(target)) }
    } catch {
      for target in targets { try? removeEmptyFolders(from: target, layout) }
      throw error
    }
  }

  /// Takes all steps that were not taken before.
  package func apply(_ layout: DatasetLayout) throws {
    for step in steps {
      switch step {
      case .rename(let from, let to):
        let (from, to) = (layout.root.appending(from), layout.root.appending(to))
        guard try FileSystem.isThere(from) else { continue }
        do throws(FileError) {
          try FileSystem.rename(from, to: to)
        } catch {
          // Somebody has removed the folder since it was made.
          guard error.isNotFound else { throw error }
          try FileSystem.createFolders(to.parent)
          try FileSystem.rename(from, to: to)
        }
      case .exchange(let from, let to, let inode):
        try exchange(layout.root.appending(from), layout.root.appending(to), inode)
      case .remove(let path):
        try FileSystem.removeFile(layout.root.appending(path))
        try removeEmptyFolders(from: path.parent, layout)
      }
    }
  }

  private func exchange(_ from: Path, _ to: Path, _ inode: UInt64) throws {
    guard try FileSystem.isThere(from), try FileSystem.status(from).inode == inode else { return }
    do throws(FileError) {
      try FileSystem.exchange(from, to)
    } catch {
      guard error.isUnsupported else { throw error }
      // Without the call the files switch one after the other; the old folder's extra files go.
      let new = try OpenFolder(from).entries().map(\.name)
      for name in new { try FileSystem.rename(from.appending(name), to: to.appending(name)) }
      for entry in try OpenFolder(to).entries()
      where !new.contains(entry.name) && entry.name.starts(with: "part-".utf8) {
        try FileSystem.removeFile(to.appending(entry.name))
      }
    }
  }

  private func removeEmptyFolders(from path: Path, _ layout: DatasetLayout) throws {
    var path = path
    while path.bytes.contains(0x2F) {
      let folder = layout.root.appending(path)
      guard try FileSystem.isThere(folder) else {
        path = path.parent
        continue
      }
      guard try FileSystem.removeEmptyFolder(folder) else { return }
      path = path.parent
    }
  }
}
