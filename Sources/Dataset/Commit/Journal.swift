import Bytes

/// The list of changes that a commit consists of, written to disk before the first of them.
///
/// The file has one JSON object a line: the version and the number of steps, the steps, and the
/// SHA-256 of all that is before. A journal is there whole or not at all. While it is there, its
/// steps can be repeated any number of times with the same end, on any file system and in any place:
/// a run that dies in the middle is finished by the next.
package struct Journal {
  package let steps: JournalSteps

  package init(_ steps: JournalSteps) {
    self.steps = steps
  }

  package init(_ steps: [JournalStep]) {
    self.init(JournalSteps(steps))
  }

  /// Reads the journal of a run that died, if there is one.
  ///
  /// - Throws: `DatasetError.damaged` for anything that no run wrote; `otherVersion`.
  /// - Complexity: O(bytes) in time, one line in memory.
  package init?(_ layout: DatasetLayout) throws {
    guard try FileSystem.isThere(layout.journal) else { return nil }
    try layout.journal.checkIsOurFile()
    let file = try OpenFile(layout.journal)
    let check = try JournalCheck(file, layout.journal)
    steps = JournalSteps(consume file, check.lines, count: check.count)
  }

  /// The version of the format of the journal.
  static let version = 3

  /// Puts the journal on disk: from here on the commit will happen.
  package func write(_ layout: DatasetLayout) throws {
    let temporary = Path(bytes: layout.journal.bytes + Array(".tmp".utf8))
    // A run that was killed may have left one.
    try FileSystem.removeFile(temporary)
    do {
      let file = try HashedFile(temporary, .creating)
      file.output.append(head)
      try steps.forEachPiece { piece in
        file.output.append(piece)
        try file.writeIfFull()
      }
      try file.finish(sealing: { Journal.seal($0) })
      try FileSystem.rename(temporary, to: layout.journal)
    } catch {
      try? FileSystem.removeFile(temporary)
      throw error
    }
    try OpenFolder(layout.own).sync()
  }

  /// The first line.
  private var head: [UInt8] {
    var head = JSONObjectWriter()
    head.add("journal", Journal.version)
    head.add("steps", steps.count)
    return head.finish() + [ASCII.lineFeed]
  }

  /// The last line: the hash of all that is before.
  private static func seal(_ hash: SHA256Digest) -> [UInt8] {
    var seal = JSONObjectWriter()
    seal.add("sha256", hash.hex)
    return seal.finish() + [ASCII.lineFeed]
  }

  /// Checks that every step can be taken: within one file system, and through no link.
  ///
  /// - Throws: `DatasetError.otherFileSystem` or `link`.
  package func checkFolders(_ layout: DatasetLayout) throws {
    var check = try FolderCheck(layout)
    try steps.forEachFolder { try check.check($0[0].step.folder) }
  }

  /// Makes the folders that files are going to be renamed into, or none of them.
  ///
  /// Done before the journal is written: a disk that is full then still leaves the dataset as it is,
  /// and the steps themselves need no space.
  package func makeFolders(_ layout: DatasetLayout) throws {
    do {
      try forEachTarget { try FileSystem.createFolders(layout.root.appending($0)) }
    } catch {
      try? forEachTarget { try? layout.removeEmptyFolders(from: $0) }
      throw error
    }
  }

  /// Passes the folders that must be there before files are renamed.
  private func forEachTarget(_ body: (Path) throws -> Void) throws {
    try steps.forEachFolder { group in
      // A folder that comes as a whole has no place that is made before it.
      if case .switchFolder(let target, _) = group[0].step {
        try body(target.parent)
      } else if group.contains(where: { $0.step.staged != nil }) {
        try body(group[0].step.folder)
      }
    }
  }
}

/// Reads a journal from its beginning to its end, and finds out whether it is one.
private struct JournalCheck {
  /// Where the lines of the steps are.
  private(set) var lines = 0..<0
  private(set) var count = 0
  private let path: Path
  private var announced: Int?
  private var hasher = SHA256Hasher()

  /// - Throws: `DatasetError.damaged` or `otherVersion`.
  init(_ file: borrowing OpenFile, _ path: Path) throws {
    self.path = path
    var buffer = ByteBuffer(capacity: 64 << 10)
    /// The line before, which is the seal if none follows, and where it begins.
    var last: (start: Int, line: [UInt8])?
    var position = 0
    while try file.read(64 << 10, into: &buffer) > 0 {
      var start = 0
      while true {
        let end = ByteSearch.first(ASCII.lineFeed, in: buffer.bytes, from: start)
        if end == buffer.count { break }
        if let last { try take(last.line, at: last.start) }
        last = (position + start, buffer.bytes.extracting(start..<end).copied())
        start = end + 1
      }
      buffer.removeFirst(start)
      position += start
    }
    guard buffer.isEmpty, let seal = last, announced != nil else {
      throw DatasetError.damaged(path, "cut off after \(position + buffer.count) bytes")
    }
    guard (try? JSONObject(seal.line.span))?.string("sha256") == hasher.finish().hex else {
      throw DatasetError.damaged(path, "its checksum is not right")
    }
    guard announced == count else { throw DatasetError.damaged(path, "lines are missing") }
    lines = lines.lowerBound..<seal.start
  }

  private mutating func take(_ line: [UInt8], at start: Int) throws {
    hasher.update(line.span)
    hasher.update([ASCII.lineFeed].span)
    guard announced != nil else {
      let head = try? JSONObject(line.span)
      guard let version = head?.integer("journal") else {
        throw DatasetError.damaged(
          path, "its first line is none of this version: did an older one write it?")
      }
      guard version == Journal.version else { throw DatasetError.otherVersion(path, version) }
      announced = head?.integer("steps") ?? -1
      lines = (start + line.count + 1)..<(start + line.count + 1)
      return
    }
    guard let step = JournalStep(json: line.span), step.isInside else {
      throw DatasetError.damaged(
        path, "the line at byte \(start) is no change inside the dataset")
    }
    count += 1
  }
}
