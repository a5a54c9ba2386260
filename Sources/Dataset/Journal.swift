import Bytes

/// The list of changes that a commit consists of, written to disk before the first of them.
///
/// The file has one JSON object a line: the version and the number of steps, the steps, and the
/// SHA-256 of all that is before. A journal is there whole or not at all. While it is there, its
/// steps can be repeated any number of times with the same end, on any file system and in any place:
/// a run that dies in the middle is finished by the next.
package struct Journal: Equatable {
  package var steps: [JournalStep] = []

  package init() {}

  package init(_ steps: [JournalStep]) {
    self.steps = steps
  }

  /// Reads the journal of a run that died, if there is one.
  ///
  /// - Throws: `DatasetError.damaged` for anything that no run wrote; `otherVersion`.
  package init?(_ layout: DatasetLayout) throws {
    guard try FileSystem.isThere(layout.journal) else { return nil }
    let bytes = try FileSystem.contents(of: layout.journal)
    var lines = bytes.split(separator: ASCII.lineFeed, omittingEmptySubsequences: false)
    guard lines.count >= 3, lines.removeLast().isEmpty, let seal = lines.popLast() else {
      throw DatasetError.damaged(layout.journal, "cut off after \(bytes.count) bytes")
    }
    let head = try? JSONObject(Array(lines[0]).span)
    guard let version = head?.integer("journal") else {
      throw DatasetError.damaged(
        layout.journal, "its first line is none of this version: did an older one write it?")
    }
    guard version == Journal.version else {
      throw DatasetError.otherVersion(layout.journal, version)
    }
    let sealed = bytes.count - seal.count - 1
    guard
      (try? JSONObject(Array(seal).span))?.string("sha256")
        == SHA256Digest(of: bytes.span.extracting(0..<sealed)).hex
    else { throw DatasetError.damaged(layout.journal, "its checksum is not right") }
    for line in lines.dropFirst() {
      guard let step = JournalStep(json: Array(line).span), step.isInside else {
        throw DatasetError.damaged(
          layout.journal, "the line at byte \(line.startIndex) is no change inside the dataset")
      }
      steps.append(step)
    }
    guard head?.integer("steps") == steps.count else {
      throw DatasetError.damaged(layout.journal, "lines are missing")
    }
  }

  /// The version of the format of the journal.
  private static let version = 3

  /// Puts the journal on disk: from here on the commit will happen.
  package func write(_ layout: DatasetLayout) throws {
    try FileSystem.writeAtomically(text.span, to: layout.journal)
    try OpenFolder(layout.own).sync()
  }

  private var text: [UInt8] {
    var output = ByteBuffer(capacity: steps.count * 300 + 256)
    var head = JSONObjectWriter()
    head.add("journal", Journal.version)
    head.add("steps", steps.count)
    output.append(head.finish())
    output.append(ASCII.lineFeed)
    for step in steps {
      output.append(step.json)
      output.append(ASCII.lineFeed)
    }
    var seal = JSONObjectWriter()
    seal.add("sha256", SHA256Digest(of: output.bytes).hex)
    output.append(seal.finish())
    output.append(ASCII.lineFeed)
    return output.bytes.copied()
  }

  /// Checks that every step can be taken: within one file system, and through no link.
  ///
  /// - Throws: `DatasetError.otherFileSystem` or `link`.
  package func checkFolders(_ layout: DatasetLayout) throws {
    var check = try FolderCheck(layout)
    for step in steps {
      switch step {
      case .put(let target, _, _), .remove(let target): try check.check(target.parent)
      case .switchFolder(let target, _): try check.check(target)
      }
    }
  }

  /// Makes the folders that files are going to be renamed into, or none of them.
  ///
  /// Done before the journal is written: a disk that is full then still leaves the dataset as it is,
  /// and the steps themselves need no space.
  package func makeFolders(_ layout: DatasetLayout) throws {
    var targets: Set<Path> = []
    var switched: Set<Path> = []
    for step in steps {
      switch step {
      case .put(let target, _, _): targets.insert(target.parent)
      case .switchFolder(let target, _):
        switched.insert(target)
        targets.insert(target.parent)
      case .remove: break
      }
    }
    // A folder that comes as a whole has no place that is made before it.
    targets.subtract(switched)
    do {
      for target in targets { try FileSystem.createFolders(layout.root.appending(target)) }
    } catch {
      for target in targets { try? layout.removeEmptyFolders(from: target) }
      throw error
    }
  }
}
